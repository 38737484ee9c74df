/*
 * The error log's own upkeep. Its file is the standard error of kexd and its workers, whose main
 * threads call this.
 */
#pragma once

/* Writes how many lines there would have been of what was told too often. */
void error_log_flush(void);
