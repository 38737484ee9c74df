/* The worker's side of its connection with kexd. */
#pragma once

/* Begins to serve kexd's requests; the process ends when the other side does. 0 or an errno. */
int control_start(int socket);

/* The process ends in good order. Defined in main.c. */
void request_stop(void);
