/*
 * The interrupt processor of drivers/processor/processor.c as a model: every access to shared memory that
 * something depends on is one step, in the order of the code, and all are sequentially consistent,
 * as they are there. What a raiser stores before a raise is not: it stays in the processor's store
 * buffer, where nobody else sees it, until it drains by itself or a read-modify-write waits for it.
 *
 * One priority, which is what masking is about: two raisers with a flag each, a masker, and a closer
 * that clears the source. Checked for every interleaving:
 *   - two handlers never run at once;
 *   - no handler runs in a masked region, nor after source_clear has returned;
 *   - no flag is lost: when all have come to rest, everything raised has been delivered, unless the
 *     source was closed;
 *   - and the last handler that was given a flag has seen what its raiser stored last.
 */
#ifndef RAISES
#define RAISES 2
#endif
#ifndef MASKS
#define MASKS 1
#endif

#define QUEUED 4

/* The mistakes that the model has to find. */
#ifdef FORGET_MASKS
#define MASKED false
#else
#define MASKED (maskers != 0)
#endif
#ifdef FORGET_WORK
#define LOOKS_AGAIN false
#else
#define LOOKS_AGAIN true
#endif

byte maskers = 0;        /* maskers[priority] */
bool processor = false;  /* taken */
bool work = false;       /* bit of the priority */
bool ready = false;      /* the list holds the source */
bool in_order = false;   /* the processor's own list does */
byte pending = 0;        /* flags 1 and 2, and QUEUED */
bool alive = true;       /* active */

/* What is checked, beside the protocol. */
byte running = 0;        /* handlers that run now */
byte in_region = 0;      /* threads in a masked region */
bool closed = false;     /* source_clear has returned */
byte raised[2], delivered[2];  /* times that a flag went from clear to set, and was shown */
byte at_rest = 0;

/* What each raiser stores: in memory, in its store buffer, and as the handler saw it last. */
byte data[2], stored[2], seen[2];
bool buffered[2];

/* The buffer drains at any time. */
proctype store_buffer(byte me)
{
end:
	do
	:: atomic { buffered[me] -> data[me] = stored[me]; buffered[me] = false }
	od
}

/* Before a read-modify-write of the raiser. */
#define DRAINED (!buffered[flag - 1])

inline handler(flags)
{
	atomic {
		running++;
		assert(running == 1);
		assert(in_region == 0);
		assert(!closed);
		delivered[0] = delivered[0] + ((flags & 1) != 0);
		delivered[1] = delivered[1] + ((flags & 2) != 0);
		if
		:: (flags & 1) != 0 -> seen[0] = data[0]
		:: else
		fi;
		if
		:: (flags & 2) != 0 -> seen[1] = data[1]
		:: else
		fi;
	}
	running--;
}

/* run_handlers: with the processor held. */
inline run_handlers()
{
	work = false;
	do
	:: MASKED -> break
	:: else ->
		if
		:: !in_order -> atomic { in_order = ready; ready = false; }
		:: else
		fi;
		if
		:: !in_order -> break
		:: else ->
			in_order = false;
			atomic { taken = pending; pending = 0; }
			if
			:: (taken & 3) != 0 && alive -> handler(taken & 3)
			:: else
			fi
		fi
	od;
	if
	:: in_order || ready -> work = true
	:: else
	fi
}

/* deliver: at process level. */
inline deliver()
{
	do
	:: !work -> break
	:: else ->
		if
		:: maskers != 0 -> break
		:: else
		fi;
		atomic {
			if
			:: processor -> got = false
			:: else -> processor = true; got = true
			fi
		}
		if
		:: !got -> break
		:: else
		fi;
		run_handlers();
		processor = false;
		if
		:: LOOKS_AGAIN
		:: else -> break
		fi
	od
}

/* run_at_once: the short way. *done: the flags were delivered. */
inline run_at_once(flag)
{
	done = false;
	if
	:: pending == 0 && !work && !processor ->
		DRAINED;
		atomic {
			if
			:: processor -> got = false
			:: else -> processor = true; got = true
			fi
		}
		if
		:: got ->
			done = !MASKED;
			if
			:: done -> done = (pending == 0)
			:: else
			fi;
			if
			:: done -> done = alive
			:: else
			fi;
			if
			:: done ->
				raised[flag - 1] = raised[flag - 1] + 1;
				handler(flag)
			:: else
			fi;
			processor = false;
			if
			:: LOOKS_AGAIN -> deliver()
			:: else
			fi
		:: else
		fi
	:: else
	fi
}

proctype raiser(byte flag)
{
	byte taken, before, i;
	bool got, done;

	for (i : 1 .. RAISES) {
		atomic { DRAINED -> stored[flag - 1] = i; buffered[flag - 1] = true }
		if
#ifdef FORGET_STORES
		:: (pending & flag) != 0 -> skip /* merged, by a mere look */
#endif
		:: true ->
			run_at_once(flag);
			if
			:: done
			:: else ->
				DRAINED;
				atomic {
					before = pending;
					pending = pending | flag | QUEUED;
					raised[flag - 1] = raised[flag - 1] + ((before & flag) == 0);
				}
				if
				:: (before & QUEUED) == 0 ->
					ready = true;
					work = true;
					deliver()
				:: else
				fi
			fi
		fi
	}
	at_rest++
}

inline i_disable()
{
	maskers++;
#ifndef FORGET_HANDLERS
	!processor; /* wait_for_handlers */
#endif
	in_region++
}

inline i_enable()
{
	in_region--;
	maskers--;
	deliver()
}

proctype masker()
{
	byte taken, i;
	bool got;

	for (i : 1 .. MASKS) {
		i_disable();
		i_enable()
	}
	at_rest++
}

#ifdef CLOSE
proctype closer()
{
	byte taken;
	bool got, gone = false;

	alive = false;
	do
	:: gone -> break
	:: else ->
		i_disable();
		gone = (pending & QUEUED) == 0;
		i_enable()
	od;
	closed = true;
	at_rest++
}
#define THREADS 4
#else
#define THREADS 3
#endif

init {
	atomic {
		run store_buffer(0);
		run store_buffer(1);
		run raiser(1);
		run raiser(2);
		run masker();
#ifdef CLOSE
		run closer();
#endif
	}
	at_rest == THREADS;
#ifndef CLOSE
	assert(pending == 0);
	assert(raised[0] == delivered[0] && raised[1] == delivered[1]);
	assert(seen[0] == RAISES && seen[1] == RAISES);
#endif
	assert(!processor && maskers == 0)
}
