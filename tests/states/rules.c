/* The rules: what each command makes of the devices, and whether it succeeds. */
#include <cf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "states.h"

#define ISCSI "driver/iscsi/iscsi"

struct world initial;
int opened = -1;

static int pick(int count)
{
	return rand() % count;
}

static void command(struct step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void command(struct step *step, const char *format, ...)
{
	char line[512], *rest = line;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	step->count = 0;
	for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
		snprintf(step->words[step->count++], sizeof(*step->words), "%s", word);
}

static bool is_type(const struct node *node, const char *type)
{
	return strcmp(node->type, type) == 0;
}

/* What defif defines: the interfaces and the protocols. */
static bool is_interface(const struct node *node)
{
	return strncmp(node->type, "if/", 3) == 0 || strncmp(node->type, "tcpip/", 6) == 0;
}

static bool has_child(const struct world *world, int parent, bool configured)
{
	for (int i = 0; i < world->count; i++)
		if (world->nodes[i].exists && world->nodes[i].parent == parent &&
			(!configured || world->nodes[i].status != DEFINED))
			return true;
	return false;
}

static void run_with_database(struct node *node)
{
	node->configured_once = true;
	memcpy(node->running, node->database, sizeof(node->running));
}

static void define(struct world *world, int which)
{
	struct node *node = &world->nodes[which];

	node->exists = true;
	node->status = DEFINED;
	node->configured_once = false;
	memcpy(node->database, initial.nodes[which].database, sizeof(node->database));
}

/* A target-mode device is there while the adapter at the other end is known. */
static bool detected(const struct world *world, int which)
{
	const struct node *node = &world->nodes[which];

	if (is_interface(node))
		return false;
	if (!is_type(node, "tmscsi/scsi/tmscsi"))
		return !is_type(node, ISCSI);
	for (int i = 0; i < world->count; i++)
		if (is_type(&world->nodes[i], "adapter/vbus/vscsi") && i != node->parent)
			return world->nodes[i].exists;
	return false;
}

/* The Configure method. */
static bool configure(struct world *world, int which)
{
	struct node *node = &world->nodes[which];

	/* It has no targets: there is nothing to configure. */
	if (is_type(node, ISCSI))
		return true;
	if (node->status == DEFINED) {
		if (node->parent >= 0 && world->nodes[node->parent].status != AVAILABLE)
			return false;
		node->status = AVAILABLE;
		run_with_database(node);
	}
	for (int i = 0; node->status == AVAILABLE && i < world->count; i++)
		if (world->nodes[i].parent == which && !world->nodes[i].exists &&
			detected(world, i))
			define(world, i);
	return true;
}

static bool configure_tree(struct world *world, int which)
{
	bool ok = configure(world, which);

	if (world->nodes[which].status != AVAILABLE)
		return ok;
	for (int i = 0; ok && i < world->count; i++)
		if (world->nodes[i].parent == which && world->nodes[i].exists && detected(world, i))
			ok = configure_tree(world, i) && ok;
	return ok;
}

static void configure_interfaces(struct world *world)
{
	for (int i = 0; i < world->count; i++) {
		struct node *node = &world->nodes[i];
		if (!is_interface(node) ||
			(node->parent >= 0 && world->nodes[node->parent].status != AVAILABLE))
			continue;
		if (!node->exists)
			define(world, i);
		if (!is_type(node, "if/EN/et"))
			configure(world, i);
	}
}

/* The system's Define method does. */
static void define_iscsi(struct world *world)
{
	for (int i = 0; i < world->count; i++)
		if (is_type(&world->nodes[i], ISCSI) && !world->nodes[i].exists)
			define(world, i);
}

void rules_configure_all(struct world *world, struct step *step)
{
	command(step, "cfgmgr");
	for (int i = 0; i < world->count; i++)
		if (is_type(&world->nodes[i], "sys/node/odmcfg")) {
			if (!world->nodes[i].exists)
				define(world, i);
			define_iscsi(world);
			step->succeeds = configure_tree(world, i);
		}
	configure_interfaces(world);
}

static bool unconfigure(struct world *world, int which)
{
	struct node *node = &world->nodes[which];

	if (node->status == DEFINED)
		return true;
	if (has_child(world, which, true) || which == opened)
		return false;
	node->status = DEFINED;
	return true;
}

static bool remove_node(struct world *world, int which, bool undefine)
{
	if (!unconfigure(world, which))
		return false;
	if (undefine && has_child(world, which, false))
		return false;
	if (undefine)
		world->nodes[which].exists = false;
	return true;
}

static bool remove_tree(struct world *world, int which, bool undefine)
{
	for (int i = 0; i < world->count; i++)
		if (world->nodes[i].exists && world->nodes[i].parent == which &&
			!remove_tree(world, i, undefine))
			return false;
	return remove_node(world, which, undefine);
}

static bool is_below(const struct world *world, int which, int above)
{
	while (which >= 0 && which != above)
		which = world->nodes[which].parent;
	return which == above;
}

static void choose_removal(struct world *world, struct step *step, int which)
{
	bool undefine = pick(3) == 0;
	const char *name = world->nodes[which].name;

	/* Where a tree stops at an open device depends on the order of the rows. */
	if (pick(3) == 0 && (opened < 0 || !is_below(world, opened, which))) {
		command(step, undefine ? "rmdev -Rdl %s" : "rmdev -Rl %s", name);
		step->succeeds = remove_tree(world, which, undefine);
		return;
	}
	command(step, undefine ? "rmdev -dl %s" : "rmdev -l %s", name);
	step->succeeds = remove_node(world, which, undefine);
}

static void choose_configuration(struct world *world, struct step *step, int which)
{
	struct node *node = &world->nodes[which];

	if (pick(4) == 0) {
		command(step, "cfgmgr -l %s", node->name);
		step->succeeds = configure_tree(world, which);
		return;
	}
	command(step, "mkdev -l %s", node->name);
	step->succeeds = configure(world, which);
	if (step->succeeds && node->status == STOPPED)
		node->status = AVAILABLE;
}

static bool can_stop(const struct node *node)
{
	static const char *const types[] = {"tape/sas/ost", "tmscsi/scsi/tmscsi", "disk/scsi/vdisk",
		"disk/sas/scsd", "adapter/vbus/vscsi", "adapter/pciex/14106703", "if/EN/en"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (is_type(node, types[i]))
			return true;
	return false;
}

static void choose_stop(struct world *world, struct step *step, int which)
{
	struct node *node = &world->nodes[which];

	/* Of a device with configured children, or one that is open, a stop is refused. */
	if (pick(2) == 0) {
		command(step, "rmdev -Sl %s", node->name);
		step->succeeds = node->status != DEFINED;
	} else {
		command(step, "mkdev -Sl %s", node->name);
		step->succeeds = configure(world, which);
	}
	if (node->status == AVAILABLE && (has_child(world, which, true) || which == opened))
		step->succeeds = false;
	if (step->succeeds)
		node->status = STOPPED;
}

/* A device that was removed, or is Defined, by its type and place. */
static void choose_definition(struct world *world, struct step *step, int which)
{
	struct node *node = &world->nodes[which];
	struct node *parent = &world->nodes[node->parent];
	char type[48], *rest = type;
	bool define_only = pick(2) == 0;

	strcpy(type, node->type);
	const char *class = strsep(&rest, "/"), *subclass = strsep(&rest, "/");
	command(step, "mkdev -c %s -s %s -t %s -p %s -w %s%s", class, subclass, rest,
		parent->exists ? parent->name : "nosuch0", node->connection,
		define_only ? " -d" : "");
	step->succeeds = parent->exists && (!node->exists || node->status == DEFINED);
	if (!step->succeeds)
		return;
	if (!node->exists)
		define(world, which);
	if (!define_only)
		step->succeeds = configure(world, which);
}

/* Values that the database has and the device not, of those that can be live. */
static void push_live(struct node *node, const struct watched *watched)
{
	for (int i = 0; i < WATCHED && watched[i].attribute != NULL; i++)
		if (watched[i].live)
			strcpy(node->running[i], node->database[i]);
}

static void choose_change(struct world *world, struct step *step, int which)
{
	struct node *node = &world->nodes[which];
	const struct watched *watched = watched_of(node->type);
	int count = 0;
	while (count < WATCHED && watched[count].attribute != NULL)
		count++;
	int attribute = pick(count), mode = pick(6);
	const char *value = pick(8) == 0 ? "nonsense" : watched[attribute].values[pick(4)];
	const char *const flags[] = {"", "", "", " -P", " -T", " -U"};
	bool configured = node->status != DEFINED;

	command(step, "chdev -l %s -a %s=%s%s", node->name, watched[attribute].attribute, value,
		flags[mode]);
	step->succeeds = strcmp(value, "nonsense") != 0;
	if (mode >= 4 && !configured)
		step->succeeds = false;
	if (mode == 5 && !watched[attribute].live)
		step->succeeds = false;
	/* A device that is open takes what can be live. */
	bool live_only = which == opened && watched[attribute].live;
	if (mode < 3 && live_only)
		mode = 5;
	if ((mode < 3 || mode == 4) && configured &&
		((has_child(world, which, true) && !is_type(node, "sys/node/odmcfg")) ||
			(which == opened && !live_only)))
		step->succeeds = false;
	if (!step->succeeds)
		return;
	if (mode != 4)
		strcpy(node->database[attribute], value);
	if (mode < 3 && configured)
		run_with_database(node);
	if (mode == 4)
		strcpy(node->running[attribute], value);
	if (mode == 5)
		push_live(node, watched);
}

/* A node that exists, or with `any` one that may not. */
static int pick_node(const struct world *world, bool any)
{
	int which = pick(world->count);

	while (!any && !world->nodes[which].exists)
		which = pick(world->count);
	return which;
}

static bool is_described_only(const struct world *world, int which)
{
	const struct node *node = &world->nodes[which];

	return node->parent >= 0 && !node->driver && !is_interface(node) &&
	       strncmp(node->type, "adapter/", 8) != 0 && strncmp(node->type, "bus/", 4) != 0;
}

void rules_choose(struct world *world, struct step *step)
{
	bool none = true;
	for (int i = 0; i < world->count; i++)
		none = none && !world->nodes[i].exists;
	int kind = pick(20);

	if (none || kind == 0) {
		rules_configure_all(world, step);
		return;
	}
	int which = pick_node(world, kind == 1);
	if (kind == 1 && is_described_only(world, which))
		choose_definition(world, step, which);
	else if (!world->nodes[which].exists)
		rules_configure_all(world, step);
	else if (can_stop(&world->nodes[which]) && pick(4) == 0)
		choose_stop(world, step, which);
	else if (kind < 8)
		choose_removal(world, step, which);
	else if (kind < 14 || watched_of(world->nodes[which].type) == NULL)
		choose_configuration(world, step, which);
	else
		choose_change(world, step, which);
}
