/* Opening special files. For libkex's kex_open. */
#pragma once

/* Opens a special file by name. Returns the descriptor, or -1 and errno with the reason. */
int special_file_open(const char *name, int oflag);
