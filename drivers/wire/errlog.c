/* Lines of the error log, on standard error; what is said too often is counted instead. */
#include <sys/errids.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/foreign.h"
#include "wire/errlog.h"

/*
 * What is told by the same statement about the same resource. Several devices may fail together, so
 * a few lines may be written at once; then it is one a second, with how many there would have been.
 */
struct cause {
	const char *format; /* NULL: free */
	char label[40], resource[40];
	int64_t second; /* of the last line that came */
	unsigned allowed; /* lines, now */
	unsigned more; /* came since the last line that was written */
};
#define CAUSES 64
#define AT_ONCE 4

/* Guards the causes; held while a line is written. Any other lock may be held by who takes it. */
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct cause causes[CAUSES]; /* under the mutex */

/* One write a line, so that lines of several processes never mix. */
static void write_line(const char *label, const char *resource, unsigned more, const char *format,
	va_list arguments)
{
	char line[512], text[512], count[48] = "";
	struct tm tm;
	time_t now = time(NULL);

	gmtime_r(&now, &tm);
	if (more > 0)
		snprintf(count, sizeof(count), " ... and %u more like it before", more);
	size_t length = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", &tm);
	size_t room = sizeof(line) - strlen(count) - 1;
	length += (size_t)snprintf(line + length, room - length, "%.40s %.40s ", label, resource);
	vsnprintf(text, sizeof(text), format, arguments);
	/* Whoever looks at the log by cat(1) sees what others' words are made of. */
	foreign_copy(line + length, room - length, text);
	length += strlen(line + length);
	length += (size_t)snprintf(line + length, sizeof(line) - length, "%s\n", count);
	/* There is nowhere to report a full disk to. */
	if (write(STDERR_FILENO, line, length) < 0)
		return;
}

static void write_text(const struct cause *cause, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void write_text(const struct cause *cause, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(cause->label, cause->resource, 0, format, arguments);
	va_end(arguments);
}

/* Tells what was not written of a cause that is silent now. */
static void flush(struct cause *cause)
{
	if (cause->more > 0)
		write_text(cause, "%u more like the line before", cause->more);
	cause->more = 0;
}

static void flush_until(int64_t second)
{
	for (struct cause *cause = causes; cause < causes + CAUSES; cause++)
		if (cause->second < second)
			flush(cause);
}

static bool is(
	const struct cause *cause, const char *label, const char *resource, const char *format)
{
	return cause->format == format &&
	       strncmp(cause->label, label, sizeof(cause->label) - 1) == 0 &&
	       strncmp(cause->resource, resource, sizeof(cause->resource) - 1) == 0;
}

/* The cause, in the place of the one that was silent longest when it is new. */
static struct cause *find(
	const char *label, const char *resource, const char *format, int64_t second)
{
	struct cause *oldest = causes;

	for (struct cause *cause = causes; cause < causes + CAUSES; cause++) {
		if (is(cause, label, resource, format))
			return cause;
		if (cause->format == NULL || cause->second < oldest->second)
			oldest = cause;
		if (cause->format == NULL)
			break;
	}
	flush(oldest);
	*oldest = (struct cause){.format = format, .second = second, .allowed = AT_ONCE};
	snprintf(oldest->label, sizeof(oldest->label), "%s", label);
	snprintf(oldest->resource, sizeof(oldest->resource), "%s", resource);
	return oldest;
}

/* Whether a line of the cause may be written; each second allows one more. */
static bool may_write(struct cause *cause, int64_t second)
{
	int64_t allowed = cause->allowed + (second - cause->second);

	cause->allowed = allowed < AT_ONCE ? (unsigned)allowed : AT_ONCE;
	cause->second = second;
	if (cause->allowed == 0) {
		cause->more++;
		return false;
	}
	cause->allowed--;
	return true;
}

void error_log(const char *label, const char *resource, const char *format, ...)
{
	int64_t second = clock_nanoseconds() / CLOCK_SECOND;
	va_list arguments;

	pthread_mutex_lock(&log_mutex);
	flush_until(second - 1);
	struct cause *cause = find(label, resource, format, second);
	if (may_write(cause, second)) {
		va_start(arguments, format);
		write_line(label, resource, cause->more, format, arguments);
		va_end(arguments);
		cause->more = 0;
	}
	pthread_mutex_unlock(&log_mutex);
}

void error_log_flush(void)
{
	pthread_mutex_lock(&log_mutex);
	flush_until(INT64_MAX);
	pthread_mutex_unlock(&log_mutex);
}
