/* Takes error_log()'s place in unit tests that run without a host. */
#pragma once

/* How many entries of label KEX_ENVIRONMENT and KEX_EVENT_INFO there were so far. */
int environment_violations(void);
int event_structure_modifications(void);
