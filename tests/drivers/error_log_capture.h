/* Takes error_log()'s place in unit tests that run without a host. */
#pragma once

/* How many entries of label KEX_ENVIRONMENT there were so far. */
int environment_violations(void);
