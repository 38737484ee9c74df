/* What Change looks at before anything is changed. */
#pragma once

#include "attribute_set.h"
#include "driver.h"

/* How far a change goes. */
enum change_reach {
	CHANGE_BOTH, /* database and device */
	CHANGE_DATABASE, /* -P: the device at its next configuration */
	CHANGE_DEVICE, /* -T: until its next configuration */
	CHANGE_LIVE, /* -U: both, while the device is in use */
};

/*
 * Whether the changes may be asked for: each attribute is known, the user's to set and its value
 * allowed. E_OK, or a code with the reason.
 */
int change_check(const struct device *device, const struct attribute_set *attributes,
	const struct attribute_changes *changes, enum change_reach reach,
	struct method_output *output);

/*
 * Whether the device may have the values, those of attributes that add as change_lists has them:
 * the driver can be configured with all of them, and no configured child (unless `with_children`)
 * relies on the old ones. E_OK, or a code with the reason.
 */
int change_check_device(const struct device *device, const struct attribute_changes *changes,
	enum change_reach reach, bool with_children, struct method_output *output);
