/* Identifiers of physical volumes: what chdev -a pv=yes makes and pv=clear takes away. */
#pragma once

#include "attribute_changes.h"
#include "change_check.h"

/* The attribute that is only asked with, and the one that has the identifier. */
#define VOLUME_REQUEST "pv"
#define VOLUME_IDENTIFIER "pvid"

/*
 * Puts what the request asks for in its place: pv=yes a new identifier unless the disk has one,
 * pv=clear none, pv=IDENTIFIER that one. E_OK; E_ATTRVAL with the reason when it is none of these,
 * or with CHANGE_DEVICE, which stores nothing; or another code.
 */
int volume_translate(const struct device *device, enum change_reach reach,
	struct attribute_changes *changes, struct method_output *output);

/* Whether nothing but the identifier is changed: no driver has to know it. */
bool volume_only(const struct attribute_changes *changes);

/* The request that gives a device the identifier it has now, to be freed; NULL without memory. */
char *volume_request_now(const char *device);
