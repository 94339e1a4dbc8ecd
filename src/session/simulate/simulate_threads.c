#include "session/simulate/simulate_threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/assert.h"

// A round is one advance. Workers wait for the next round, take islands until none is left, and say
// that they have finished; the caller does the same and waits for all.
struct simulate_threads {
    struct sim_world *world;
    unsigned count;
    pthread_t workers[SIMULATE_THREADS_MAX];
    pthread_mutex_t lock;
    pthread_cond_t begins;
    pthread_cond_t ends;
    uint64_t round;
    unsigned busy; // workers that have not finished the round
    bool is_over;
    uint64_t until;
    atomic_uint next; // island
};

static void take_islands(struct simulate_threads *threads) {
    uint32_t count = sim_world_islands(threads->world);
    for (;;) {
        uint32_t island = atomic_fetch_add(&threads->next, 1);
        if (island >= count) {
            return;
        }
        sim_world_advance(threads->world, island, threads->until);
    }
}

// False: there is no round to come.
static bool wait_for_round(struct simulate_threads *threads, uint64_t *round) {
    pthread_mutex_lock(&threads->lock);
    while (threads->round == *round && !threads->is_over) {
        pthread_cond_wait(&threads->begins, &threads->lock);
    }
    *round = threads->round;
    bool goes_on = !threads->is_over;
    pthread_mutex_unlock(&threads->lock);
    return goes_on;
}

static void *work(void *context) {
    struct simulate_threads *threads = context;
    uint64_t round = 0;
    while (wait_for_round(threads, &round)) {
        take_islands(threads);
        pthread_mutex_lock(&threads->lock);
        if (--threads->busy == 0) {
            pthread_cond_signal(&threads->ends);
        }
        pthread_mutex_unlock(&threads->lock);
    }
    return NULL;
}

struct simulate_threads *simulate_threads_create(struct sim_world *world, unsigned count) {
    ASSERT(count >= 1 && count <= SIMULATE_THREADS_MAX);
    struct simulate_threads *threads = calloc(1, sizeof *threads);
    ASSERT_MESSAGE(threads != NULL, "there is no memory");
    threads->world = world;
    pthread_mutex_init(&threads->lock, NULL);
    pthread_cond_init(&threads->begins, NULL);
    pthread_cond_init(&threads->ends, NULL);
    threads->count = 1;
    while (threads->count < count &&
           pthread_create(&threads->workers[threads->count], NULL, work, threads) == 0) {
        threads->count++; // with fewer it takes longer, and is the same
    }
    return threads;
}

void simulate_threads_advance(struct simulate_threads *threads, uint64_t until) {
    pthread_mutex_lock(&threads->lock);
    threads->until = until;
    threads->busy = threads->count - 1;
    threads->round++;
    atomic_store(&threads->next, 0);
    pthread_cond_broadcast(&threads->begins);
    pthread_mutex_unlock(&threads->lock);
    take_islands(threads);
    pthread_mutex_lock(&threads->lock);
    while (threads->busy > 0) {
        pthread_cond_wait(&threads->ends, &threads->lock);
    }
    pthread_mutex_unlock(&threads->lock);
}

void simulate_threads_destroy(struct simulate_threads *threads) {
    pthread_mutex_lock(&threads->lock);
    threads->is_over = true;
    pthread_cond_broadcast(&threads->begins);
    pthread_mutex_unlock(&threads->lock);
    for (unsigned i = 1; i < threads->count; i++) {
        pthread_join(threads->workers[i], NULL);
    }
    pthread_cond_destroy(&threads->begins);
    pthread_cond_destroy(&threads->ends);
    pthread_mutex_destroy(&threads->lock);
    free(threads);
}
