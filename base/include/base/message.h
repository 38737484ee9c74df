/*
 * What a command says on stderr. For commands and methods only: kexd and its workers have
 * error_log.
 */
#pragma once

#include <stdarg.h>

#include "base/cleanup.h"

/*
 * Prints "COMMAND: text" and a newline on stderr, COMMAND being the name the program was called by
 * or message_set_command's. Every text names the object, the cause and what to do. What is foreign
 * in it (base/foreign.h) comes out escaped.
 */
void message(const char *format, ...) PRINTF_LIKE(1, 2);

/* The same of arguments that the caller has. */
void message_list(const char *format, va_list arguments) PRINTF_LIKE(1, 0);

/* Sets the command's name; `name` must stay valid. The multi-call program does it once. */
void message_set_command(const char *name);

/* The name in use, never NULL. */
const char *message_command(void);
