/* A private root for one test: repository, device types and machine.cfg as odmcfg init makes them.
 */
#pragma once

#include "cfgmethods/device.h"
#include "cfgmethods/method.h"

/* Makes the root and begins to use it; the fake host is empty. root_remove at the end. */
void root_make(void);
void root_remove(void);

/* Writes a file below the root. */
void root_write(const char *name, const char *content);

/* Whether a file is below the root. */
bool root_has(const char *name);

/* Runs a method by its name with arguments separated by single blanks: its exit code. */
int run(struct method_output *output, const char *method, const char *arguments);

/* The same, where success is expected. */
void run_well(const char *method, const char *arguments);

/* Runs a method that has to fail with this code and this text in its reason. */
void run_refused(int code, const char *text, const char *method, const char *arguments);

/* Configures the machine as cfgmgr does: sys0, vbus0, scsi0, scsi1, tmscsi0, tmscsi1, hdisk0. */
void configure_machine(void);

/* The status of a device, -1 when it does not exist. */
int status_of(const char *device);

/* A device's attribute, in a buffer that the next call overwrites. */
const char *value_of(const char *device, const char *attribute);

/* How many objects of a class match. */
int count_objects(CLASS_SYMBOL symbol, const char *criteria);

/* Adds a stanza. */
void add_stanza(const char *stanza);
