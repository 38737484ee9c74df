/* The worker's side of its connection with kexd. For main.c. */
#pragma once

/* Begins to serve kexd's requests; the process ends when the other side does. 0 or an errno. */
int control_start(int socket);
