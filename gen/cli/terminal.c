/* The terminal: print, colours, progress. */
#include "cli/terminal.h"

#include "base/buf.h"
#include "base/diag.h"
#include "cli/commands.h"
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    COLUMNS_DEFAULT = 80,
    ROWS_DEFAULT = 24,
    PROGRESS_STEPS = 200,
    PROGRESS_AFTER_SECONDS = 2
};

static bool write_to(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

void terminal_print(struct str s)
{
    if (write_to(STDOUT_FILENO, s))
        return;
    fprintf(stderr, "kdaudit: cannot write to standard output: %s\n", strerror(errno));
    exit(EXIT_IO);
}

void terminal_error(struct str s)
{
    /* Nobody is left to be told when this fails. */
    (void)!write_to(STDERR_FILENO, s);
}

void terminal_messages(const struct invocation *in)
{
    struct buf said = BUF_INIT;
    diag_print(in->dx, &said, terminal_colour(in, true));
    terminal_error(buf_view(&said));
    buf_free(&said);
    diag_clear(in->dx);
}

bool terminal_colour(const struct invocation *in, bool error)
{
    if (in->colour && strcmp(in->colour, "always") == 0)
        return true;
    if (in->colour && strcmp(in->colour, "never") == 0)
        return false;
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    if ((no && *no) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(error ? STDERR_FILENO : STDOUT_FILENO) == 1;
}

static struct winsize window(void)
{
    struct winsize w = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0)
        w.ws_col = w.ws_row = 0;
    return w;
}

unsigned terminal_columns(void)
{
    unsigned n = window().ws_col;
    return n ? n : COLUMNS_DEFAULT;
}

unsigned terminal_rows(void)
{
    unsigned n = window().ws_row;
    return n ? n : ROWS_DEFAULT;
}

/* Asked for, or on a terminal once the run is long enough to make a person wonder. */
static bool wanted(const struct invocation *in)
{
    static time_t began;
    struct timespec now;
    if (in->quiet || in->progress == 0)
        return false;
    if (in->progress == 1)
        return true;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!began)
        began = now.tv_sec;
    return now.tv_sec - began >= PROGRESS_AFTER_SECONDS && isatty(STDERR_FILENO);
}

void terminal_progress(const struct invocation *in, const char *what, size_t done,
                       size_t total)
{
    size_t step = total / PROGRESS_STEPS + 1;
    if (!total || (done % step && done != total) || !wanted(in))
        return;
    fprintf(stderr, "\r%s %zu of %zu (%zu %%)\033[K", what, done, total,
            done * 100 / total);
    fflush(stderr);
}

void terminal_progress_end(const struct invocation *in)
{
    if (!wanted(in))
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
