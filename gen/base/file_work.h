/* Folders in which something is made that gets its name when it is whole. A run that is
 * killed outright leaves its folder; the next one that needs the place takes it away. The
 * other third of file.c: nothing else touches files. */
#pragma once
#include "base/file.h"

/* PATH, a folder with a mark in it, locked as long as this run lives, and PATH/content.
 */
struct file_work;

/* Make the folder path. What a run that is dead left there is removed, with a warning
 * FIL-124; a folder that another run holds (FIL-123), or that no run made (FIL-122), is
 * not touched. NULL after recording one of these, or FIL-120. Lives in a. */
struct file_work *file_work_open(struct arena *a, const char *path, struct diag *dx);

/* Is path such a folder, of whatever run? */
bool file_work_left(const char *path);

/* Only the first half: remove what a dead run left at path. True when nothing stands
 * there then. False after recording FIL-120, 122 or 123. */
bool file_work_sweep(const char *path, struct diag *dx);

const char *file_work_path(const struct file_work *w);
const char *file_work_content(const struct file_work *w); /* the folder to fill */

/* Remove the folder, with its content unless that has been renamed, and let go of it. */
void file_work_close(struct file_work *w);

/* Hold what is open as fd, and stands at path, against other runs as long as this one
 * lives: flock(2) goes with the process, however it ends. */
enum file_hold {
    FILE_HOLD_OURS,
    FILE_HOLD_BUSY,    /* another run has it */
    FILE_HOLD_UNKNOWN, /* the file system has no such locks */
    FILE_HOLD_GONE,    /* something else stands there meanwhile, or nothing */
};
enum file_hold file_hold(int fd, const char *path);
