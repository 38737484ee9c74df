/* Where events of this machine's devices come from: udev's daemon or the kernel, and links. */
#pragma once

#include <stdbool.h>

struct udev;
struct udev_monitor;

struct event {
	const char
		*action; /* "add", "remove", "change", "move", "online", ..., and "up" of a link */
	const char *subsystem; /* "block", "net", ... */
	const char *name; /* the kernel's name of the device, as sda */
};

/*
 * Both groups of the kernel's events are listened to: "udev" is what udev's daemon passes on after
 * its rules, and silent for ever without one; then "kernel" counts.
 */
struct events {
	struct udev *udev;
	struct udev_monitor *processed, *kernel;
	int links; /* a socket for interfaces that go up, of which no other event tells */
	int buffer; /* bytes that may wait in each */
};

/* 0, or -1 with a message; events_close it in either case. */
int events_open(struct events *events, int buffer);
void events_close(struct events *events);

/* The descriptors to wait for. */
#define EVENT_SOURCES 3
void events_descriptors(const struct events *events, int descriptors[EVENT_SOURCES]);

/*
 * Takes all that wait; the event is the library's and may not be kept. False when some were lost:
 * what they said is to be looked at.
 */
bool events_read(struct events *events, void (*take)(const struct event *event, void *closure),
	void *closure);
