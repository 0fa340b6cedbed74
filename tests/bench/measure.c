/* Run a command; print the best wall time of N runs in ms, the largest peak memory in kB,
 * and the least processors' time of a run in ms. usage: measure N FOLDER COMMAND... ;
 * what the command prints is thrown away. FOLDER, unless it is -, is what it makes: gone
 * before each run, so that freeing an older one is not measured. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Its exit status; -1 when it could not be started. */
static int run(char **command, struct rusage *u)
{
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    int status;
    if (pid < 0 || wait4(pid, &status, 0, u) < 0 || WEXITSTATUS(status) == 127)
        return -1;
    return WEXITSTATUS(status);
}

static double ms_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) * 1e3 +
           (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static double ms_of(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    double wall = 0, cpu = 0;
    long peak_kb = 0;
    for (int i = 0; i < atoi(argv[1]); i++) {
        struct timespec from, to;
        struct rusage u;
        char *clear[] = {"rm", "-rf", argv[2], NULL};
        if (strcmp(argv[2], "-") != 0 && run(clear, &u) != 0)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &from);
        if (run(argv + 3, &u) < 0)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &to);
        double ms = ms_between(from, to), busy = ms_of(u.ru_utime) + ms_of(u.ru_stime);
        wall = i && wall < ms ? wall : ms;
        cpu = i && cpu < busy ? cpu : busy;
        peak_kb = peak_kb > u.ru_maxrss ? peak_kb : u.ru_maxrss;
    }
    printf("%.1f %ld %.1f\n", wall, peak_kb, cpu);
    return 0;
}
