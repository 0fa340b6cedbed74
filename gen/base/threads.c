/* Work on many items with a few threads. */
#include "base/threads.h"

#include "base/arena.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS_MAX = 64 };

struct job {
    size_t n;
    void (*work)(void *ctx, size_t item, unsigned worker);
    void (*take)(void *ctx, size_t item, unsigned worker); /* or NULL */
    void *ctx;
    atomic_size_t next;
    /* Whose turn it is to be taken. */
    pthread_mutex_t lock;
    pthread_cond_t taken;
    size_t turn;
};

struct worker {
    struct job *job;
    unsigned number;
    pthread_t thread;
};

unsigned threads_available(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

/* Items start in order, so the one whose turn it is always is with a thread that works.
 */
static void take_turn(struct job *job, size_t item, unsigned worker)
{
    pthread_mutex_lock(&job->lock);
    while (job->turn != item)
        pthread_cond_wait(&job->taken, &job->lock);
    job->take(job->ctx, item, worker);
    job->turn++;
    pthread_cond_broadcast(&job->taken);
    pthread_mutex_unlock(&job->lock);
}

static void *run(void *arg)
{
    struct worker *w = arg;
    for (;;) {
        size_t i = atomic_fetch_add(&w->job->next, 1);
        if (i >= w->job->n)
            return NULL;
        w->job->work(w->job->ctx, i, w->number);
        if (w->job->take)
            take_turn(w->job, i, w->number);
    }
}

size_t threads_batch(size_t n, unsigned threads, size_t most)
{
    enum { TURNS = 8 }; /* of each thread at least: items take unequal time */
    size_t turns = (threads ? threads : threads_available()) * (size_t)TURNS;
    size_t share = n / turns;
    return share < 1 ? 1 : share > most ? most : share;
}

void threads_in_order(size_t n, unsigned threads,
                      void (*work)(void *ctx, size_t item, unsigned worker),
                      void (*take)(void *ctx, size_t item, unsigned worker), void *ctx)
{
    if (!threads)
        threads = threads_available();
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    if (threads > n)
        threads = n ? (unsigned)n : 1;
    struct job job = {.n = n, .work = work, .take = take, .ctx = ctx};
    struct worker workers[THREADS_MAX];
    unsigned started = 1;
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.taken, NULL);
    for (unsigned i = 0; i < threads; i++)
        workers[i] = (struct worker){.job = &job, .number = i};
    while (started < threads &&
           pthread_create(&workers[started].thread, NULL, run, &workers[started]) == 0)
        started++;
    run(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&job.lock);
    pthread_cond_destroy(&job.taken);
}

void threads_for(size_t n, unsigned threads,
                 void (*work)(void *ctx, size_t item, unsigned worker), void *ctx)
{
    threads_in_order(n, threads, work, NULL, ctx);
}

struct aside {
    void (*work)(void *ctx);
    void *ctx;
    bool started;
    pthread_t thread;
};

static void *run_aside(void *arg)
{
    struct aside *s = arg;
    s->work(s->ctx);
    return NULL;
}

struct aside *aside_begin(unsigned threads, void (*work)(void *ctx), void *ctx)
{
    struct aside *s = mem_alloc(sizeof *s);
    *s = (struct aside){.work = work, .ctx = ctx};
    if (!threads)
        threads = threads_available();
    s->started = threads > 1 && pthread_create(&s->thread, NULL, run_aside, s) == 0;
    if (!s->started)
        work(ctx);
    return s;
}

void aside_end(struct aside *s)
{
    if (s->started)
        pthread_join(s->thread, NULL);
    free(s);
}
