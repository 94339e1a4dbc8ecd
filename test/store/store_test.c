// What every store promises: one suite of tests over memory, sqlite and redis.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "world.h"

static const struct store_limits usual = {.gates = 5,
                                          .mailbox_packets = 8,
                                          .mailbox_bytes = 1000,
                                          .silence_ms = 60000,
                                          .classic_silence_ms = 60000};

static void leases(struct world *w) {
    assert_int_equal(world_lease(w, 7, 'a'), GATE_NEW);
    assert_int_equal(world_lease(w, 7, 'a'), GATE_OK);
    assert_int_equal(world_lease(w, 7, 'b'), GATE_TAKEN);
    assert_int_equal(world_lease(w, 2, 'b'), GATE_NEW);
    for (uint32_t wanted = 1; wanted <= 4; wanted += wanted == 1 ? 2 : 1) {
        struct store_request any = world_request(w, STORE_LEASE, 0, 'c');
        assert_int_equal(world_execute(w, &any), GATE_NEW);
        assert_int_equal(any.gate, wanted);
    }
    assert_int_equal(world_lease(w, 0, 'd'), GATE_FULL);
    assert_int_equal(world_lease(w, 9, 'd'), GATE_FULL);
    assert_int_equal(world_lease(w, 4294967, 'd'), GATE_NO_LEASE);
    struct store_request back = world_request(w, STORE_GIVE_BACK, 2, 'a');
    assert_int_equal(world_execute(w, &back), GATE_NO_LEASE);
    back = world_request(w, STORE_GIVE_BACK, 2, 'b');
    assert_int_equal(world_execute(w, &back), GATE_OK);
    assert_int_equal(world_execute(w, &back), GATE_NO_LEASE);
    struct store_request any = world_request(w, STORE_LEASE, 0, 'd');
    assert_int_equal(world_execute(w, &any), GATE_NEW);
    assert_int_equal(any.gate, 2);
}

static void secrets(struct world *w) {
    world_lease(w, 1, 'a');
    world_lease(w, 2, 'b');
    const enum store_operation closed[] = {STORE_UPLOAD, STORE_TAKE, STORE_GIVE_BACK, STORE_RENEW};
    for (size_t i = 0; i < 4; i++) {
        struct store_request request = world_request(w, closed[i], 1, 'b');
        assert_int_equal(world_execute(w, &request), GATE_NO_LEASE);
        request = world_request(w, closed[i], 3, 'b');
        assert_int_equal(world_execute(w, &request), GATE_NO_LEASE);
        request = world_request(w, closed[i], 0, 'b');
        assert_int_equal(world_execute(w, &request), GATE_NO_LEASE);
    }
}

static void uploads(struct world *w) {
    world_lease(w, 1, 'a');
    world_lease(w, 2, 'b');
    world_lease(w, 3, 'c');
    struct store_request request = world_upload(w, 1, 'a', 1, "2003921");
    assert_int_equal(request.status, GATE_OK);
    assert_int_equal(request.uploaded, 7);
    assert_int_equal(request.accepted, 7);
    assert_int_equal(request.unreachable, 1);
    request = world_upload(w, 1, 'a', 4, "3921");
    assert_int_equal(request.status, GATE_OK);
    assert_int_equal(request.accepted, 0);
    request = world_upload(w, 1, 'a', 6, "2122");
    assert_int_equal(request.uploaded, 9);
    assert_int_equal(request.accepted, 2);
    request = world_upload(w, 1, 'a', 11, "2");
    assert_int_equal(request.status, GATE_GAP);
    assert_int_equal(request.uploaded, 9);
    request = world_upload(w, 1, 'a', UINT64_MAX, "2");
    assert_int_equal(request.status, GATE_GAP);
    world_assert_taken(w, 1, 'a', 0, "7\n");
    world_assert_taken(w, 2, 'b', 0, "1\n2\n3\n6\n8\n9\n");
    world_assert_taken(w, 3, 'c', 0, "2\n3\n4\n");
    request = world_request(w, STORE_LEASE, 1, 'a');
    assert_int_equal(world_execute(w, &request), GATE_OK);
    assert_int_equal(request.uploaded, 9);
}

static void takes(struct world *w) {
    world_lease(w, 1, 'a');
    world_upload(w, 1, 'a', 1, "11111");
    struct store_request request = world_request(w, STORE_TAKE, 1, 'a');
    request.bytes_max = 5;
    assert_int_equal(world_execute(w, &request), GATE_OK);
    assert_bytes_equal(buffer_bytes(&request.lines), BYTES_LITERAL("1\n2\n"));
    assert_int_equal(request.last, 2);
    request.bytes_max = 0;
    request.acknowledged = 2;
    world_execute(w, &request);
    assert_bytes_equal(buffer_bytes(&request.lines), BYTES_LITERAL("3\n"));
    assert_int_equal(request.last, 3);
    world_assert_taken(w, 1, 'a', 0, "3\n4\n5\n");
    world_assert_taken(w, 1, 'a', 6, "3\n4\n5\n");
    world_assert_taken(w, 1, 'a', UINT64_MAX, "3\n4\n5\n");
    world_assert_taken(w, 1, 'a', 5, "");
    world_upload(w, 1, 'a', 6, "1");
    world_assert_taken(w, 1, 'a', 5, "6\n");
    world_free(&request);
}

static void a_full_mailbox(struct world *w) {
    world_lease(w, 1, 'a');
    world_upload(w, 1, 'a', 1, "11111");
    world_upload(w, 1, 'a', 6, "11111");
    struct store_request request = world_request(w, STORE_TAKE, 1, 'a');
    world_execute(w, &request);
    assert_bytes_equal(buffer_bytes(&request.lines), BYTES_LITERAL("3\n4\n5\n6\n7\n8\n9\n10\n"));
    assert_int_equal(request.last, 10);
    assert_int_equal(request.missing, 2);
    request.acknowledged = 4;
    world_execute(w, &request);
    assert_int_equal(request.missing, 0);
    world_upload(w, 1, 'a', 11, "111111111111");
    world_execute(w, &request);
    assert_bytes_equal(buffer_bytes(&request.lines),
                       BYTES_LITERAL("15\n16\n17\n18\n19\n20\n21\n22\n"));
    assert_int_equal(request.missing, 10);
    world_free(&request);
}

static void a_packet_larger_than_a_mailbox(struct world *w) {
    static char line[2000];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    struct store_packet packet = {1, bytes_make(line, sizeof line)};
    world_lease(w, 1, 'a');
    world_upload(w, 1, 'a', 1, "11");
    struct store_request request = world_request(w, STORE_UPLOAD, 1, 'a');
    request.first = 3;
    request.packets = &packet;
    request.packet_count = 1;
    assert_int_equal(world_execute(w, &request), GATE_OK);
    request = world_request(w, STORE_TAKE, 1, 'a');
    assert_int_equal(world_execute(w, &request), GATE_OK);
    assert_int_equal(request.lines.size, 0);
    assert_int_equal(request.missing, 3);
    assert_int_equal(request.last, 3);
    world_upload(w, 1, 'a', 4, "1");
    world_assert_taken(w, 1, 'a', 3, "4\n");
}

static void assert_popped(struct world *w, uint32_t gate, const char *line) {
    struct store_request pop = world_request(w, STORE_POP, gate, 0);
    assert_int_equal(world_execute(w, &pop), GATE_OK);
    assert_bytes_equal(buffer_bytes(&pop.lines), bytes_of_text(line));
    world_free(&pop);
}

static void classic_gates(struct world *w) {
    struct store_packet packet = {2, BYTES_LITERAL("put\n")};
    world_lease(w, 1, 'a');
    assert_popped(w, 2, "");
    struct store_request put = world_request(w, STORE_PUT, 3, 0);
    put.packets = &packet;
    put.packet_count = 1;
    assert_int_equal(world_execute(w, &put), GATE_OK);
    put.gate = 2;
    assert_int_equal(world_execute(w, &put), GATE_OK);
    put.gate = 1;
    assert_int_equal(world_execute(w, &put), GATE_NO_LEASE);
    world_upload(w, 1, 'a', 1, "22");
    struct store_request pop = world_request(w, STORE_POP, 1, 0);
    assert_int_equal(world_execute(w, &pop), GATE_NO_LEASE);
    struct store_request take = world_request(w, STORE_TAKE, 2, 0);
    assert_int_equal(world_execute(w, &take), GATE_NO_LEASE);
    assert_int_equal(world_lease(w, 2, 0), GATE_TAKEN);
    assert_popped(w, 2, "put\n");
    assert_popped(w, 2, "put\n");
    assert_popped(w, 2, "1\n");
    assert_popped(w, 2, "2\n");
    assert_popped(w, 2, "");
}

static void lists(struct world *w) {
    struct store_request list = world_request(w, STORE_LIST, 0, 0);
    assert_int_equal(world_execute(w, &list), GATE_OK);
    assert_int_equal(list.gate_count, 0);
    world_lease(w, 9, 'a');
    assert_popped(w, 4, "");
    world_upload(w, 9, 'a', 1, "4444444444");
    assert_int_equal(world_execute(w, &list), GATE_OK);
    assert_int_equal(list.gate_count, 2);
    assert_int_equal(list.gates[0].gate, 4);
    assert_true(list.gates[0].classic);
    assert_int_equal(list.gates[0].packets, 8);
    assert_int_equal(list.gates[0].bytes, 17);
    assert_int_equal(list.gates[0].dropped, 2);
    assert_int_equal(list.gates[1].gate, 9);
    assert_false(list.gates[1].classic);
    assert_true(list.gates[1].since_ms > UINT64_C(1700000000000));
    assert_true(list.gates[1].heard_ms >= list.gates[1].since_ms);
    world_free(&list);
}

static void one_call_for_many_requests(struct world *w) {
    struct store_packet packet = {2, BYTES_LITERAL("x\n")};
    struct store_request all[5] = {
        world_request(w, STORE_LEASE, 1, 'a'), world_request(w, STORE_LEASE, 2, 'b'),
        world_request(w, STORE_UPLOAD, 1, 'a'), world_request(w, STORE_TAKE, 2, 'b'),
        world_request(w, STORE_LIST, 0, 0)};
    all[2].first = 1;
    all[2].packets = &packet;
    all[2].packet_count = 1;
    struct store_request *pointers[5];
    for (int i = 0; i < 5; i++) {
        pointers[i] = &all[i];
    }
    w->store->kind->execute(w->store, pointers, 5);
    assert_int_equal(all[1].status, GATE_NEW);
    assert_int_equal(all[2].accepted, 1);
    assert_bytes_equal(buffer_bytes(&all[3].lines), BYTES_LITERAL("x\n"));
    assert_int_equal(all[4].gates[1].packets, 1);
    world_free(&all[3]);
    world_free(&all[4]);
    w->store->kind->execute(w->store, NULL, 0);
}

// Takes what is there in pieces, and compares it with lines of these numbers.
static void assert_numbers_in_pieces(struct world *w, uint64_t bytes_max, uint64_t count) {
    struct store_request take = world_request(w, STORE_TAKE, 2, 'b');
    take.bytes_max = bytes_max;
    for (uint64_t number = 1; number <= count;) {
        assert_int_equal(world_execute(w, &take), GATE_OK);
        assert_true(take.lines.size > 0 && take.lines.size <= bytes_max);
        for (size_t at = 0; at < take.lines.size; number++) {
            char line[64];
            int size = snprintf(line, sizeof line, "number %llu\n", (unsigned long long)number);
            assert_memory_equal(take.lines.data + at, line, (size_t)size);
            at += (size_t)size;
        }
        assert_int_equal(take.last, number - 1);
        take.acknowledged = take.last;
    }
    world_execute(w, &take);
    assert_int_equal(take.lines.size, 0);
    world_free(&take);
}

static void long_batches(struct world *w) {
    enum { COUNT = 40000 };
    static char lines[COUNT][24];
    static struct store_packet packets[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        int size = snprintf(lines[i], sizeof lines[i], "number %u\n", i + 1);
        packets[i] = (struct store_packet){2, bytes_make(lines[i], (size_t)size)};
    }
    world_lease(w, 1, 'a');
    world_lease(w, 2, 'b');
    struct store_request upload = world_request(w, STORE_UPLOAD, 1, 'a');
    upload.first = 1;
    upload.packets = packets;
    upload.packet_count = COUNT / 2;
    assert_int_equal(world_execute(w, &upload), GATE_OK);
    upload.first = 1000; // and the first half again, but for some
    upload.packets = packets + 999;
    upload.packet_count = COUNT - 999;
    assert_int_equal(world_execute(w, &upload), GATE_OK);
    assert_int_equal(upload.accepted, COUNT / 2);
    assert_numbers_in_pieces(w, 50000, COUNT);
}

static void silence(struct world *w) {
    world_lease(w, 1, 'a');
    world_lease(w, 2, 'b');
    assert_popped(w, 3, "");
    world_upload(w, 1, 'a', 1, "22");
    world_pass(w, 750);
    struct store_request renew = world_request(w, STORE_RENEW, 2, 'b');
    assert_int_equal(world_execute(w, &renew), GATE_OK);
    assert_int_equal(world_upload(w, 1, 'a', 3, "3").unreachable, 1);
    world_pass(w, 1050);
    renew = world_request(w, STORE_RENEW, 2, 'b');
    assert_int_equal(world_execute(w, &renew), GATE_OK);
    world_pass(w, 1050); // 1800 after gate 1 was heard
    struct store_request list = world_request(w, STORE_LIST, 0, 0);
    world_execute(w, &list);
    assert_int_equal(list.gate_count, 1);
    world_free(&list);
    assert_int_equal(world_upload(w, 1, 'a', 4, "2").status, GATE_NO_LEASE);
    world_assert_taken(w, 2, 'b', 0, "1\n2\n");
    assert_int_equal(world_lease(w, 1, 'c'), GATE_NEW);
    assert_int_equal(world_upload(w, 1, 'c', 1, "0").accepted, 1);
    world_assert_taken(w, 2, 'b', 2, "1\n");
    struct store_request any = world_request(w, STORE_LEASE, 0, 'd');
    world_execute(w, &any);
    assert_int_equal(any.gate, 3);
    world_pass(w, 2100);
    any.now_ms = w->now_ms;
    any.gate = 0;
    assert_int_equal(world_execute(w, &any), GATE_NEW);
    assert_int_equal(any.gate, 1);
    world_assert_taken(w, 1, 'd', 0, "");
}

// ---- the same at random as `memory` -----------------------------------------------------------

struct pair {
    struct world own;
    struct world other;
    uint64_t random;
    uint64_t uploaded[8];
    uint64_t taken[8];
    uint64_t lines;
};

static uint64_t below(struct pair *pair, uint64_t limit) {
    return support_random(&pair->random) % limit;
}

static void execute_both(struct pair *pair, struct store_request *request) {
    struct store_request same = *request;
    world_execute(&pair->own, request);
    buffer_init(&same.lines, &pair->other.memory);
    world_execute(&pair->other, &same);
    assert_int_equal(request->status, same.status);
    assert_int_equal(request->gate, same.gate);
    assert_int_equal(request->uploaded, same.uploaded);
    assert_int_equal(request->accepted, same.accepted);
    assert_int_equal(request->unreachable, same.unreachable);
    assert_int_equal(request->last, same.last);
    assert_int_equal(request->missing, same.missing);
    assert_bytes_equal(buffer_bytes(&request->lines), buffer_bytes(&same.lines));
    assert_int_equal(request->gate_count, same.gate_count);
    for (uint32_t i = 0; i < same.gate_count; i++) {
        assert_int_equal(request->gates[i].gate, same.gates[i].gate);
        assert_int_equal(request->gates[i].classic, same.gates[i].classic);
        assert_int_equal(request->gates[i].packets, same.gates[i].packets);
        assert_int_equal(request->gates[i].bytes, same.gates[i].bytes);
        assert_int_equal(request->gates[i].dropped, same.gates[i].dropped);
    }
    world_free(&same);
}

static void try_packets(struct pair *pair, struct store_request *request) {
    struct store_packet packets[20];
    char lines[20][64];
    request->packet_count = (uint32_t)below(pair, 21);
    for (uint32_t i = 0; i < request->packet_count; i++) {
        int size = snprintf(lines[i], sizeof lines[i], "%.*s%llu\n", (int)below(pair, 30),
                            "..............................", (unsigned long long)pair->lines++);
        bool is_run = i > 0 && below(pair, 3) > 0;
        uint32_t gate = is_run ? packets[i - 1].gate : (uint32_t)below(pair, 9);
        packets[i] = (struct store_packet){gate, bytes_make(lines[i], (size_t)size)};
    }
    request->packets = packets;
    uint64_t back = below(pair, 3) == 0 ? below(pair, 25) : 0;
    uint64_t next = pair->uploaded[request->gate] + 1 + (below(pair, 10) == 0);
    request->first = next > back ? next - back : 1;
    uint32_t gate = request->gate;
    execute_both(pair, request);
    if (request->operation == STORE_UPLOAD) {
        pair->uploaded[gate] = request->uploaded;
    }
}

static void try_any(struct pair *pair) {
    static const enum store_operation often[] = {STORE_UPLOAD, STORE_UPLOAD, STORE_TAKE,
                                                 STORE_TAKE,   STORE_PUT,    STORE_POP,
                                                 STORE_LEASE,  STORE_LIST};
    uint32_t gate = (uint32_t)below(pair, 7) + 1;
    enum store_operation operation = often[below(pair, 8)];
    char secret = below(pair, 10) == 0 ? 'x' : 'a';
    if (operation == STORE_LEASE && below(pair, 4) == 0) {
        operation = STORE_GIVE_BACK;
    }
    struct store_request request = world_request(&pair->own, operation, gate, secret);
    request.bytes_max = below(pair, 2) == 0 ? UINT64_MAX : below(pair, 200);
    request.acknowledged = below(pair, 2) == 0 ? pair->taken[gate] : below(pair, 100);
    if (operation == STORE_UPLOAD || operation == STORE_PUT) {
        try_packets(pair, &request);
    } else {
        request.gate = operation == STORE_LEASE && below(pair, 3) == 0 ? 0 : gate;
        execute_both(pair, &request);
        pair->taken[gate] = operation == STORE_TAKE ? request.last : pair->taken[gate];
    }
    world_free(&request);
}

static void the_same_as_memory(struct world *w) {
    static const struct store_limits limits = {.gates = 5,
                                               .mailbox_packets = 50,
                                               .mailbox_bytes = 1200,
                                               .silence_ms = 1000000000,
                                               .classic_silence_ms = 1000000000};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct pair *pair = calloc(1, sizeof *pair);
        pair->random = seed << 32;
        world_begin(&pair->own, w->prefix, limits);
        world_begin(&pair->other, "memory", limits);
        for (int i = 0; i < 3000; i++) {
            try_any(pair);
            if (i % 500 == 499 && strcmp(w->prefix, "memory") != 0) {
                world_reopen(&pair->own);
            }
        }
        world_end(&pair->own);
        world_end(&pair->other);
        free(pair);
    }
}

// ---- through faults ---------------------------------------------------------------------------

// Whatever fails, what is repeated until it is acknowledged arrives once and in order.
static void everything_arrives_once_through_faults(struct world *w) {
    struct world faulty;
    char prefix[64];
    char expected[64];
    uint64_t next = 1;
    uint64_t taken = 0;
    snprintf(prefix, sizeof prefix, "faulty:7:40:%s", w->prefix);
    world_begin(&faulty, prefix, usual);
    while (world_lease(&faulty, 1, 'a') == GATE_UNAVAILABLE) {
    }
    while (world_lease(&faulty, 2, 'b') == GATE_UNAVAILABLE) {
    }
    struct store_request take = world_request(&faulty, STORE_TAKE, 2, 'b');
    while (taken < 1000) {
        struct store_request upload = world_upload(&faulty, 1, 'a', next, "22");
        next = upload.status == GATE_OK ? upload.uploaded + 1 : next;
        take.acknowledged = taken;
        if (world_execute(&faulty, &take) == GATE_OK) {
            assert_int_equal(take.missing, 0);
            for (size_t at = 0; at < take.lines.size;) {
                int size =
                    snprintf(expected, sizeof expected, "%llu\n", (unsigned long long)++taken);
                assert_memory_equal(take.lines.data + at, expected, (size_t)size);
                at += (size_t)size;
            }
            assert_int_equal(take.last, taken);
        } else {
            assert_int_equal(take.status, GATE_UNAVAILABLE);
            assert_int_equal(take.lines.size, 0);
        }
        if (next > taken + 6) { // or the mailbox would be full
            next = taken + 1;
        }
    }
    world_free(&take);
    world_end(&faulty);
}

// ---- names ------------------------------------------------------------------------------------

static void assert_no_store(const char *name, const char *reason) {
    struct store_error error;
    assert_null(store_open(name, &usual, &error));
    if (strstr(error.text, reason) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    }
}

static void bad_names_are_refused_with_a_reason(void **state) {
    (void)state;
    assert_no_store("", "choose memory");
    assert_no_store("memory:", "choose memory");
    assert_no_store("oracle", "oracle: is no store");
    assert_no_store("sqlite:", "write sqlite:FILE");
    assert_no_store("sqlite:/does/not/exist", "No such file or directory");
    assert_no_store("redis://", "write redis://HOST:PORT");
    assert_no_store("redis://host:0", "write redis://HOST:PORT");
    assert_no_store("redis://host:65536", "write redis://HOST:PORT");
    assert_no_store("redis://user:secret@host", "write redis://HOST:PORT");
    assert_no_store("redis://a:b:c", "write redis://HOST:PORT");
    assert_no_store("redis://host/x", "write redis://HOST:PORT");
    assert_no_store("redis://127.0.0.1:1", "redis://127.0.0.1:1: Connection refused");
    assert_no_store("redis://:secret@127.0.0.1:1/3", "redis://127.0.0.1:1/3: Connection refused");
    assert_no_store("redis://[::1]:1", "refused");
    assert_no_store("faulty:memory", "write faulty:SEED");
    assert_no_store("faulty:1:101:memory", "write faulty:SEED");
    assert_no_store("faulty:1:10:oracle", "oracle: is no store");
    assert_no_store("faulty:1:10:faulty:1:10:memory", "any store but itself");
}

// ---- the suite over each store ----------------------------------------------------------------

struct row {
    const char *name;
    void (*run)(struct world *world);
    const struct store_limits *limits;
};

static const struct store_limits wide = {.gates = 5,
                                         .mailbox_packets = 1000000,
                                         .mailbox_bytes = 100000000,
                                         .silence_ms = 60000,
                                         .classic_silence_ms = 60000};
static const struct store_limits hasty = {.gates = 5,
                                          .mailbox_packets = 8,
                                          .mailbox_bytes = 1000,
                                          .silence_ms = 1500,
                                          .classic_silence_ms = 600};

static const struct row rows[] = {
    {"leases", leases, &usual},
    {"secrets", secrets, &usual},
    {"uploads", uploads, &usual},
    {"takes", takes, &usual},
    {"a full mailbox", a_full_mailbox, &usual},
    {"a packet larger than a mailbox", a_packet_larger_than_a_mailbox, &usual},
    {"classic gates", classic_gates, &usual},
    {"lists", lists, &usual},
    {"one call for many requests", one_call_for_many_requests, &usual},
    {"long batches", long_batches, &wide},
    {"silence", silence, &hasty},
    {"the same as memory", the_same_as_memory, &usual},
    {"everything arrives once through faults", everything_arrives_once_through_faults, &usual},
};

static const char *const prefixes[] = {"memory", "sqlite:", "redis://"};

enum { ROWS = sizeof rows / sizeof rows[0], PREFIXES = sizeof prefixes / sizeof prefixes[0] };

struct suite_case {
    const struct row *row;
    const char *prefix;
    char name[96];
};

static void run_case(void **state) {
    const struct suite_case *chosen = *state;
    struct world world;
    if (strcmp(chosen->prefix, "redis://") == 0 && !redis_server_is_installed()) {
        print_message("not tested: there is no redis-server; install it\n");
        skip();
    }
    world_begin(&world, chosen->prefix, *chosen->row->limits);
    chosen->row->run(&world);
    world_end(&world);
}

int main(void) {
    static struct suite_case cases[ROWS * PREFIXES];
    static struct CMUnitTest tests[ROWS * PREFIXES + 1];
    for (size_t i = 0; i < ROWS * PREFIXES; i++) {
        struct suite_case *one = &cases[i];
        one->row = &rows[i % ROWS];
        one->prefix = prefixes[i / ROWS];
        snprintf(one->name, sizeof one->name, "%.8s %s", one->prefix, one->row->name);
        tests[i] =
            (struct CMUnitTest){.name = one->name, .test_func = run_case, .initial_state = one};
    }
    tests[ROWS * PREFIXES] =
        (struct CMUnitTest)cmocka_unit_test(bad_names_are_refused_with_a_reason);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
