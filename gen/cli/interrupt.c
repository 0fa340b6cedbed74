/* Ctrl-C and its like. A handler may do next to nothing, so while there is a folder to
 * remove it only wakes a thread, which may do everything. */
#include "cli/interrupt.h"

#include "base/file.h"
#include "base/file_stream.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of folder */
static const char *folder;
static int ends[2];          /* of a pipe: the thread waits at the first */
static atomic_int wake = -1; /* the second, once the thread is there */

static void end(int number)
{
    _exit(128 + number);
}

static void interrupted(int number)
{
    int fd = atomic_load(&wake);
    unsigned char byte = (unsigned char)number;
    if (fd < 0 || write(fd, &byte, 1) != 1)
        end(number);
}

static void *wait_for_it(void *nothing)
{
    enum { TRIES = 100 }; /* others may be writing into it still */
    unsigned char number;
    ssize_t n;
    (void)nothing;
    do
        n = read(ends[0], &number, 1);
    while (n != 1);
    /* Kept for good: who is done with the folder waits for the end. */
    pthread_mutex_lock(&lock);
    for (int i = 0; i < TRIES && folder && file_type(folder) != FILE_ABSENT; i++)
        file_remove_tree(folder);
    end(number);
    return NULL;
}

void interrupt_setup(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction act = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
    struct sigaction was;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            sigaction(numbers[i], &act, NULL); /* nohup means it */
}

/* Without the thread the folder stays, as it does when the machine goes down. */
static void start(void)
{
    pthread_t thread;
    if (pipe2(ends, O_CLOEXEC) != 0 ||
        pthread_create(&thread, NULL, wait_for_it, NULL) != 0)
        return;
    pthread_detach(thread);
    atomic_store(&wake, ends[1]);
}

void interrupt_folder(const char *path)
{
    pthread_mutex_lock(&lock);
    folder = path;
    pthread_mutex_unlock(&lock);
    if (path && atomic_load(&wake) < 0)
        start();
}
