/* An adapter's and its interface's values as a .link file: systemd.link(5). */
#include <string.h>

#include "export_forms.h"

static const char heading[] =
	"# file that matches, and no other: the policies for names and addresses are those of its\n"
	"# own 99-default.link, which this file takes the place of. What it can not set is a "
	"comment.\n";

static const char policies[] = "NamePolicy=keep kernel database onboard slot path\n"
			       "AlternativeNamesPolicy=database onboard slot path\n"
			       "MACAddressPolicy=persistent\n";

/* How a value is written. */
enum form {
	AS_IT_IS,
	POSITIVE, /* 0 can not be said */
	MICROSECONDS,
	BOOLEAN
};

static const struct setting {
	const char *path, *name;
	enum form form;
} settings[] = {
	{"mtu", "MTUBytes", AS_IT_IS},
	{"tx_queue_len", "TransmitQueueLength", AS_IT_IS},
	{"ethtool/rings/rx", "RxBufferSize", POSITIVE},
	{"ethtool/rings/tx", "TxBufferSize", POSITIVE},
	{"ethtool/channels/rx", "RxChannels", POSITIVE},
	{"ethtool/channels/tx", "TxChannels", POSITIVE},
	{"ethtool/channels/combined", "CombinedChannels", POSITIVE},
	{"ethtool/coalesce/rx-usecs", "RxCoalesceSec", MICROSECONDS},
	{"ethtool/coalesce/tx-usecs", "TxCoalesceSec", MICROSECONDS},
	{"ethtool/coalesce/rx-frames", "RxMaxCoalescedFrames", AS_IT_IS},
	{"ethtool/coalesce/tx-frames", "TxMaxCoalescedFrames", AS_IT_IS},
	{"ethtool/coalesce/adaptive-rx", "UseAdaptiveRxCoalesce", BOOLEAN},
	{"ethtool/coalesce/adaptive-tx", "UseAdaptiveTxCoalesce", BOOLEAN},
	{"ethtool/pause/autoneg", "AutoNegotiationFlowControl", BOOLEAN},
	{"ethtool/pause/rx", "RxFlowControl", BOOLEAN},
	{"ethtool/pause/tx", "TxFlowControl", BOOLEAN},
	{"ethtool/features/rx-checksum", "ReceiveChecksumOffload", BOOLEAN},
	{"ethtool/features/tx-checksum-ip-generic", "TransmitChecksumOffload", BOOLEAN},
	{"ethtool/features/tx-tcp-segmentation", "TCPSegmentationOffload", BOOLEAN},
	{"ethtool/features/tx-generic-segmentation", "GenericSegmentationOffload", BOOLEAN},
	{"ethtool/features/rx-gro", "GenericReceiveOffload", BOOLEAN},
	{"ethtool/features/rx-lro", "LargeReceiveOffload", BOOLEAN},
	{"ethtool/features/rx-ntuple-filter", "NTupleFilter", BOOLEAN},
};

static const struct setting *find_setting(const struct kernel_attribute *attribute)
{
	for (size_t i = 0; attribute != NULL && i < sizeof(settings) / sizeof(*settings); i++)
		if (strcmp(settings[i].path, attribute->predefined.path) == 0)
			return &settings[i];
	return NULL;
}

/* What a .link file has for the value; NULL when it has not. */
static const char *written(const struct setting *setting, const char *value, char room[64])
{
	static const struct tunable a_switch = {.form = TUNABLE_SWITCH};

	if (setting->form == BOOLEAN)
		return tunable_equal(&a_switch, value, "on")    ? "yes"
		       : tunable_equal(&a_switch, value, "off") ? "no"
								: NULL;
	if (value[strspn(value, "0123456789")] != '\0' || *value == '\0' || strlen(value) > 20 ||
		(setting->form == POSITIVE && strcmp(value, "0") == 0))
		return NULL;
	snprintf(room, 64, "%s%s", value, setting->form == MICROSECONDS ? "us" : "");
	return room;
}

static void append_settings(struct text *text, const struct stored_device *device)
{
	for (int i = 0; i < device->values.count; i++) {
		const struct attribute_change *value = &device->values.changes[i];
		const struct setting *setting =
			find_setting(kernel_attribute_find(device->kernel.type, value->attribute));
		char room[64];
		const char *said = setting != NULL ? written(setting, value->value, room) : NULL;
		if (said != NULL) {
			text_printf(text, "%s=%s\n", setting->name, said);
			continue;
		}
		text_printf(text, "# %s: %s=", device->cudv.name, value->attribute);
		export_comment(text, value->value);
		text_append(text, " has no equivalent\n");
	}
}

/* An address that is the device's own identifies it; else its place, or its name. */
static void append_match(struct text *text, const struct stored_device *device)
{
	const char *id = device->unique_id;

	text_append(text, "\n[Match]\n");
	if (strncmp(id, "mac.", 4) == 0) {
		text_append(text, "# By the address that the adapter was made with.\n"
				  "PermanentMACAddress=");
		export_comment(text, id + 4);
	} else if (strncmp(id, "path.pci-", 9) == 0) {
		text_append(text,
			"# By the PCI function, for lack of an address of its own.\nPath=*pci-");
		export_comment(text, id + 9);
		text_append_char(text, '*');
	} else {
		text_append(text, "# By its name, for lack of an identity.\nOriginalName=");
		export_comment(text, device->kernel.os_name);
	}
	text_append(text, "\n\n[Link]\n");
}

void export_link(const struct stored_device *adapter, const struct stored_device *interface,
	struct text *text)
{
	text_printf(text,
		"# Values of %s, written by odmcfg export --udev. systemd applies the first "
		".link\n%s",
		adapter->cudv.name, heading);
	append_match(text, adapter);
	text_append(text, policies);
	append_settings(text, adapter);
	if (interface != NULL)
		append_settings(text, interface);
}
