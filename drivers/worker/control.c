/*
 * What kexd asks of its worker: extensions, configuration, lists. One request at a time, in a
 * thread of its own; a client's connection is handed over between them.
 */
#include "worker/control.h"

#include <dlfcn.h>
#include <errno.h>
#include <kex.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/sdi.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "services/device.h"
#include "services/devsw.h"
#include "wire/main_loop.h"
#include "worker/connection.h"
#include "worker/network.h"

/* One request being carried out. */
struct control {
	const struct wire_request *request;
	struct wire_reply *reply;
};

/* The first extension says whether this process may have network sockets; no later one. */
static void decide_network(const struct module *first)
{
	static bool decided;

	if (decided || first == NULL)
		return;
	decided = true;
	int error = dlsym(first->handle, KEX_NETWORK_SYMBOL) == NULL ? network_forbid() : 0;
	if (error != 0)
		error_log("KEX_NETWORK", first->name,
			"its process can't be kept from network sockets: %s", strerror(error));
}

static int load(struct control *control)
{
	const struct wire_request *request = control->request;
	mid_t kmid = request->value;
	int error = 0;

	if (request->payload_length >= PATH_MAX)
		return ENAMETOOLONG;
	AUTO_FREE char *path = strndup(request->payload, request->payload_length);
	if (path == NULL)
		return ENOMEM;

	pthread_mutex_lock(&configuration_mutex);
	switch (request->command) {
	case SYS_KLOAD:
	case SYS_SINGLELOAD:
		error = module_load(
			path, request->command == SYS_KLOAD, &kmid, control->reply->reason);
		if (error == 0)
			decide_network(module_find(kmid));
		break;
	case SYS_QUERYLOAD:
		kmid = module_query(path);
		break;
	case SYS_KULOAD:
		error = module_unload(kmid, control->reply->reason);
		break;
	default:
		error = EINVAL;
	}
	pthread_mutex_unlock(&configuration_mutex);
	control->reply->value = kmid;
	return error;
}

static int configure(struct control *control)
{
	const struct wire_request *request = control->request;
	AUTO_FREE char *data = malloc(WIRE_PAYLOAD);
	unsigned long before = device_last_order();

	if (data == NULL)
		return ENOMEM;
	memcpy(data, request->payload, request->payload_length);
	pthread_mutex_lock(&configuration_mutex);
	struct module *module = request->value != 0 ? module_find(request->value)
						    : devsw_module(major(request->device));
	bool stop = request->command == CFG_STOP, start = request->command == CFG_START;
	int error = module == NULL  ? ENODEV
		    : stop || start ? device_stop(request->device, stop)
				    : module_call(module, request->device, request->command, data,
					      request->payload_length, control->reply->reason);
	pthread_mutex_unlock(&configuration_mutex);

	if (error == 0 && request->command == CFG_QVPD) {
		memcpy(control->reply->payload, data, request->payload_length);
		control->reply->payload_length = request->payload_length;
	}
	if (error == 0 && request->command == CFG_INIT)
		control->reply->payload_length = (uint32_t)device_published_since(before,
			(struct wire_published *)(void *)control->reply->payload, WIRE_PAYLOAD);
	return error;
}

static int query_switch(struct control *control)
{
	control->reply->value = (uint64_t)devsw_status(control->request->device);
	return 0;
}

static int status(struct control *control)
{
	struct wire_status answer = {.devices = device_total(), .open = connections_open()};

	pthread_mutex_lock(&configuration_mutex);
	for (const struct module *module = module_first(); module != NULL; module = module->next)
		answer.extensions++;
	pthread_mutex_unlock(&configuration_mutex);
	memcpy(control->reply->payload, &answer, sizeof(answer));
	control->reply->payload_length = sizeof(answer);
	return 0;
}

static int list_extensions(struct control *control)
{
	struct kex_extension *list = (struct kex_extension *)control->reply->payload;
	unsigned count = 0, room = WIRE_PAYLOAD / sizeof(*list);

	pthread_mutex_lock(&configuration_mutex);
	for (const struct module *module = module_first(); module != NULL && count < room;
		module = module->next) {
		if (module->kmid < control->request->value)
			continue;
		struct kex_extension entry = {.kmid = module->kmid,
			.loads = module->loads,
			.address = module->address,
			.size = module->size};
		snprintf(entry.path, sizeof(entry.path), "%s", module->path);
		memcpy(entry.name, module->name, sizeof(entry.name));
		memcpy(&list[count++], &entry, sizeof(entry));
	}
	pthread_mutex_unlock(&configuration_mutex);
	control->reply->payload_length = (uint32_t)(count * sizeof(*list));
	return 0;
}

static int list_devices(struct control *control)
{
	struct kex_device *list = (struct kex_device *)control->reply->payload;
	unsigned count = device_list(control->request->device, list, WIRE_PAYLOAD / sizeof(*list));

	control->reply->payload_length = (uint32_t)(count * sizeof(*list));
	return 0;
}

/* The EDT's entries being written into a reply. */
struct edt_page {
	struct kex_edt *list;
	uint64_t first, index;
	unsigned count, room;
};

/* Vendor and product, without the blanks that fill them. */
static void copy_product(char product[32], const uint8_t *inquiry)
{
	int vendor = 8, model = 16;

	while (vendor > 0 && inquiry[8 + vendor - 1] <= ' ')
		vendor--;
	while (model > 0 && inquiry[16 + model - 1] <= ' ')
		model--;
	snprintf(product, 32, "%.*s %.*s", vendor, (const char *)inquiry + 8, model,
		(const char *)inquiry + 16);
}

static int add_edt(const struct sdi_hba *hba, const struct sdi_edt *entry, void *closure)
{
	struct edt_page *page = closure;
	struct kex_edt to = {.index = page->index++,
		.hba = entry->scsi_adr.scsi_ctl,
		.bus = entry->scsi_adr.scsi_bus,
		.target = entry->scsi_adr.scsi_target,
		.lun = entry->scsi_adr.scsi_lun,
		.version = hba->version,
		.pdtype = entry->pdtype};

	if (to.index < page->first)
		return 0;
	snprintf(to.hba_name, sizeof(to.hba_name), "%s", hba->name);
	copy_product(to.product, entry->inquiry);
	for (const struct owner *owner = entry->owner_list; owner != NULL; owner = owner->next) {
		size_t length = strlen(to.owners);
		snprintf(to.owners + length, sizeof(to.owners) - length, "%s%s",
			length > 0 ? " " : "", owner->name);
	}
	page->list[page->count++] = to;
	return page->count == page->room;
}

static int list_edt(struct control *control)
{
	struct edt_page page = {.list = (struct kex_edt *)control->reply->payload,
		.first = control->request->value,
		.room = WIRE_PAYLOAD / sizeof(struct kex_edt)};

	sdi_visit(add_edt, &page);
	control->reply->payload_length = (uint32_t)(page.count * sizeof(*page.list));
	return 0;
}

/* Set by the thread of kexd's requests, which alone looks at it. */
static bool stopping;

static int stop(struct control *control)
{
	(void)control;
	stopping = true;
	request_stop();
	return 0;
}

static int (*const operations[WIRE_OPERATIONS])(struct control *control) = {
	[WIRE_SYSCONFIG_LOAD] = load,
	[WIRE_SYSCONFIG_CALL] = configure,
	[WIRE_SYSCONFIG_SWITCH] = query_switch,
	[WIRE_STATUS] = status,
	[WIRE_STOP] = stop,
	[WIRE_EXTENSIONS] = list_extensions,
	[WIRE_DEVICES] = list_devices,
	[WIRE_EDT] = list_edt,
};

static bool answer(int socket, const struct wire_request *request, struct wire_reply *reply)
{
	struct control control = {request, reply};

	memset(reply, 0, WIRE_REPLY_HEAD);
	reply->magic = WIRE_MAGIC;
	reply->error = operations[request->operation] != NULL
			       ? operations[request->operation](&control)
			       : EINVAL;
	return wire_send(socket, reply, WIRE_REPLY_HEAD + reply->payload_length, NULL, 0) >= 0;
}

static void serve(int socket, struct wire_request *request, struct wire_reply *reply)
{
	for (;;) {
		int fds[WIRE_FDS];
		ssize_t length = wire_receive(socket, request, sizeof(*request), fds);
		if (length <= 0)
			return;
		bool valid = wire_is_request(request, length);
		bool open = valid && request->operation == WIRE_OPEN && fds[0] >= 0;
		int client = fds[0];
		if (open)
			fds[0] = -1;
		wire_close(fds);
		if (open)
			connection_start(client, request);
		else if (!valid || !answer(socket, request, reply))
			return;
	}
}

static void *run(void *argument)
{
	struct kern_thread thread = {0};
	int socket = *(int *)argument;
	struct wire_request *request = malloc(sizeof(*request));
	struct wire_reply *reply = malloc(sizeof(*reply));

	kern_thread_enter(&thread);
	if (request != NULL && reply != NULL)
		serve(socket, request, reply);
	kern_thread_leave();
	free(request);
	free(reply);
	/* kexd died: openers are to see that, not the end of calls that an orderly stop would be.
	 */
	if (!stopping)
		_exit(1);
	return NULL;
}

int control_start(int socket)
{
	static int control_socket;
	pthread_t thread;

	control_socket = socket;
	int error = pthread_create(&thread, NULL, run, &control_socket);
	if (error == 0)
		pthread_detach(thread);
	return error;
}
