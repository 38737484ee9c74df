/* SDI's tables and their lock. For SDI's files; the worker shares the HBAs' numbers. */
#pragma once

#include <sys/sdi.h>

/*
 * Guards the list of HBAs, the EDT and the owners' lists. Taken at INTTIMER: an event may come at
 * the interrupt priority of any HBA.
 */
extern Simple_lock sdi_lock;
#define SDI_PRIORITY INTTIMER

extern struct sdi_hba *sdi_hbas;
extern struct sdi_edt *sdi_table; /* in the order of addresses */

/* With the lock held: the HBA of a number, NULL for none. */
struct sdi_hba *sdi_find_hba(int number);

/*
 * The HBA numbers in use, shared by all processes of the host: `me` (not 0) in the place of each
 * that is this process's. Before any HBA registers; without it the process is alone.
 */
#define SDI_HBAS 128
void sdi_share_numbers(_Atomic uint8_t table[SDI_HBAS], uint8_t me);

/* Looks for the HBA's devices and enters them: how many were entered. Process environment. */
int sdi_scan(struct sdi_hba *hba);
