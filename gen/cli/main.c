/* kdaudit: find the command, run it, print what went wrong, exit. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/terminal.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *command_name(size_t i)
{
    size_t n;
    const struct command *rows = command_rows(&n);
    return i < n ? rows[i].name : NULL;
}

static int unknown_command(const char *word)
{
    const char *near = options_nearest(str_from(word), command_name);
    struct buf b = BUF_INIT;
    buf_fmt(&b, "kdaudit: unknown command %s", word);
    if (near)
        buf_fmt(&b, "; did you mean %s?", near);
    buf_z(&b, "\n  to mend: see kdaudit --help\n");
    terminal_error(buf_view(&b));
    buf_free(&b);
    return EXIT_USAGE;
}

static void help(void)
{
    struct buf b = BUF_INIT;
    help_all(&b);
    terminal_print(buf_view(&b));
    buf_free(&b);
}

int main(int argc, char **argv)
{
    mem_setup();
    setlocale(LC_CTYPE, "C.UTF-8");
    interrupt_setup();
    /* Writing then fails, which is reported. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    const char *word = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        struct buf b = BUF_INIT;
        help_all(&b);
        terminal_error(buf_view(&b));
        buf_free(&b);
        return EXIT_USAGE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        (strcmp(word, "help") == 0 && argc == 2)) {
        help();
        return EXIT_OK;
    }
    bool help_of = strcmp(word, "help") == 0;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        word = "version";
    const struct command *c = command_find(str_from(help_of ? argv[2] : word));
    if (!c)
        return unknown_command(help_of ? argv[2] : word);
    struct arena *a = arena_new();
    struct invocation in = {.a = a, .dx = diag_new(a)};
    char help_flag[] = "--help", *ask[] = {argv[0], help_flag, NULL};
    int code =
        help_of ? options_read(c, 2, ask, &in) : options_read(c, argc - 1, argv + 1, &in);
    if (code == 0) {
        code = c->run(&in);
        terminal_messages(&in);
    }
    /* What the run built goes with the process: to free it thing by thing takes longer.
     */
    exit(code < 0 ? EXIT_OK : code);
}
