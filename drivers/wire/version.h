/*
 * run/kexd.version: which build of kexd runs, for commands of any other, whose messages it may not
 * understand. This file's form never changes: version, WIRE_MAGIC, and the process that wrote it. A
 * kexd without a file is older than the file.
 */
#pragma once

#define VERSION_FILE "kexd.version"
#define VERSION_LENGTH 32 /* bytes of a version with its NUL */
#define VERSION_PRINT "%.31s %x %d\n"
#define VERSION_SCAN "%31s %x %d"
