#include "session/simulate/simulate_threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/assert.h"

#define SPINS 2000u // that a thread waits for the next window before it lets others run

// A round is one advance. Workers wait for the next round, take islands until none is left, then
// jobs of window after window, and say that they have finished; the caller does the same and waits
// for all.
//
// A window is short, so threads do not sleep between two of them. The last one that finds no more
// jobs opens the next window, for which the others wait: `window` counts them.
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
    atomic_uint next_job;
    atomic_uint jobs;    // of the window; 0: there are no more windows in this round
    atomic_uint waiting; // threads that found no more jobs
    atomic_ulong window;
};

static void take_islands(struct simulate_threads *threads) {
    uint32_t count = sim_world_joined(threads->world);
    for (;;) {
        uint32_t island = atomic_fetch_add(&threads->next, 1);
        if (island >= count) {
            return;
        }
        sim_world_advance(threads->world, island, threads->until);
    }
}

// ---- windows ------------------------------------------------------------------------------------

static void take_jobs(struct simulate_threads *threads) {
    uint32_t count = atomic_load(&threads->jobs);
    for (uint32_t job; (job = atomic_fetch_add(&threads->next_job, 1)) < count;) {
        sim_world_do_job(threads->world, job);
    }
}

// No other thread is at work.
static void open_window(struct simulate_threads *threads) {
    atomic_store(&threads->jobs, sim_world_open_window(threads->world, threads->until));
    atomic_store(&threads->next_job, 0);
    atomic_store(&threads->waiting, 0);
}

static void wait_for_window(struct simulate_threads *threads, unsigned long window) {
    for (unsigned spins = 0; atomic_load(&threads->window) == window; spins++) {
        if (spins >= SPINS) {
            (void)sched_yield();
        }
    }
}

static void take_windows(struct simulate_threads *threads) {
    while (atomic_load(&threads->jobs) > 0) {
        unsigned long window = atomic_load(&threads->window);
        take_jobs(threads);
        if (atomic_fetch_add(&threads->waiting, 1) + 1 < threads->count) {
            wait_for_window(threads, window);
            continue;
        }
        sim_world_close_window(threads->world);
        open_window(threads);
        atomic_fetch_add(&threads->window, 1);
    }
}

// ---- rounds -------------------------------------------------------------------------------------

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
        take_windows(threads);
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
    open_window(threads);
    threads->busy = threads->count - 1;
    threads->round++;
    atomic_store(&threads->next, 0);
    pthread_cond_broadcast(&threads->begins);
    pthread_mutex_unlock(&threads->lock);
    take_islands(threads);
    take_windows(threads);
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
