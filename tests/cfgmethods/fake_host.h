/*
 * An extension host for tests, in this process: it counts loads, keeps each device's DDS, and
 * refuses what a test tells it to refuse.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Puts it in libkex's place, with nothing loaded or configured. */
void fake_host_install(void);

/* The next CFG_INITs are refused: `count` of them, after `skip` that are not. */
void fake_host_refuse_init(int skip, int count, const char *reason);

/* The device is open by a process, 0: not open. */
void fake_host_open(const char *device, pid_t opener);

/* As if the host had been killed and started again: it knows no device and has nothing loaded. */
void fake_host_restart(void);

/* As if a command had died between CFG_INIT and its change of the database. */
void fake_host_adopt(dev_t devno, const char *driver, const char *device);

/* As if its process had ended and come back: so many questions for the device are answered with no.
 */
void fake_host_hide(const char *device, int questions);

/* The DDS that the device was last configured with; NULL when it is not configured. */
const void *fake_host_dds(const char *device);

/* How many times an extension is loaded. */
int fake_host_loads(const char *driver);

/* CFG_INITs that succeeded since the installation. */
int fake_host_inits(void);
