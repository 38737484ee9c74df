#include <sys/errids.h>

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* kexd's stderr is its log. One write a line, so that lines of several threads never mix. */
void error_log(const char *label, const char *resource, const char *format, ...)
{
	char line[512];
	struct tm tm;
	time_t now = time(NULL);
	va_list arguments;

	gmtime_r(&now, &tm);
	size_t length = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", &tm);
	length += (size_t)snprintf(
		line + length, sizeof(line) - length, "%.40s %.40s ", label, resource);
	va_start(arguments, format);
	int text = vsnprintf(line + length, sizeof(line) - length - 1, format, arguments);
	va_end(arguments);
	if (text > 0)
		length += (size_t)text;
	if (length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	line[length++] = '\n';
	/* There is nowhere to report a full disk to. */
	if (write(STDERR_FILENO, line, length) < 0)
		return;
}
