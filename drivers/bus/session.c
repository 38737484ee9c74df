/* Sessions of initiators with targets: which commands belong together, and whether they are all. */
#include "bus/memory.h"

bool session_is_open(const struct path *path)
{
	return atomic_load(&path->session) != atomic_load(&path->ended);
}

uint32_t session_number(const struct path *path)
{
	return session_is_open(path) ? atomic_load(&path->session) : 0;
}

void session_end(struct path *path, bool broken)
{
	uint32_t session = session_number(path);

	if (session == 0)
		return;
	if (broken)
		atomic_store(&path->broken, session);
	atomic_store(&path->ended, session);
}

void bus_session_begin(struct bus_port *port, unsigned target)
{
	struct path *path = path_to(port, target);
	uint32_t session = atomic_load(&path->session) + 1;

	/* 0 is none. */
	atomic_store(&path->session, session != 0 ? session : 1);
	bell_ring(&port->memory->ports[target], BUS_FROM(port->id));
}

void bus_session_end(struct bus_port *port, unsigned target, bool given_up)
{
	session_end(path_to(port, target), given_up);
	bell_ring(&port->memory->ports[target], BUS_FROM(port->id));
}

enum bus_session bus_session(const struct bus_port *port, unsigned initiator, uint32_t session)
{
	const struct path *path = path_from(port, initiator);

	if (session == session_number(path))
		return BUS_SESSION_OPEN;
	return session == atomic_load(&path->broken) ? BUS_SESSION_BROKEN : BUS_SESSION_ENDED;
}

void bus_reader_begin(struct bus_port *port, unsigned initiator)
{
	struct path *path = path_from(port, initiator);
	uint32_t reader = atomic_load(&path->readers) + 1;

	atomic_store(&path->readers, reader);
	atomic_store(&path->reader, reader);
}

void bus_reader_end(struct bus_port *port, unsigned initiator)
{
	atomic_store(&path_from(port, initiator)->reader, 0);
}

bool bus_is_for_reader(
	const struct bus_port *port, unsigned initiator, const struct bus_command *command)
{
	const struct path *path = path_from(port, initiator);

	return !command->bound || command->session == 0 ||
	       atomic_load(&path->bound_session) != command->session ||
	       atomic_load(&path->bound_reader) == atomic_load(&path->reader);
}

void session_bind(struct path *path, uint32_t session)
{
	atomic_store(&path->bound_reader, atomic_load(&path->reader));
	atomic_store(&path->bound_session, session);
}
