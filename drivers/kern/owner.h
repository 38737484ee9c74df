/*
 * Whose code an address is. Read at interrupt level and by the handler of a fatal signal, so
 * nothing here waits.
 */
#pragma once

#include <stdint.h>

/* Enters and removes an extension's segments. Under the configuration mutex. */
void owner_add(const char *name, uintptr_t start, uintptr_t size);
void owner_remove(uintptr_t start);

/* The extension's name, "kexd" for the host itself. *offset, unless NULL: from its start. */
const char *owner_of(uintptr_t address, uintptr_t *offset);

/*
 * Who runs in this thread: the extension whose routine runs at interrupt level, or whose entry
 * point was called.
 */
const char *owner_running(void);
