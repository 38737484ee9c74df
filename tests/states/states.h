/* The state-machine test: what the system is, and what the rules say that a command makes of it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define MOST_NODES 64
#define WATCHED 3

/* An attribute that the test changes. */
struct watched {
	const char *attribute;
	const char *values[4]; /* allowed ones */
	bool live; /* True+ */
};

/* A device of the machine, known by its place: names change when it is removed and found again. */
struct node {
	char path[256]; /* type@connection of it and of those above it */
	char name[16];
	char type[48];
	char parent_name[16], connection[32];
	int parent; /* index, -1 for none */
	bool driver; /* it has one */
	bool exists;
	int status;
	bool configured_once;
	char database[WATCHED][32], running[WATCHED][32];
};

struct world {
	struct node nodes[MOST_NODES];
	int count;
};

/* The attributes that the test changes of a type; NULL for none. */
const struct watched *watched_of(const char *type);

/* Reads the devices of the database into the known nodes; `learn`: new ones are known from now on.
 * NULL, or what is wrong (static). */
const char *world_read(struct world *world, bool learn);

/* Whether database, drivers and special files agree: NULL, or what does not (static). */
const char *world_disagreement(const struct world *world);

/* What differs between two worlds: NULL, or a sentence (static). */
const char *world_difference(const struct world *expected, const struct world *found);

/* A command to run and what the rules make of it. */
struct step {
	char words[16][256];
	int count;
	bool succeeds;
};

/* The devices as the first cfgmgr found them, for what is removed and found again. */
extern struct world initial;

/* A device whose special file the test holds open; -1 for none. */
extern int opened;

/* Chooses a step; the world becomes what it should be afterwards. */
void rules_choose(struct world *world, struct step *step);

/* cfgmgr without options. */
void rules_configure_all(struct world *world, struct step *step);
