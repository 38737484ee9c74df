/* A device and its type, as methods need them together. */
#pragma once

#include "cfgmethods/cfg_private.h"
#include "cfgmethods/method.h"

struct device {
	struct CuDv cudv;
	struct PdDv pddv; /* its strings are the device's; device_release frees them */
};
void device_release(struct device *device);

/* Finds a device and its type: E_OK, E_NOCuDv, E_NOPdDv or E_ODMGET, with the reason. */
int device_find(const char *name, struct device *device, struct method_output *output);

/* The first child that is Available or Stopped: 1 with its name, 0, -1. */
int device_active_child(const char *name, char child[16]);

/* Whether a device can have the name. */
#define NOT_IN_NAMES "/=:,'\"*?["
bool device_name_valid(const char *name);
#define DEVICE_NAME_RULE "1 to 15 printable characters, none of / = : , * ? [ or a quote"

/*
 * Whether a text can be a connection, a location, or one of the names that a type is made of: not
 * empty, and of such characters only.
 */
bool device_word_valid(const char *word);
#define DEVICE_WORD_RULE "printable characters of ASCII, no blank, quote or backslash among them"

/* "Defined", "Available" or "Stopped". */
const char *device_status_name(int status);

/* Writes the device's state: E_OK or E_ODMUPDATE. */
int device_set_status(const char *name, int status, int chgstatus, struct method_output *output);
