/* Stored values as a file that people can read and edit, in libconfig's syntax. */
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/cfg_private.h"
#include "cfgmethods/value_list.h"
#include "export_forms.h"

static const char heading[] =
	"# Stored values of devices, written by odmcfg export. odmcfg import gives them to the\n"
	"# devices again: those that have the unique_id, or else the name and the type. An "
	"attribute\n"
	"# that is not named stays as it is.\n";

bool export_write(const char *path, const struct text *text)
{
	const char *data = text->data != NULL ? text->data : "";
	bool standard = strcmp(path, "-") == 0;
	AUTO_CLOSE int fd = standard ? fcntl(1, F_DUPFD_CLOEXEC, 3)
				     : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	size_t done = 0;

	if (text->failed) {
		message("there is not enough memory");
		return false;
	}
	while (fd >= 0 && done < text->length) {
		ssize_t written = write(fd, data + done, text->length - done);
		if (written < 0 && errno != EINTR)
			break;
		done += written > 0 ? (size_t)written : 0;
	}
	if (fd >= 0 && done == text->length)
		return true;
	message("%s can't be written: %s", path, strerror(errno));
	return false;
}

static bool add_text(config_setting_t *group, const char *name, const char *value)
{
	config_setting_t *setting = config_setting_add(group, name, CONFIG_TYPE_STRING);

	return setting != NULL && config_setting_set_string(setting, value) == CONFIG_TRUE;
}

/* An attribute that adds is an array of its values. */
static bool add_attribute(config_setting_t *group, const struct stored_device *device, int place)
{
	const struct attribute_change *value = &device->values.changes[place];
	attribute_name remover;
	int adds = adding_attribute(device->cudv.name, value->attribute, remover);

	if (adds < 0)
		return false;
	if (adds == 0)
		return add_text(group, value->attribute, value->value);
	config_setting_t *values = config_setting_get_member(group, value->attribute);
	if (values == NULL)
		values = config_setting_add(group, value->attribute, CONFIG_TYPE_ARRAY);
	return values != NULL && config_setting_set_string_elem(values, -1, value->value) != NULL;
}

static bool add_device(config_setting_t *list, const struct stored_device *device)
{
	config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);
	bool ok = group != NULL;

	if (ok && device->unique_id[0] != '\0')
		ok = add_text(group, "unique_id", device->unique_id);
	ok = ok && add_text(group, "type", device->cudv.PdDvLn_Lvalue) &&
	     add_text(group, "name", device->cudv.name);
	config_setting_t *attributes =
		ok ? config_setting_add(group, "attributes", CONFIG_TYPE_GROUP) : NULL;
	if (attributes == NULL) {
		message("there is not enough memory");
		return false;
	}
	for (int i = 0; i < device->values.count; i++)
		if (!add_attribute(attributes, device, i)) {
			message("%s of %s can't be written: its name is none of a file's",
				device->values.changes[i].attribute, device->cudv.name);
			return false;
		}
	return true;
}

bool export_values(const char *path, const struct stored_device *devices, int count)
{
	AUTO(config_destroy) config_t config;
	AUTO(text_release) struct text text = {0};
	AUTO_FREE char *written = NULL;
	size_t length = 0;

	config_init(&config);
	config_setting_t *list =
		config_setting_add(config_root_setting(&config), "devices", CONFIG_TYPE_LIST);
	bool ok = list != NULL;
	for (int i = 0; i < count && ok; i++)
		ok = add_device(list, &devices[i]);
	if (!ok)
		return false;
	FILE *memory = open_memstream(&written, &length);
	if (memory != NULL) {
		config_write(&config, memory);
		ok = fclose(memory) == 0;
	}
	if (memory == NULL || !ok) {
		message("there is not enough memory");
		return false;
	}
	text_append(&text, heading);
	text_append_bytes(&text, written, length);
	return export_write(path, &text);
}
