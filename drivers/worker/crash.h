/* A fault in an extension ends the worker: what it leaves for kexd to tell. For main.c. */
#pragma once

/* Maps the report and catches the fatal signals. 0 or an errno. */
int crash_prepare(int report_fd);
