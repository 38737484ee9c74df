/* The forms in which stored values are written, one file of source each. */
#pragma once

#include "stored.h"

/* Writes text to a file that is made or replaced, to standard output for "-". False with a message.
 */
bool export_write(const char *path, const struct text *text);

/* For odmcfg import: in libconfig's syntax. False with a message. */
bool export_values(const char *path, const struct stored_device *devices, int count);

/* Rules of udev and .link files of systemd in a directory. False with a message. */
bool export_udev(const char *directory, const struct stored_device *devices, int count);

/*
 * Appends what makes a rule of udev match a device of the kernel's, with ", " behind each key, and
 * to `reason` a sentence that says how it is matched. False, with the reason, when no rule can tell
 * it from another.
 */
bool export_udev_match(const struct stored_device *device, struct text *match, struct text *reason);

/* The text of the .link file of an adapter, and of its interface, which follows it or is NULL. */
void export_link(const struct stored_device *adapter, const struct stored_device *interface,
	struct text *text);

/* A list "PATH VALUE" for what the root file system needs. False with a message. */
bool export_boot(const char *path);

/*
 * Why the attribute with that path is no file of the device's own, in words behind its name; NULL
 * when it is one, or a module's parameter.
 */
const char *export_why_not(const struct kernel_device *device, const char *path);

/* A value in a comment: no line end in it leaves it. */
void export_comment(struct text *text, const char *value);
