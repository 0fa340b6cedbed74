/* Run a command; print the best wall time of N runs in ms, and the largest peak memory in
 * kB. usage: measure N COMMAND... ; what the command prints is thrown away. */
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
    printf("%.1f %ld\n", best, u.ru_maxrss);
    return 0;
}
