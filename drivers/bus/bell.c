/* How a port is told of news, and who waits for them. */
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

	while (!bus_has_news(port) && !atomic_load(&port->attended) && spin_again(&spin))
		;
}

/* While the port is attended its news are the attendant's; but now and then all is looked at. */
#define STAND_BY 500000000 /* nanoseconds */

/* False when it took that long. */
static bool stand_by(struct bus_port *port)
{
	atomic_store(&port->stands_by, true);
	int error = futex_wait(&port->attended, 1, STAND_BY);
	atomic_store(&port->stands_by, false);
	return error != ETIMEDOUT;
}

/*
 * An attendant that comes in between sets `asleep` back, and afterwards again. False when it took
 * that long.
 */
static bool sleep_for_news(struct bus_port *port, int64_t nanoseconds)
{
	struct port_memory *memory = &port->memory->ports[port->id];

	atomic_store(&memory->asleep, true);
	int error = futex_wait(&memory->bell, 0, nanoseconds);
	atomic_store(&memory->asleep, false);
	return error != ETIMEDOUT;
}

/* The news, if they are this thread's: while the port is attended they are left alone. */
static uint32_t own_news(struct bus_port *port)
{
	return atomic_load(&port->attended) ? 0 : bus_news(port);
}

/* Who has peers looks after them when nothing came for so long. */
#define LOOK_AFTER 500000000 /* nanoseconds */

/* One sleep, until `end`. False when the caller is to look at everything. */
static bool wait_once(struct bus_port *port, int64_t end)
{
	bool attended = atomic_load(&port->attended);
	int64_t left = end - clock_nanoseconds();

	if (left <= 0)
		return false;
	if (left > LOOK_AFTER && has_peers(port))
		left = LOOK_AFTER;
	bool woken = attended ? stand_by(port) : sleep_for_news(port, left);
	if (!woken)
		look_after_peers(port);
	return woken || !attended;
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

void bus_attend(struct bus_port *port)
{
	atomic_store(&port->attended, 1);
	atomic_store(&port->memory->ports[port->id].asleep, false);
}

/* While the thread is awake `asleep` costs a needless call of the kernel, nothing worse. */
void bus_leave_alone(struct bus_port *port)
{
	struct port_memory *memory = &port->memory->ports[port->id];

	atomic_store(&port->attended, 0);
	if (atomic_load(&port->stands_by))
		futex_wake(&port->attended);
	atomic_store(&memory->asleep, true);
	if (atomic_load(&memory->bell) != 0)
		futex_wake(&memory->bell);
}

void bus_kick(struct bus_port *port)
{
	bell_ring(&port->memory->ports[port->id], BUS_KICKED);
}
