/*
 * A stack for the handler of a fatal signal: a thread whose own stack is used up has no room to
 * say whose fault that was.
 */
#pragma once

/*
 * Gives the calling thread one, for as long as it lives; one that it has stays. Without memory it
 * goes without: its stack's overflow is then told as the process's end only.
 */
void fault_stack_prepare(void);
