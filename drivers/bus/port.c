/* The bus itself: its memory, who has which SCSI ID, reset. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "bus/memory.h"

static struct bus_memory *map(int fd)
{
	void *memory =
		mmap(NULL, sizeof(struct bus_memory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static int initialise(struct bus_memory *memory)
{
	pthread_mutexattr_t attributes;
	int error = pthread_mutexattr_init(&attributes);

	if (error == 0)
		error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (error == 0)
		error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	for (unsigned i = 0; error == 0 && i < BUS_PORTS * BUS_PORTS * BUS_DEPTH; i++) {
		struct path *path =
			&memory->paths[i / BUS_DEPTH / BUS_PORTS][i / BUS_DEPTH % BUS_PORTS];
		error = pthread_mutex_init(&path->nexuses[i % BUS_DEPTH].mutex, &attributes);
	}
	memory->version = BUS_VERSION;
	memory->magic = BUS_MAGIC;
	pthread_mutexattr_destroy(&attributes);
	return error;
}

static bool is_locked(int fd, unsigned id)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = id, .l_len = 1};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/*
 * A bus whose maker died under its adapters is taken over as it is; what the dead had in progress
 * is cut off. False when there is none.
 */
static bool take_over(const char *path)
{
	struct stat status;
	AUTO_CLOSE int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	bool alive = false;

	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size != sizeof(struct bus_memory))
		return false;
	for (unsigned id = 0; id < BUS_PORTS; id++)
		alive = alive || is_locked(fd, id);
	struct bus_memory *memory = alive ? map(fd) : NULL;
	if (memory == NULL)
		return false;
	bool valid = memory->magic == BUS_MAGIC && memory->version == BUS_VERSION;
	for (unsigned id = 0; id < BUS_PORTS && valid; id++)
		if (atomic_load(&memory->ports[id].attached) && !is_locked(fd, id))
			bus_expel(memory, id);
	munmap(memory, sizeof(*memory));
	return valid;
}

/* Under another name first: who has the old memory mapped keeps it whole, alone on it. */
int bus_make(const char *path)
{
	AUTO_FREE char *new_path = NULL;
	if (take_over(path))
		return 0;
	if (asprintf(&new_path, "%s.new", path) < 0) {
		errno = ENOMEM;
		return -1;
	}
	unlink(new_path);
	AUTO_CLOSE int fd =
		open(new_path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(struct bus_memory)) < 0)
		return -1;
	struct bus_memory *memory = map(fd);
	if (memory == NULL)
		return -1;

	int error = initialise(memory);
	munmap(memory, sizeof(*memory));
	if (error != 0) {
		errno = error;
		return -1;
	}
	return rename(new_path, path);
}

int bus_remove(const char *path)
{
	return unlink(path);
}

/* The lock of one byte is the ID's: the kernel drops it when the process dies. */
static int lock_id(int fd, unsigned id)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = id, .l_len = 1};

	/* Who finds out whether the last owner is dead has the lock shortly. */
	for (int tries = 0; tries < 20; tries++) {
		if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
			return 0;
		if (errno != EAGAIN)
			return -1;
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
	errno = EADDRINUSE;
	return -1;
}

struct bus_port *bus_attach(const char *path, unsigned id)
{
	struct stat status;

	if (id >= BUS_PORTS) {
		errno = EINVAL;
		return NULL;
	}
	AUTO_CLOSE int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0)
		return NULL;
	if (status.st_size != sizeof(struct bus_memory)) {
		errno = EINVAL;
		return NULL;
	}
	if (lock_id(fd, id) < 0)
		return NULL;

	AUTO_FREE struct bus_port *port = calloc(1, sizeof(*port));
	struct bus_memory *memory = port != NULL ? map(fd) : NULL;
	if (memory == NULL)
		return NULL;
	if (memory->magic != BUS_MAGIC || memory->version != BUS_VERSION) {
		munmap(memory, sizeof(*memory));
		errno = EINVAL;
		return NULL;
	}
	port->memory = memory;
	port->id = id;
	port->fd = fd;
	fd = -1;
	bus_leave(port); /* what a process that died left behind */
	atomic_store(&memory->ports[id].bell, 0);
	atomic_store(&memory->ports[id].attached, true);
	return TAKE(port);
}

/*
 * What the target has accepted ends when it sees the cut; until then the nexus is not to be used.
 */
static void leave_as_initiator(struct bus_memory *memory, unsigned id, unsigned target)
{
	struct path *path = &memory->paths[id][target];

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		struct nexus *nexus = &path->nexuses[i];
		nexus_lock(nexus);
		if (atomic_load(&nexus->state) == NEXUS_ACCEPTED)
			nexus->abandoned = true;
		else
			atomic_store(&nexus->state, NEXUS_IDLE);
		nexus_unlock(nexus);
	}
	session_end(path, true);
	path_cut(memory, id, target);
	atomic_store(&path->failed, false);
	bell_ring(&memory->ports[target], BUS_FROM(id));
}

static void leave_as_target(struct bus_memory *memory, unsigned id, unsigned initiator)
{
	struct path *path = &memory->paths[initiator][id];

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		struct nexus *nexus = &path->nexuses[i];
		nexus_lock(nexus);
		uint32_t state = atomic_load(&nexus->state);
		if (state == NEXUS_POSTED || state == NEXUS_ACCEPTED)
			nexus_end(path, nexus, BUS_NO_TARGET);
		nexus_unlock(nexus);
	}
	atomic_store(&path->reader, 0);
	bell_ring(&memory->ports[initiator], BUS_TO(id));
}

static void take_off(struct bus_memory *memory, unsigned id)
{
	atomic_store(&memory->ports[id].attached, false);
	for (unsigned other = 0; other < BUS_PORTS; other++) {
		leave_as_initiator(memory, id, other);
		leave_as_target(memory, id, other);
	}
}

/* The others are told before they can see what follows from it. */
void bus_expel(struct bus_memory *memory, unsigned id)
{
	bool lost = atomic_exchange(&memory->ports[id].attached, false);

	for (unsigned other = 0; other < BUS_PORTS && lost; other++)
		if (atomic_load(&memory->ports[other].attached))
			bell_ring(&memory->ports[other], BUS_LOST(id));
	take_off(memory, id);
}

void bus_leave(struct bus_port *port)
{
	bus_expel(port->memory, port->id);
}

/* Who gets the lock knows that the owner is dead, and cleans up after it; of several one does. */
static void expel_if_dead(struct bus_port *port, unsigned id)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = id, .l_len = 1};

	if (fcntl(port->fd, F_OFD_SETLK, &lock) < 0)
		return;
	bus_expel(port->memory, id);
	lock.l_type = F_UNLCK;
	fcntl(port->fd, F_OFD_SETLK, &lock);
}

/* Whether this port waits for another, or may soon. */
static bool is_peer(const struct bus_port *port, unsigned id)
{
	const struct path *to = path_to(port, id), *from = path_from(port, id);

	return id != port->id && atomic_load(&port->memory->ports[id].attached) &&
	       (path_is_busy(to) || path_is_busy(from) || session_is_open(to) ||
		       session_is_open(from));
}

bool has_peers(const struct bus_port *port)
{
	bool has = false;

	for (unsigned id = 0; id < BUS_PORTS; id++)
		has = has || is_peer(port, id);
	return has;
}

void expel_dead_peers(struct bus_port *port)
{
	for (unsigned id = 0; id < BUS_PORTS; id++)
		if (is_peer(port, id))
			expel_if_dead(port, id);
}

void bus_detach(struct bus_port *port)
{
	take_off(port->memory, port->id);
	bus_forget_memory(port);
	munmap(port->memory, sizeof(*port->memory));
	close(port->fd);
	free(port);
}

uint32_t bus_present(struct bus_port *port)
{
	uint32_t present = 0;

	for (unsigned id = 0; id < BUS_PORTS; id++)
		if (atomic_load(&port->memory->ports[id].attached))
			present |= 1u << id;
	return present;
}

void bus_reset_device(struct bus_port *port, unsigned target)
{
	struct bus_memory *memory = port->memory;

	for (unsigned initiator = 0; initiator < BUS_PORTS; initiator++)
		path_cut(memory, initiator, target);
}

void bus_reset(struct bus_port *port)
{
	struct bus_memory *memory = port->memory;

	for (unsigned i = 0; i < BUS_PORTS * BUS_PORTS; i++)
		path_cut(memory, i / BUS_PORTS, i % BUS_PORTS);
	for (unsigned id = 0; id < BUS_PORTS; id++)
		if (atomic_load(&memory->ports[id].attached))
			bell_ring(&memory->ports[id], BUS_WAS_RESET);
}
