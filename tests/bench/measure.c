/* Run a command; print the best wall time of N runs in ms, the largest peak memory in kB,
 * and the processors' time of one run in ms. usage: measure N COMMAND... ; what the
 * command prints is thrown away. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    double best = -1;
    for (int i = 0; i < atoi(argv[1]); i++) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        pid_t pid = fork();
        if (pid == 0) {
            int null = open("/dev/null", O_WRONLY);
            dup2(null, STDOUT_FILENO);
            dup2(null, STDERR_FILENO);
            execvp(argv[2], argv + 2);
            _exit(127);
        }
        int status;
        if (pid < 0 || waitpid(pid, &status, 0) < 0 || WEXITSTATUS(status) == 127)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &to);
        double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
                    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        if (best < 0 || ms < best)
            best = ms;
    }
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
                 (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
    printf("%.1f %ld %.1f\n", best, u.ru_maxrss, cpu / atoi(argv[1]));
    return 0;
}
