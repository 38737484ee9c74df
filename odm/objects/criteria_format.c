/* odm_criteria: criteria strings made of any values, quoted. */
#include <odmx.h>
#include <stdarg.h>

#include "base/text.h"
#include "storage/error.h"

static void append_quoted(struct text *text, const char *value)
{
	text_append_char(text, '\'');
	for (; *value != '\0'; value++) {
		if (*value == '\'')
			text_append_char(text, '\'');
		text_append_char(text, *value);
	}
	text_append_char(text, '\'');
}

LIBODM_API char *odm_criteria(const char *format, ...)
{
	struct text text = {0};
	va_list arguments;

	va_start(arguments, format);
	for (; *format != '\0'; format++) {
		if (format[0] == '%' && format[1] == 's') {
			append_quoted(&text, va_arg(arguments, const char *));
			format++;
		} else if (format[0] == '%' && format[1] == 'd') {
			text_printf(&text, "%d", va_arg(arguments, int));
			format++;
		} else {
			text_append_char(&text, *format);
		}
	}
	va_end(arguments);
	return text_take(&text);
}
