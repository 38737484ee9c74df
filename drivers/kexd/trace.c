/* Starts and ends trace sessions in the memory that the workers share. */
#include "kexd/trace.h"

#include <errno.h>
#include <string.h>

#include "kexd/supervisor.h"

static void begin(struct trace_memory *trace, const struct wire_request *request)
{
	uint32_t hooks[TRACE_HOOKS / 32];

	memcpy(hooks, request->payload, sizeof(hooks));
	for (unsigned i = 0; i < TRACE_HOOKS / 32; i++)
		atomic_store(&trace->hooks[i], hooks[i]);
	atomic_store(&trace->begun, atomic_load(&trace->next));
	atomic_store(&trace->on, 1);
}

int trace_control(const struct wire_request *request, struct wire_reply *reply)
{
	struct trace_memory *trace = supervisor_trace();

	reply->value = atomic_load(&trace->on);
	switch (request->command) {
	case WIRE_TRACE_START:
		if (request->payload_length != TRACE_HOOKS / 8)
			return EINVAL;
		if (reply->value != 0)
			return EBUSY;
		begin(trace, request);
		return 0;
	case WIRE_TRACE_STOP:
		atomic_store(&trace->on, 0);
		return reply->value != 0 ? 0 : ENOENT;
	case WIRE_TRACE_READ:
		return 0;
	default:
		return EINVAL;
	}
}
