/* Vital product data as CuVPD has it: records "*KW", a length byte, and the value. */
#pragma once

#include "device.h"

/* Bytes that a value, and CuVPD's vpd without its end, have at most. */
#define VPD_VALUE 250
#define VPD_LENGTH 511

/*
 * Appends a record; an odd value gets a blank, since the length byte counts pairs, the head's two
 * included. False when the keyword is not two characters or the value too long.
 */
bool vpd_append(struct text *text, const char *keyword, const char *value);

/* One record of it. */
struct vpd_record {
	char keyword[3];
	const char *value; /* not terminated */
	int length; /* of the value, bytes */
};

/*
 * The record at *place, which moves behind it: false at the end. What was entered by hand without
 * length bytes is taken up to the next '*'.
 */
bool vpd_next(const char **place, struct vpd_record *record);

/* What is in front of the first record: the product's own name, "" for none. To be freed. */
char *vpd_heading(const char *vpd);

/* What a keyword means, "Serial Number"; NULL for one that has no name. */
const char *vpd_label(const char *keyword);

/*
 * Stores what the hardware says in CuVPD, when that differs; nothing for NULL. In a transaction of
 * the caller's. 0 or -1.
 */
int vpd_store(const char *device, const char *vpd);
