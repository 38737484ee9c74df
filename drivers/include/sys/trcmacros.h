/*
 * Trace. Manual: trcgenk, trcgenkt kernel services. A hook word has the hook's number, 0x000 to
 * 0xfff, in its upper 12 bits and what the hook likes in the others. A session is started and
 * printed by odmcfg trace and odmcfg trcrpt; without one nothing is recorded.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRACE_HOOK(number, detail) ((uint32_t)(number) << 20 | ((uint32_t)(detail)&0xfffff))

/* The host's own hooks; extensions choose from 0x700 to 0x7ff. */
#define HOOK_CONFIG 0x6e0 /* configuration entry point: data errno, devno and cmd behind */
#define HOOK_OPEN 0x6e1 /* d_open: data errno, devno behind */
#define HOOK_CLOSE 0x6e2 /* d_close */
#define HOOK_RAISE 0x6e3 /* event reported to a session: data flags, SCSI ID and LUN behind */
#define HOOK_DELIVER 0x6e4 /* event handler called: the same */
#define HOOK_STRATEGY 0x6e5 /* request to a strategy routine: data bytes, devno behind */
#define HOOK_IODONE 0x6e6 /* request ended: data errno, devno behind */

#define TRACE_MOST_DATA 4096

/*
 * Records an event with a word and up to TRACE_MOST_DATA bytes of data; channel 0 is the only one.
 * Every record has its time, process and thread: trcgenkt is the same. Environment: any.
 */
void trcgenk(
	unsigned channel, uint32_t hook_word, uint32_t data_word, size_t length, const void *data);
void trcgenkt(
	unsigned channel, uint32_t hook_word, uint32_t data_word, size_t length, const void *data);

#ifdef __cplusplus
}
#endif
