// What the store `redis` promises beyond the suite of store_test.c: many masters, and a Redis that
// comes and goes.
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "world.h"

static const struct store_limits usual = {.gates = 10,
                                          .mailbox_packets = 1000000,
                                          .mailbox_bytes = 100000000,
                                          .silence_ms = 30000,
                                          .classic_silence_ms = 10000};

static void begin(struct world *world) {
    if (!redis_server_is_installed()) {
        print_message("not tested: there is no redis-server; install it\n");
        skip();
    }
    world_begin(world, "redis://", usual);
}

// A second master on the same Redis; end_second ends it.
static struct world begin_second(const struct world *first) {
    struct world second = *first;
    struct store_error error;
    memory_init(&second.memory);
    second.store = store_open(first->name, &first->limits, &error);
    assert_non_null(second.store);
    return second;
}

static void end_second(struct world *second) {
    second->store->kind->close(second->store);
    assert_int_equal(second->memory.blocks_in_use, 0);
}

// Repeats the request until the store is there again.
static enum gate_status execute_when_back(struct world *world, struct store_request *request) {
    for (int i = 0; i < 200 && world_execute(world, request) == GATE_UNAVAILABLE; i++) {
        usleep(20000);
    }
    return request->status;
}

// ---- a Redis that comes and goes --------------------------------------------------------------

static void a_restarted_redis_goes_on(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    w.store->kind->close(w.store);
    redis_server_kill(&w.server);
    w.server.is_durable = true;
    redis_server_start(&w.server);
    w.store = store_open(w.name, &usual, &(struct store_error){""});
    world_lease(&w, 1, 'a');
    world_lease(&w, 2, 'b');
    world_upload(&w, 1, 'a', 1, "22");
    redis_server_kill(&w.server);
    struct store_request upload = world_upload(&w, 1, 'a', 3, "2");
    assert_int_equal(upload.status, GATE_UNAVAILABLE);
    assert_non_null(strstr(w.store->trouble.text, "redis://127.0.0.1:"));
    redis_server_start(&w.server);
    struct store_request renew = world_request(&w, STORE_RENEW, 1, 'a');
    assert_int_equal(execute_when_back(&w, &renew), GATE_OK);
    assert_string_equal(w.store->trouble.text, "");
    assert_int_equal(world_upload(&w, 1, 'a', 3, "2").uploaded, 3);
    world_assert_taken(&w, 2, 'b', 0, "1\n2\n3\n");
    world_end(&w);
}

static void a_redis_that_forgot_the_script_is_told_again(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    world_lease(&w, 1, 'a');
    redis_server_tell(&w.server, "SCRIPT FLUSH");
    assert_int_equal(world_upload(&w, 1, 'a', 1, "1").status, GATE_OK);
    world_assert_taken(&w, 1, 'a', 0, "1\n");
    world_end(&w);
}

// Of another program, say; it is told what to do, and all is well once that is done.
static void keys_of_another_type_are_told(void **state) {
    (void)state;
    static const char *const commands[] = {"SET mqttsim:gates x", "SET mqttsim:gate:1 x",
                                           "SET mqttsim:free x"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct world w;
        begin(&w);
        redis_server_tell(&w.server, commands[i]);
        if (world_lease(&w, 1, 'a') == GATE_UNAVAILABLE) {
            assert_non_null(strstr(w.store->trouble.text, "a key of another type"));
            assert_non_null(strstr(w.store->trouble.text, "name another database"));
        } else {
            assert_int_equal(i, 2); // that one is not read by each request
        }
        redis_server_tell(&w.server, "FLUSHDB");
        assert_int_equal(world_lease(&w, 1, 'a'), GATE_NEW);
        world_end(&w);
    }
}

static void a_full_redis_changes_nothing(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    world_lease(&w, 1, 'a');
    redis_server_tell(&w.server, "CONFIG SET maxmemory 1");
    assert_int_equal(world_upload(&w, 1, 'a', 1, "1").status, GATE_UNAVAILABLE);
    assert_non_null(strstr(w.store->trouble.text, "maxmemory"));
    redis_server_tell(&w.server, "CONFIG SET maxmemory 0");
    assert_int_equal(world_upload(&w, 1, 'a', 1, "1").accepted, 1);
    world_assert_taken(&w, 1, 'a', 0, "1\n");
    world_end(&w);
}

static void a_password_is_asked_for(void **state) {
    (void)state;
    struct world w;
    struct store_error error;
    char name[128];
    begin(&w);
    redis_server_tell(&w.server, "CONFIG SET requirepass open:sesame@home");
    assert_null(store_open(w.name, &usual, &error));
    assert_non_null(strstr(error.text, "NOAUTH"));
    snprintf(name, sizeof name, "redis://:wrong@127.0.0.1:%d", w.server.port);
    assert_null(store_open(name, &usual, &error));
    assert_non_null(strstr(error.text, "WRONGPASS"));
    assert_null(strstr(error.text, "wrong@"));
    snprintf(name, sizeof name, "redis://:open:sesame@home@127.0.0.1:%d/2", w.server.port);
    struct store *store = store_open(name, &usual, &error);
    assert_non_null(store);
    store->kind->close(store);
    world_end(&w);
}

static int64_t keys_in(const struct world *world) {
    redisContext *link = redisConnect("127.0.0.1", world->server.port);
    redisReply *reply = redisCommand(link, "DBSIZE");
    int64_t keys = reply->integer;
    freeReplyObject(reply);
    redisFree(link);
    return keys;
}

static void redis_itself_drops_silent_gates(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    world_lease(&w, 1, 'a'); // of 30 s
    w.limits.silence_ms = 1500;
    world_reopen(&w);
    int64_t before = keys_in(&w);
    world_lease(&w, 2, 'b');
    world_lease(&w, 3, 'c');
    world_upload(&w, 2, 'b', 1, "3200");
    assert_true(keys_in(&w) >= before + 4);
    usleep(1800000);
    redis_server_tell(&w.server, "KEYS mqttsim:*"); // looks at all, and so drops the expired
    assert_int_equal(keys_in(&w), before + 1);      // the mailbox of gate 1
    assert_int_equal(world_lease(&w, 2, 'x'), GATE_NEW);
    world_assert_taken(&w, 2, 'x', 0, "");
    world_end(&w);
}

// ---- many masters -----------------------------------------------------------------------------

// What was woken, by gate; 0: all.
struct wakes {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t counts[10];
};

static void wake(void *context, uint32_t gate) {
    struct wakes *wakes = context;
    pthread_mutex_lock(&wakes->lock);
    wakes->counts[gate]++;
    pthread_cond_broadcast(&wakes->changed);
    pthread_mutex_unlock(&wakes->lock);
}

static uint64_t wakes_of(struct wakes *wakes, uint32_t gate) {
    pthread_mutex_lock(&wakes->lock);
    uint64_t count = wakes->counts[gate];
    pthread_mutex_unlock(&wakes->lock);
    return count;
}

// Waits until the gate was woken more often than that, for five seconds at most.
static void assert_woken(struct wakes *wakes, uint32_t gate, uint64_t than) {
    struct timespec until;
    int result = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    pthread_mutex_lock(&wakes->lock);
    while (wakes->counts[gate] <= than && result == 0) {
        result = pthread_cond_timedwait(&wakes->changed, &wakes->lock, &until);
    }
    pthread_mutex_unlock(&wakes->lock);
    assert_int_equal(result, 0);
}

#define NO_WAKES                                               \
    {                                                          \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { \
            0                                                  \
        }                                                      \
    }

static void masters_share_gates_and_wake_each_other(void **state) {
    (void)state;
    struct wakes at_first = NO_WAKES;
    struct wakes at_second = NO_WAKES;
    struct world first;
    begin(&first);
    struct world second = begin_second(&first);
    first.store->kind->listen(first.store, wake, &at_first);
    second.store->kind->listen(second.store, wake, &at_second);
    assert_woken(&at_first, 0, 0); // something may have come before we listened
    assert_woken(&at_second, 0, 0);
    world_lease(&first, 1, 'a');
    assert_int_equal(world_lease(&second, 1, 'b'), GATE_TAKEN);
    world_lease(&second, 2, 'b');
    world_upload(&first, 1, 'a', 1, "2");
    assert_woken(&at_second, 2, 0);
    world_assert_taken(&second, 2, 'b', 0, "1\n");
    world_upload(&second, 1, 'a', 2, "20"); // the router of gate 1 came over
    assert_woken(&at_first, 2, 0);
    assert_woken(&at_first, 0, 1);
    world_assert_taken(&first, 2, 'b', 1, "2\n3\n");
    assert_int_equal(wakes_of(&at_second, 2), 1);
    assert_int_equal(wakes_of(&at_second, 0), 1);
    end_second(&second);
    world_end(&first);
}

static void all_are_woken_when_redis_is_back(void **state) {
    (void)state;
    struct wakes wakes = NO_WAKES;
    struct world first;
    begin(&first);
    struct world second = begin_second(&first);
    second.store->kind->listen(second.store, wake, &wakes);
    assert_woken(&wakes, 0, 0);
    redis_server_kill(&first.server);
    usleep(300000);
    redis_server_start(&first.server);
    assert_woken(&wakes, 0, 1);
    struct store_request lease = world_request(&first, STORE_LEASE, 3, 'c');
    assert_int_equal(execute_when_back(&first, &lease), GATE_NEW);
    world_upload(&first, 3, 'c', 1, "3");
    assert_woken(&wakes, 3, 0);
    end_second(&second);
    world_end(&first);
}

enum { UPLOADERS = 4, UPLOADS = 300 };

struct uploader {
    struct world world;
    uint32_t gate;
    bool is_good;
};

static void *upload_all(void *context) {
    struct uploader *own = context;
    own->is_good = world_lease(&own->world, own->gate, 'a') == GATE_NEW;
    for (uint64_t i = 0; i < UPLOADS && own->is_good; i++) {
        char line[32];
        int size = snprintf(line, sizeof line, "%u %u\n", own->gate, (unsigned)i);
        struct store_packet packet = {9, bytes_make(line, (size_t)size)};
        struct store_request request = world_request(&own->world, STORE_UPLOAD, own->gate, 'a');
        request.first = i + 1;
        request.packets = &packet;
        request.packet_count = 1;
        own->is_good = world_execute(&own->world, &request) == GATE_OK && request.accepted == 1;
    }
    return NULL;
}

// Masters that work at the same time, each for another gate, all with packets for one.
static void masters_at_the_same_time_lose_and_mix_nothing(void **state) {
    (void)state;
    struct world w;
    pthread_t threads[UPLOADERS];
    static struct uploader uploaders[UPLOADERS];
    unsigned next[UPLOADERS + 1] = {0};
    begin(&w);
    world_lease(&w, 9, 'z');
    for (uint32_t i = 0; i < UPLOADERS; i++) {
        uploaders[i].world = begin_second(&w);
        uploaders[i].gate = i + 1;
        assert_int_equal(pthread_create(&threads[i], NULL, upload_all, &uploaders[i]), 0);
    }
    for (uint32_t i = 0; i < UPLOADERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(uploaders[i].is_good);
        end_second(&uploaders[i].world);
    }
    struct store_request take = world_request(&w, STORE_TAKE, 9, 'z');
    assert_int_equal(world_execute(&w, &take), GATE_OK);
    assert_int_equal(take.last, UPLOADERS * UPLOADS);
    buffer_append_byte(&take.lines, 0);
    const char *at = (const char *)take.lines.data;
    for (int i = 0; i < UPLOADERS * UPLOADS; i++) {
        char *end;
        unsigned long gate = strtoul(at, &end, 10);
        assert_true(gate >= 1 && gate <= UPLOADERS);
        assert_int_equal(strtoul(end, &end, 10), next[gate]++);
        assert_int_equal(*end, '\n');
        at = end + 1;
    }
    world_free(&take);
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restarted_redis_goes_on),
        cmocka_unit_test(a_redis_that_forgot_the_script_is_told_again),
        cmocka_unit_test(keys_of_another_type_are_told),
        cmocka_unit_test(a_full_redis_changes_nothing),
        cmocka_unit_test(a_password_is_asked_for),
        cmocka_unit_test(redis_itself_drops_silent_gates),
        cmocka_unit_test(masters_share_gates_and_wake_each_other),
        cmocka_unit_test(all_are_woken_when_redis_is_back),
        cmocka_unit_test(masters_at_the_same_time_lose_and_mix_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
