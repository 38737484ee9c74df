/* odm_criteria: criteria strings made of any values, quoted. */
#include <odmx.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "storage/error.h"

static void append_quoted(struct text *text, const char *value)
{
	text_append_char(text, '\'');
	for (size_t length; *value != '\0'; value += length) {
		length = strcspn(value, "'");
		text_append_bytes(text, value, length);
		if (value[length] == '\'') {
			text_append(text, "''");
			length++;
		}
	}
	text_append_char(text, '\'');
}

LIBODM_API char *odm_criteria(const char *format, ...)
{
	struct text text = {0};
	va_list arguments;

	va_start(arguments, format);
	while (*format != '\0') {
		size_t length = strcspn(format, "%");
		text_append_bytes(&text, format, length);
		format += length;
		if (format[0] == '%' && format[1] == 's') {
			append_quoted(&text, va_arg(arguments, const char *));
			format += 2;
		} else if (format[0] == '%' && format[1] == 'd') {
			text_printf(&text, "%d", va_arg(arguments, int));
			format += 2;
		} else if (*format == '%') {
			text_append_char(&text, *format++);
		}
	}
	va_end(arguments);
	return text_take(&text);
}
