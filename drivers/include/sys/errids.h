/* The error log. Manual: errsave kernel service. */
#pragma once

/*
 * Writes one line to the host's log: time, `label` ("SCSI_ERR1", "KEX_ENVIRONMENT"), `resource`
 * (a logical device name or an extension's), and the text. Environment: process, interrupt.
 */
void error_log(const char *label, const char *resource, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
