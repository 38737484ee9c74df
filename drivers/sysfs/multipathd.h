/* Questions to the daemon of device-mapper multipath, by its socket. */
#pragma once

#include "base/text.h"

/*
 * Sends a command, as "show paths raw format \"%d %t\"", and appends the answer, which has no NUL
 * in it. 0; -1 and errno: ENOENT when no daemon that root runs is there, ETIMEDOUT when it says
 * nothing for some seconds, EPROTO when what it says is no answer.
 */
int multipathd_ask(const char *command, struct text *answer) MUST_CHECK;
