/*
 * Whose code an address is. Read at interrupt level and by the handler of a fatal signal, so
 * nothing here waits.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Enters and removes an extension's segments. Under the configuration mutex. The removal returns
 * the bytes that the extension has not freed.
 */
void owner_add(const char *name, uintptr_t start, uintptr_t size);
int64_t owner_remove(uintptr_t start);

/* Counts memory of the extension that an address is in: bytes allocated, or negative, freed. */
void owner_account(uintptr_t address, int64_t bytes);

/* Where the extension's segments are that an address is in: false when it is in none. */
bool owner_segments(uintptr_t address, uintptr_t *start, uintptr_t *size);

/* The extension's name, "kexd" for the host itself. *offset, unless NULL: from its start. */
const char *owner_of(uintptr_t address, uintptr_t *offset);

/*
 * Who runs in this thread: the extension whose routine runs at interrupt level, or whose entry
 * point was called.
 */
const char *owner_running(void);
