/* How a port is told of news, and who waits for them. */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/look.h"
#include "bus/memory.h"

static long futex(
	_Atomic uint32_t *word, int operation, uint32_t value, const struct timespec *time)
{
	return syscall(SYS_futex, word, operation, value, time, NULL, 0);
}

void bell_ring(struct port_memory *port, uint32_t causes)
{
	atomic_fetch_or(&port->bell, causes);
	if (atomic_load(&port->asleep))
		futex(&port->bell, FUTEX_WAKE, 1, NULL);
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
	struct look look = look_begin(LOOK_FOR_A_WAKEUP);

	while (!bus_has_news(port) && !atomic_load(&port->attended) && look_goes_on(&look))
		;
}

/* While the port is attended its news are the attendant's; but now and then all is looked at. */
#define STAND_BY 500000000 /* nanoseconds */

/* False when it took so long. */
static bool stand_by(struct bus_port *port)
{
	const struct timespec time = {.tv_nsec = STAND_BY};

	atomic_store(&port->stands_by, true);
	long result = futex(&port->attended, FUTEX_WAIT, 1, &time);
	bool took_long = result < 0 && errno == ETIMEDOUT;
	atomic_store(&port->stands_by, false);
	return !took_long;
}

/* An attendant that comes in between sets `asleep` back, and afterwards again. */
static void sleep_for_news(struct bus_port *port, const struct timespec *time)
{
	struct port_memory *memory = &port->memory->ports[port->id];

	atomic_store(&memory->asleep, true);
	futex(&memory->bell, FUTEX_WAIT, 0, time);
	atomic_store(&memory->asleep, false);
}

/* The news, if they are this thread's: while the port is attended they are left alone. */
static uint32_t own_news(struct bus_port *port)
{
	return atomic_load(&port->attended) ? 0 : bus_news(port);
}

uint32_t bus_wait(struct bus_port *port, int timeout)
{
	const struct timespec time = {timeout / 1000, timeout % 1000 * 1000000L};
	uint32_t causes;

	look_for_news(port);
	for (bool enough = false; (causes = own_news(port)) == 0 && !enough;) {
		if (atomic_load(&port->attended)) {
			enough = !stand_by(port);
		} else {
			sleep_for_news(port, timeout < 0 ? NULL : &time);
			enough = timeout >= 0;
		}
	}
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
		futex(&port->attended, FUTEX_WAKE, 1, NULL);
	atomic_store(&memory->asleep, true);
	if (atomic_load(&memory->bell) != 0)
		futex(&memory->bell, FUTEX_WAKE, 1, NULL);
}

void bus_kick(struct bus_port *port)
{
	bell_ring(&port->memory->ports[port->id], BUS_KICKED);
}
