/* sysconfig(): each command becomes one request to the host. */
#include <sys/sysconfig.h>

#include <errno.h>
#include <string.h>
#include <sys/device.h>

#include "client/client.h"

/* Sends a filled-in request; loads may start the host. */
static int transact(const struct wire_request *request, struct wire_reply *reply, bool start)
{
	int fds[WIRE_FDS];

	clear_reason();
	AUTO_CLOSE int socket = start ? host_connect_or_start() : host_connect();
	if (socket < 0)
		return -1;
	return host_call(socket, request, reply, -1, fds, -1);
}

static int load(
	int cmd, struct cfg_load *parameter, struct wire_request *request, struct wire_reply *reply)
{
	if (cmd != SYS_KULOAD) {
		if (parameter->path == NULL || strlen(parameter->path) > WIRE_PAYLOAD)
			return fail(EFAULT, "no extension file is named");
		request->payload_length = (uint32_t)strlen(parameter->path);
		memcpy(request->payload, parameter->path, request->payload_length);
	}
	request->command = cmd;
	request->value = parameter->kmid;
	int result = transact(request, reply, cmd == SYS_KLOAD || cmd == SYS_SINGLELOAD);
	if (result < 0 && errno == EHOSTDOWN && cmd == SYS_QUERYLOAD) {
		parameter->kmid = 0;
		return 0;
	}
	if (result == 0)
		parameter->kmid = reply->value;
	return result;
}

/* The process that a device is configured in, as the host is told. */
static uint64_t wire_process(dev_t process_of)
{
	if (process_of == KEX_SHARED_PROCESS)
		return WIRE_SHARED_PROCESS;
	return process_of == KEX_OWN_PROCESS ? WIRE_OWN_PROCESS : process_of;
}

static int call_entry(const struct cfg_dd *dd, dev_t process_of, struct wire_request *request,
	struct wire_reply *reply)
{
	if (dd->ddslen < 0 || dd->ddslen > WIRE_PAYLOAD || (dd->ddslen > 0 && dd->ddsptr == NULL))
		return fail(EFAULT, "a structure of %d bytes can't be passed", dd->ddslen);
	request->operation = WIRE_SYSCONFIG_CALL;
	request->command = dd->cmd;
	request->value = dd->kmid;
	request->device = dd->devno;
	request->process_of = wire_process(dd->cmd == CFG_INIT ? process_of : KEX_SHARED_PROCESS);
	request->payload_length = (uint32_t)dd->ddslen;
	if (dd->ddslen > 0)
		memcpy(request->payload, dd->ddsptr, (size_t)dd->ddslen);
	if (transact(request, reply, false) < 0)
		return -1;
	if (dd->cmd == CFG_QVPD && dd->ddslen > 0 && reply->payload_length == (uint32_t)dd->ddslen)
		memcpy(dd->ddsptr, reply->payload, (size_t)dd->ddslen);
	return 0;
}

static int query_switch(
	struct qry_devsw *parameter, struct wire_request *request, struct wire_reply *reply)
{
	request->operation = WIRE_SYSCONFIG_SWITCH;
	request->device = parameter->devno;
	int result = transact(request, reply, false);
	if (result < 0 && errno == EHOSTDOWN) {
		parameter->status = DSW_UNDEFINED;
		return 0;
	}
	if (result == 0)
		parameter->status = (int)reply->value;
	return result;
}

/* The size that a command's structure must have; 0 for an unknown command. */
static size_t parameter_size(int cmd)
{
	switch (cmd) {
	case SYS_KLOAD:
	case SYS_SINGLELOAD:
	case SYS_QUERYLOAD:
	case SYS_KULOAD:
		return sizeof(struct cfg_load);
	case SYS_CFGDD:
		return sizeof(struct cfg_dd);
	case SYS_CFGKMOD:
		return sizeof(struct cfg_kmod);
	case SYS_QDVSW:
		return sizeof(struct qry_devsw);
	default:
		return 0;
	}
}

static int carry_out(int cmd, void *parmp, dev_t process_of, struct wire_request *request,
	struct wire_reply *reply)
{
	if (cmd == SYS_CFGDD)
		return call_entry(parmp, process_of, request, reply);
	if (cmd == SYS_QDVSW)
		return query_switch(parmp, request, reply);
	if (cmd != SYS_CFGKMOD)
		return load(cmd, parmp, request, reply);
	const struct cfg_kmod *kmod = parmp;
	const struct cfg_dd as_dd = {.kmid = kmod->kmid,
		.cmd = kmod->cmd,
		.ddsptr = kmod->mdiptr,
		.ddslen = kmod->mdilen};
	return call_entry(&as_dd, KEX_SHARED_PROCESS, request, reply);
}

LIBKEX_API int kex_sysconfig(int cmd, void *parmp, int parmlen, dev_t process_of)
{
	size_t size = parameter_size(cmd);

	if (size == 0)
		return fail(EINVAL, "sysconfig: command %d is not known", cmd);
	if (parmp == NULL || parmlen < 0 || (size_t)parmlen != size)
		return fail(EFAULT, "sysconfig: the structure is %d bytes, not %zu", parmlen, size);
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_SYSCONFIG_LOAD);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	if (request == NULL || reply == NULL)
		return fail(ENOMEM, "out of memory");
	return carry_out(cmd, parmp, process_of, request, reply);
}

LIBKEX_API int sysconfig(int cmd, void *parmp, int parmlen)
{
	return kex_sysconfig(cmd, parmp, parmlen, KEX_SHARED_PROCESS);
}
