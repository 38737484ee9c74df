/* The doorbell of a port: how it is told that something happened, and how its threads wait. */
#include <errno.h>

#include "base/clock.h"
#include "base/futex.h"
#include "base/spin.h"
#include "bus/memory.h"

void bell_ring(struct port_memory *port, uint32_t causes)
{
	atomic_fetch_or(&port->bell, causes);
	if (atomic_load(&port->asleep))
		futex_wake(&port->bell);
}

bool bus_has_news(const struct bus_port *port)
{
	return atomic_load(&port->memory->ports[port->id].bell) != 0;
}

uint32_t bus_news(struct bus_port *port)
{
	_Atomic uint32_t *bell = &port->memory->ports[port->id].bell;

	return atomic_load(bell) != 0 ? atomic_exchange(bell, 0) : 0;
}

static void look_for_news(struct bus_port *port)
{
	struct spin spin = spin_begin(SPIN_WAKEUP);

	while (!bus_has_news(port) && !atomic_load(&port->polled) && spin_again(&spin))
		;
}

/* While the port is polled its news are the polling thread's; now and then all is checked. */
#define POLL_CHECK_INTERVAL 500000000 /* nanoseconds */

/* False when it took that long. */
static bool await_poll_end(struct bus_port *port)
{
	atomic_store(&port->awaits_poll_end, true);
	int error = futex_wait(&port->polled, 1, POLL_CHECK_INTERVAL);
	atomic_store(&port->awaits_poll_end, false);
	return error != ETIMEDOUT;
}

/*
 * A polling thread that comes in between sets `asleep` back, and afterwards again. False when it
 * took that long.
 */
static bool sleep_for_news(struct bus_port *port, int64_t nanoseconds)
{
	struct port_memory *memory = &port->memory->ports[port->id];

	atomic_store(&memory->asleep, true);
	int error = futex_wait(&memory->bell, 0, nanoseconds);
	atomic_store(&memory->asleep, false);
	return error != ETIMEDOUT;
}

/* The news, if they are this thread's: while the port is polled they are left alone. */
static uint32_t own_news(struct bus_port *port)
{
	return atomic_load(&port->polled) ? 0 : bus_news(port);
}

/* When nothing came for so long a port checks that its peers live. */
#define PEER_CHECK_INTERVAL 500000000 /* nanoseconds */

/* One sleep, until `end`. False when the caller is to check everything. */
static bool wait_once(struct bus_port *port, int64_t end)
{
	bool polled = atomic_load(&port->polled);
	int64_t left = end - clock_nanoseconds();

	if (left <= 0)
		return false;
	if (left > PEER_CHECK_INTERVAL && has_peers(port))
		left = PEER_CHECK_INTERVAL;
	bool woken = polled ? await_poll_end(port) : sleep_for_news(port, left);
	if (!woken)
		expel_dead_peers(port);
	return woken || !polled;
}

uint32_t bus_wait(struct bus_port *port, int timeout)
{
	int64_t end = timeout < 0 ? INT64_MAX : clock_nanoseconds() + (int64_t)timeout * 1000000;
	uint32_t causes;

	look_for_news(port);
	while ((causes = own_news(port)) == 0 && wait_once(port, end))
		;
	return causes;
}

void bus_poll_begin(struct bus_port *port)
{
	atomic_store(&port->polled, 1);
	atomic_store(&port->memory->ports[port->id].asleep, false);
}

/* While the thread is awake `asleep` costs a needless call of the kernel, nothing worse. */
void bus_poll_end(struct bus_port *port)
{
	struct port_memory *memory = &port->memory->ports[port->id];

	atomic_store(&port->polled, 0);
	if (atomic_load(&port->awaits_poll_end))
		futex_wake(&port->polled);
	atomic_store(&memory->asleep, true);
	if (atomic_load(&memory->bell) != 0)
		futex_wake(&memory->bell);
}

void bus_kick(struct bus_port *port)
{
	bell_ring(&port->memory->ports[port->id], BUS_KICKED);
}
