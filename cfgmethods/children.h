/* Children that a Configure method has detected: defined, compared, named. */
#pragma once

#include "identities.h"
#include "machine.h"

struct answer {
	char name[16], where[32];
};

/*
 * A detection under way. Children whose Define method is built in are entered in one transaction,
 * which is closed while another process defines one. A child that can't be entered does not stop
 * the others: its reason and code are kept for the end.
 */
struct detection {
	const struct device *parent;
	struct method_output *output; /* names go here, for cfgmgr */
	struct transaction transaction;
	struct identities *known; /* read when one is not at its place */
	bool by_identity; /* children are known by their unique_id, wherever they are */
	struct answer *answers;
	int count;
	int code;
};

/* E_OK or E_ODMUPDATE. detection_end is called in any case. */
int detection_start(
	struct detection *detection, const struct device *parent, struct method_output *output);

/* A child: defined unless it is there, its values stored. Those that are the user's only once. */
void detection_add(struct detection *detection, const struct machine_device *described);

/*
 * After all of them: detectable children that did not answer become MISSING, those that were and
 * answered SAME; children that can't be detected are named with those that were. Returns E_OK, or
 * the code of the first child that could not be entered.
 */
int detection_end(struct detection *detection);

/*
 * Stores what the description says of a device: what the hardware says always holds, what the user
 * may set is the user's unless the device is new. E_OK, or a code with the reason.
 */
int described_store(const char *name, const struct machine_device *described, bool is_new,
	struct method_output *output);

/* All of it for the children that the machine's description has. */
int detect_described(const struct device *device, struct method_output *output);
