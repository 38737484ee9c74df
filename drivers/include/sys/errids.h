/* The error log. Manual: errsave kernel service. */
#pragma once

#include <stdint.h>
#include <sys/checked.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes one line to the host's log: time, `label` ("SCSI_ERR1", "KEX_ENVIRONMENT"), `resource`
 * (a logical device name or an extension's), and the text. Environment: process, interrupt.
 */
void error_log(const char *label, const char *resource, const char *format, ...)
	__attribute__((format(printf, 3, 4))) KEX_NONNULL_ARGUMENTS(1, 2, 3);

/* The beginning of a record for errsave; detail data follows. */
#define ERR_NAMESIZE 16
struct err_rec0 {
	uint32_t error_id; /* errid() of a label */
	char resource_name[ERR_NAMESIZE]; /* ends with a NUL */
};

/* The number that errpt shows for a label: its CRC-32. */
static inline uint32_t errid(const char *label)
{
	uint32_t crc = UINT32_MAX;

	for (; *label != '\0'; label++) {
		crc ^= (unsigned char)*label;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/*
 * Writes a record of `count` bytes to the same log, its detail data in hexadecimal. Labels known by
 * their numbers are SCSI_ERR1 to SCSI_ERR10; others are entered as ERRID_ and the number.
 * Environment: process, interrupt.
 */
#define ERR_MOST_DETAIL 128
void errsave(const void *record, unsigned count) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
