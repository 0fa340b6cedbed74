/* Ctrl-C and its like: end the run, and leave no half-made folder behind. */
#pragma once

/* From now on SIGINT, SIGTERM and SIGHUP end the program with 128 + their number (130 for
 * Ctrl-C). Files need no care: until they are whole they have no name. */
void interrupt_setup(void);

/* A folder that is being made, to be removed then with all in it; NULL: it is whole or
 * gone. path must live until the next call. */
void interrupt_folder(const char *path);
