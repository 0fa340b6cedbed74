/* Sign and check with ssh-keygen, run without a shell. */
#include "pack/sign.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "pack/message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ARGS_MAX = 16,
    FEED_MAX = 1 << 15, /* what fits a pipe: nothing is written while something is read */
    ANSWER_MAX = 1 << 16,
    NOT_RUN = 127,
};

struct run {
    const char *args[ARGS_MAX];
    struct str input;     /* to standard input */
    struct str signature; /* as a file of its own, named in args by SIGNATURE_FILE */
    struct str out, err;
    int status;
};

/* What args hold where the signature's file name goes. */
static const char SIGNATURE_FILE[] = "<signature>";

static bool feed(int fd, struct str bytes)
{
    bool ok = bytes.n <= FEED_MAX && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;
    close(fd);
    return ok;
}

static void child(const struct run *r, const int in[2], const int out[2],
                  const int err[2], const int sig[2])
{
    char *args[ARGS_MAX + 1] = {0}, name[32] = "/dev/fd/";
    size_t n = strlen(name);
    if (sig[0] >= 100)
        _exit(NOT_RUN);
    if (sig[0] >= 10)
        name[n++] = (char)('0' + sig[0] / 10);
    name[n++] = (char)('0' + sig[0] % 10);
    for (size_t i = 0; i < ARGS_MAX && r->args[i]; i++)
        args[i] = r->args[i] == SIGNATURE_FILE ? name : (char *)r->args[i];
    if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0 ||
        dup2(err[1], STDERR_FILENO) < 0 || fcntl(sig[0], F_SETFD, 0) < 0)
        _exit(NOT_RUN);
    execvp(args[0], args);
    _exit(NOT_RUN);
}

/* Both streams to their ends. */
static void listen_to(struct arena *a, int out, int err, struct run *r)
{
    struct buf said[2] = {BUF_INIT, BUF_INIT};
    struct pollfd fds[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
        for (int i = 0; i < 2; i++) {
            char room[4096];
            if (fds[i].fd < 0 || !fds[i].revents)
                continue;
            ssize_t n = read(fds[i].fd, room, sizeof room);
            if (n > 0 && said[i].n < ANSWER_MAX)
                buf_str(&said[i], (struct str){room, (size_t)n});
            else if (n == 0 || (n < 0 && errno != EINTR))
                fds[i].fd = -1;
        }
    }
    r->out = buf_dup(a, &said[0]);
    r->err = buf_dup(a, &said[1]);
    buf_free(&said[0]);
    buf_free(&said[1]);
}

static void close_pair(int p[2])
{
    for (int i = 0; i < 2; i++)
        if (p[i] >= 0)
            close(p[i]);
}

/* Run ssh-keygen; false when it could not be run at all. */
static bool run(struct arena *a, struct run *r)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, sig[2] = {-1, -1};
    bool ok = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
              pipe2(err, O_CLOEXEC) == 0 && pipe2(sig, O_CLOEXEC) == 0;
    pid_t pid = ok ? fork() : -1;
    if (pid == 0)
        child(r, in, out, err, sig);
    if (pid < 0) {
        close_pair(in);
        close_pair(out);
        close_pair(err);
        close_pair(sig);
        return false;
    }
    feed(sig[1], r->signature);
    feed(in[1], r->input);
    close(in[0]);
    close(sig[0]);
    close(out[1]);
    close(err[1]);
    listen_to(a, out[0], err[0], r);
    close(out[0]);
    close(err[0]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    r->status = WIFEXITED(status) ? WEXITSTATUS(status) : NOT_RUN;
    return r->status != NOT_RUN;
}

/* The last line that says something. */
static struct str last_line(struct str s)
{
    s = str_trim(s);
    return str_trim(str_sub(s, str_find_last(s, '\n') + 1, s.n));
}

static bool fail(const struct diag_kind *kind, const struct run *r, bool ran,
                 struct diag *dx)
{
    struct str why = last_line(r->err.n ? r->err : r->out);
    diag_file(dx, ran ? kind : &PAK_KEYGEN, STR(""), "%.*s",
              STR_ARG(ran && why.n ? why : STR("ssh-keygen cannot be run")));
    return false;
}

bool sign_possible(struct arena *a)
{
    struct run r = {.args = {"ssh-keygen", "-Y", "check-novalidate"}};
    return run(a, &r);
}

bool sign_make(struct arena *a, const char *key, struct str bytes, struct str *signature,
               struct diag *dx)
{
    struct run r = {
        .args = {"ssh-keygen", "-Y", "sign", "-f", key, "-n", SIGN_NAMESPACE},
        .input = bytes,
    };
    bool ran = run(a, &r);
    if (!ran || r.status != 0 || !str_has(r.out, STR("BEGIN SSH SIGNATURE")))
        return fail(&PAK_KEYGEN, &r, ran, dx);
    *signature = r.out;
    return true;
}

static bool fits(struct str bytes, struct str signature, struct diag *dx)
{
    if (bytes.n <= FEED_MAX && signature.n <= FEED_MAX)
        return true;
    diag_file(dx, &PAK_SIGNATURE_BAD, STR(""), "it is too long");
    return false;
}

static bool find_signer(struct arena *a, const char *allowed, struct str signature,
                        struct str *who, struct diag *dx)
{
    struct run r = {
        .args = {"ssh-keygen", "-Y", "find-principals", "-s", SIGNATURE_FILE, "-f",
                 allowed},
        .signature = signature,
    };
    bool ran = run(a, &r);
    if (!ran || r.status != 0)
        return fail(&PAK_SIGNATURE_BAD, &r, ran, dx);
    struct str line;
    str_cut(str_trim(r.out), '\n', &line, NULL);
    str_cut(line, ',', who, NULL);
    return true;
}

bool sign_check(struct arena *a, const char *allowed, const char *identity,
                struct str bytes, struct str signature, struct str *who, struct diag *dx)
{
    *who = str_from(identity);
    if (!fits(bytes, signature, dx) ||
        (!identity && !find_signer(a, allowed, signature, who, dx)))
        return false;
    struct run r = {
        .args = {"ssh-keygen", "-Y", "verify", "-f", allowed, "-I", str_z(a, *who), "-n",
                 SIGN_NAMESPACE, "-s", SIGNATURE_FILE},
        .input = bytes,
        .signature = signature,
    };
    bool ran = run(a, &r);
    return ran && r.status == 0 ? true : fail(&PAK_SIGNATURE_BAD, &r, ran, dx);
}

bool sign_look(struct arena *a, struct str bytes, struct str signature, struct str *who,
               struct diag *dx)
{
    if (!fits(bytes, signature, dx))
        return false;
    struct run r = {
        .args = {"ssh-keygen", "-Y", "check-novalidate", "-n", SIGN_NAMESPACE, "-s",
                 SIGNATURE_FILE},
        .input = bytes,
        .signature = signature,
    };
    bool ran = run(a, &r);
    if (!ran || r.status != 0)
        return fail(&PAK_SIGNATURE_BAD, &r, ran, dx);
    *who = last_line(r.out);
    return true;
}
