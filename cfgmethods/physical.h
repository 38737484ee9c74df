/*
 * Physical location codes, as U78A0.001.DNWHZS4-P1-C4-T1: where a device is in the cabinet. Stored
 * is what the machine says of a device itself; disks and the like have their parent's and their
 * connection behind it.
 */
#pragma once

#include "cfg_private.h"

/* Bytes that a code has with its end, and the attribute of CuAt, which no listing shows. */
#define PHYSICAL_LOCATION 128
#define PHYSICAL_ATTRIBUTE "physloc"

/* Those that are stored, read once for a listing. Zero-initialise; physical_places_release it. */
struct physical_places {
	struct physical_place *list; /* by name */
	int count;
	char parent[16], code[PHYSICAL_LOCATION]; /* found last for a parent */
};
void physical_places_release(struct physical_places *places);

/* 0, or -1 with odmerrno. */
int physical_places_read(struct physical_places *places);

/* The device's code, "" for none, in a room of PHYSICAL_LOCATION bytes. */
void physical_place_find(struct physical_places *places, const struct CuDv *device, char *room);
