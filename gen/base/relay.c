/* Hand pieces of text from one thread to another. */
#include "base/relay.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/threads.h"

#include <pthread.h>
#include <stdlib.h>

struct relay {
    bool (*take)(void *ctx, struct str bytes);
    void *ctx;
    bool alone;         /* no thread: one processor, or none could be started */
    bool started, held; /* held: `next` is a piece that is still to be taken */
    bool end, ok;
    struct buf next, now;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct relay *relay_new(unsigned threads, bool (*take)(void *ctx, struct str bytes),
                        void *ctx)
{
    struct relay *r = mem_alloc(sizeof *r);
    *r = (struct relay){.take = take, .ctx = ctx, .ok = true};
    r->alone = (threads ? threads : threads_available()) < 2;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->changed, NULL);
    return r;
}

/* Take the piece that is held; the lock is free meanwhile. */
static void take_held(struct relay *r)
{
    struct buf piece = r->next;
    r->next = r->now;
    r->now = piece;
    r->held = false;
    bool ok = r->ok;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->lock);
    ok = ok && r->take(r->ctx, buf_view(&r->now));
    pthread_mutex_lock(&r->lock);
    r->ok = r->ok && ok;
}

static void *run(void *arg)
{
    struct relay *r = arg;
    pthread_mutex_lock(&r->lock);
    while (r->held || !r->end)
        if (r->held)
            take_held(r);
        else
            pthread_cond_wait(&r->changed, &r->lock);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

bool relay_put(void *relay, struct str bytes)
{
    struct relay *r = relay;
    pthread_mutex_lock(&r->lock);
    if (r->held && !r->started && !r->alone) {
        r->started = pthread_create(&r->thread, NULL, run, r) == 0;
        r->alone = !r->started;
    }
    if (r->alone) {
        if (r->held)
            take_held(r);
        r->ok = r->ok && r->take(r->ctx, bytes);
        pthread_mutex_unlock(&r->lock);
        return r->ok;
    }
    while (r->held)
        pthread_cond_wait(&r->changed, &r->lock);
    buf_clear(&r->next);
    buf_str(&r->next, bytes);
    r->held = true;
    bool ok = r->ok;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->lock);
    return ok;
}

bool relay_end(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    r->end = true;
    if (r->held && !r->started)
        take_held(r);
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->lock);
    if (r->started)
        pthread_join(r->thread, NULL);
    bool ok = r->ok;
    buf_free(&r->next);
    buf_free(&r->now);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->changed);
    free(r);
    return ok;
}
