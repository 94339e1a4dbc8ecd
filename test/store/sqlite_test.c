// What the store `sqlite` promises beyond the suite of store_test.c: that it lasts.
#include "support.h"

#include <signal.h>
#include <sqlite3.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "power.h"
#include "world.h"

static const struct store_limits usual = {.gates = 10,
                                          .mailbox_packets = 1000000,
                                          .mailbox_bytes = 100000000,
                                          .silence_ms = 30000,
                                          .classic_silence_ms = 10000};

// The file's own answer to a question with one number. The store must be closed.
static int64_t ask(const struct world *world, const char *question) {
    char *path = support_path(world->folder, "master.db");
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, question, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    free(path);
    return number;
}

static void tell_file(const struct world *world, const char *text) {
    char *path = support_path(world->folder, "master.db");
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(path);
}

static void goes_on_where_it_was(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    world_lease(&w, 2, 'b');
    world_upload(&w, 1, 'a', 1, "220222");
    world_assert_taken(&w, 2, 'b', 2, "3\n4\n5\n6\n");
    struct store_request pop = world_request(&w, STORE_POP, 3, 0);
    world_execute(&w, &pop);
    world_reopen(&w);
    assert_int_equal(world_lease(&w, 1, 'b'), GATE_TAKEN);
    assert_int_equal(world_lease(&w, 3, 'b'), GATE_TAKEN);
    assert_int_equal(world_upload(&w, 1, 'a', 5, "222").uploaded, 7);
    world_assert_taken(&w, 2, 'b', 0, "3\n4\n5\n6\n7\n");
    world_assert_taken(&w, 2, 'b', 7, "");
    world_reopen(&w);
    world_upload(&w, 1, 'a', 8, "2");
    world_assert_taken(&w, 2, 'b', 7, "8\n");
    world_end(&w);
}

static void a_master_that_was_away_takes_nobody_for_silent(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    world_upload(&w, 1, 'a', 1, "1");
    world_pass(&w, 29000);
    world_reopen(&w);
    world_pass(&w, 1000000);
    assert_int_equal(world_lease(&w, 2, 'b'), GATE_NEW);
    world_pass(&w, 29999);
    world_assert_taken(&w, 1, 'a', 0, "1\n");
    world_pass(&w, 30000);
    assert_int_equal(world_lease(&w, 1, 'b'), GATE_NEW);
    world_reopen(&w);
    world_assert_taken(&w, 1, 'b', 0, "");
    world_end(&w);
}

static void a_broadcast_is_written_once(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    for (uint32_t gate = 1; gate <= 9; gate++) {
        world_lease(&w, gate, 'a');
    }
    world_upload(&w, 1, 'a', 1, "000");
    w.store->kind->close(w.store);
    assert_int_equal(ask(&w, "SELECT count(*) FROM blocks"), 1);
    assert_int_equal(ask(&w, "SELECT count(*) FROM deliveries"), 8);
    w.store = store_open(w.name, &usual, &(struct store_error){""});
    for (uint32_t gate = 2; gate <= 9; gate++) {
        world_assert_taken(&w, gate, 'a', 3, "");
    }
    w.store->kind->close(w.store);
    assert_int_equal(ask(&w, "SELECT count(*) FROM blocks"), 0);
    assert_int_equal(ask(&w, "SELECT count(*) FROM deliveries"), 0);
    w.store = store_open(w.name, &usual, &(struct store_error){""});
    world_end(&w);
}

static int64_t size_of(const struct world *world, const char *name) {
    char *path = support_path(world->folder, name);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    free(path);
    return status.st_size;
}

static void idle_gates_write_nothing(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    int64_t size = size_of(&w, "master.db-wal");
    for (int i = 0; i < 1000; i++) {
        world_pass(&w, 5000);
        struct store_request renew = world_request(&w, STORE_RENEW, 1, 'a');
        assert_int_equal(world_execute(&w, &renew), GATE_OK);
        world_assert_taken(&w, 1, 'a', 0, "");
    }
    assert_int_equal(size_of(&w, "master.db-wal"), size);
    world_end(&w);
}

static void nobody_else_may_read_its_file(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    char *path = support_path(w.folder, "master.db-wal");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    free(path);
    world_end(&w);
}

// ---- kill -9 ----------------------------------------------------------------------------------

#define KILL_BATCH 50u

// Uploads numbered lines as gate 1 for gate 2 and for all, from where the store is, until killed;
// the number of the last line acknowledged goes through the pipe.
_Noreturn static void upload_until_killed(const struct world *world, int pipe) {
    struct store_error error;
    struct memory memory;
    char lines[KILL_BATCH][24];
    struct store_packet packets[KILL_BATCH];
    memory_init(&memory);
    struct store *store = store_open(world->name, &usual, &error);
    struct store_request request = {.operation = STORE_LEASE, .now_ms = world->now_ms, .gate = 1};
    struct store_request *pointer = &request;
    buffer_init(&request.lines, &memory);
    if (store == NULL) {
        fprintf(stderr, "%s\n", error.text);
        _exit(1);
    }
    for (;;) {
        store->kind->execute(store, &pointer, 1);
        uint64_t number = request.uploaded;
        if (request.status > GATE_NEW || write(pipe, &number, sizeof number) != sizeof number) {
            _exit(2);
        }
        request.operation = STORE_UPLOAD;
        request.first = number + 1;
        request.packets = packets;
        request.packet_count = KILL_BATCH;
        for (uint32_t i = 0; i < KILL_BATCH; i++) {
            int size = snprintf(lines[i], sizeof lines[i], "%" PRIu64 "\n", (number + 1 + i));
            packets[i] = (struct store_packet){(number / KILL_BATCH + i / 20) % 2 * 2,
                                               bytes_make(lines[i], (size_t)size)};
        }
    }
}

static uint64_t run_and_kill(const struct world *world, useconds_t after_us) {
    int ends[2];
    uint64_t acknowledged = 0;
    uint64_t number;
    assert_int_equal(pipe(ends), 0);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        upload_until_killed(world, ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &acknowledged, sizeof acknowledged), sizeof acknowledged);
    usleep(after_us);
    kill(process, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        acknowledged = number;
    }
    int status;
    waitpid(process, &status, 0);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);
    return acknowledged;
}

static void nothing_acknowledged_is_lost_by_kill_9(void **state) {
    (void)state;
    struct world w;
    uint64_t random = 5;
    uint64_t acknowledged = 0;
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 0);
    world_lease(&w, 2, 'b');
    w.store->kind->close(w.store);
    for (int round = 0; round < 10; round++) {
        uint64_t now = run_and_kill(&w, (useconds_t)(support_random(&random) % 60000));
        assert_true(now >= acknowledged);
        acknowledged = now;
    }
    w.store = store_open(w.name, &usual, &(struct store_error){""});
    assert_non_null(w.store);
    struct store_request lease = world_request(&w, STORE_LEASE, 1, 0);
    assert_int_equal(world_execute(&w, &lease), GATE_OK);
    assert_true(lease.uploaded >= acknowledged && lease.uploaded <= acknowledged + KILL_BATCH);
    assert_true(acknowledged > KILL_BATCH);
    struct store_request take = world_request(&w, STORE_TAKE, 2, 'b');
    assert_int_equal(world_execute(&w, &take), GATE_OK);
    assert_int_equal(take.missing, 0);
    uint64_t number = 0;
    for (size_t at = 0; at < take.lines.size;) {
        char line[24];
        int size = snprintf(line, sizeof line, "%llu\n", (unsigned long long)++number);
        assert_true(take.lines.size - at >= (size_t)size);
        assert_memory_equal(take.lines.data + at, line, (size_t)size);
        at += (size_t)size;
    }
    assert_int_equal(number, lease.uploaded);
    world_free(&take);
    world_end(&w);
}

// ---- loss of power ----------------------------------------------------------------------------

// What a loss of power leaves has all that was acknowledged.
static void assert_survives(const struct world *world, uint64_t uploaded, uint64_t *random) {
    struct world after = {.now_ms = world->now_ms, .limits = usual};
    struct store_error error;
    memory_init(&after.memory);
    after.folder = support_make_folder();
    power_cut(world->folder, after.folder, "master.db", random);
    snprintf(after.name, sizeof after.name, "sqlite:%s/master.db", after.folder);
    after.store = store_open(after.name, &usual, &error);
    assert_non_null(after.store);
    struct store_request lease = world_request(&after, STORE_LEASE, 1, 'a');
    assert_int_equal(world_execute(&after, &lease), GATE_OK);
    assert_int_equal(lease.uploaded, uploaded);
    struct store_request take = world_request(&after, STORE_TAKE, 2, 'b');
    assert_int_equal(world_execute(&after, &take), GATE_OK);
    assert_int_equal(take.last, uploaded);
    world_free(&take);
    world_end(&after);
}

// After any call, the power might fail: then each file may be what it was when it was last synced,
// or what it is now, whatever the others are. The calls are enough for several checkpoints.
static void nothing_acknowledged_is_lost_with_the_power(void **state) {
    (void)state;
    struct world w;
    uint64_t random = 3;
    uint64_t uploaded = 0;
    power_watch();
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    world_lease(&w, 2, 'b');
    for (int i = 0; i < 600; i++) {
        struct store_request upload = world_upload(&w, 1, 'a', uploaded + 1, "22200022222222");
        assert_int_equal(upload.status, GATE_OK);
        uploaded = upload.uploaded;
        if (support_random(&random) % 8 == 0) {
            assert_survives(&w, uploaded, &random);
        }
    }
    world_end(&w);
    power_unwatch();
}

// Requests that come together are written down together, whichever of them has to last.
static void an_upload_lasts_whatever_comes_with_it(void **state) {
    (void)state;
    struct world w;
    uint64_t random = 7;
    power_watch();
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    world_lease(&w, 2, 'b');
    for (unsigned place = 0; place < 3; place++) {
        struct store_packet packet = {2, BYTES_LITERAL("x\n")};
        struct store_request others[3] = {world_request(&w, STORE_RENEW, 1, 'a'),
                                          world_request(&w, STORE_RENEW, 2, 'b'),
                                          world_request(&w, STORE_RENEW, 2, 'b')};
        struct store_request upload = world_request(&w, STORE_UPLOAD, 1, 'a');
        upload.first = place + 1;
        upload.packets = &packet;
        upload.packet_count = 1;
        struct store_request *together[3] = {&others[0], &others[1], &others[2]};
        together[place] = &upload;
        w.store->kind->execute(w.store, together, 3);
        assert_int_equal(upload.status, GATE_OK);
        assert_int_equal(upload.uploaded, place + 1);
        for (int i = 0; i < 8; i++) {
            assert_survives(&w, upload.uploaded, &random);
        }
    }
    world_end(&w);
    power_unwatch();
}

// ---- no room ----------------------------------------------------------------------------------

static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

// Uploads until it is refused; returns how many were taken.
static uint64_t upload_until_refused(struct world *world, uint64_t next) {
    for (;;) {
        struct store_request upload =
            world_upload(world, 1, 'a', next,
                         "2222222222222222222200000000000000000000222222222222222222220000");
        if (upload.status != GATE_OK) {
            assert_int_equal(upload.status, GATE_UNAVAILABLE);
            assert_int_equal(upload.uploaded, 0);
            return next - 1;
        }
        next = upload.uploaded + 1;
    }
}

static void a_full_disk_refuses_and_loses_nothing(void **state) {
    (void)state;
    struct world w;
    signal(SIGXFSZ, SIG_IGN);
    world_begin(&w, "sqlite:", usual);
    world_lease(&w, 1, 'a');
    world_lease(&w, 2, 'b');
    limit_files(200 * 1024);
    uint64_t uploaded = upload_until_refused(&w, 1);
    assert_true(uploaded > 0);
    assert_non_null(strstr(w.store->trouble.text, "master.db: "));
    assert_int_equal(world_lease(&w, 3, 'c'), GATE_UNAVAILABLE);
    // What is there can be taken all the same.
    struct store_request take = world_request(&w, STORE_TAKE, 2, 'b');
    assert_int_equal(world_execute(&w, &take), GATE_OK);
    assert_int_equal(take.last, uploaded);
    assert_int_equal(upload_until_refused(&w, uploaded + 1), uploaded);
    limit_files(RLIM_INFINITY);
    struct store_request upload = world_upload(&w, 1, 'a', uploaded + 1, "22");
    assert_int_equal(upload.status, GATE_OK);
    assert_int_equal(upload.accepted, 2);
    assert_string_equal(w.store->trouble.text, "");
    world_reopen(&w);
    assert_int_equal(world_execute(&w, &take), GATE_OK);
    assert_int_equal(take.last, uploaded + 2);
    assert_int_equal(take.missing, 0);
    world_free(&take);
    world_end(&w);
}

// A limit somewhere around the end of the write-ahead log: some of the next writes fail, some fail
// in their middle, some do not.
static void limit_somewhere(const struct world *world, uint64_t *random) {
    int64_t size = size_of(world, "master.db-wal");
    limit_files((rlim_t)size / 2 + support_random(random) % ((uint64_t)size / 2 + 40000));
}

// Executes on the store that may find no room, again when it did, and beside it in memory.
static void execute_despite_limits(struct world *w, struct world *reference,
                                   struct store_request *request, uint64_t *failures) {
    struct store_request same = *request;
    buffer_init(&same.lines, &reference->memory);
    if (world_execute(w, request) == GATE_UNAVAILABLE) {
        (*failures)++;
        assert_int_equal(request->lines.size, 0);
        limit_files(RLIM_INFINITY);
        world_execute(w, request);
    }
    limit_files(RLIM_INFINITY);
    world_execute(reference, &same);
    assert_int_equal(request->status, same.status);
    assert_int_equal(request->gate, same.gate);
    assert_int_equal(request->uploaded, same.uploaded);
    assert_int_equal(request->accepted, same.accepted);
    assert_int_equal(request->unreachable, same.unreachable);
    assert_int_equal(request->last, same.last);
    assert_int_equal(request->missing, same.missing);
    assert_bytes_equal(buffer_bytes(&request->lines), buffer_bytes(&same.lines));
    world_free(&same);
}

struct holder {
    uint64_t uploaded;
    uint64_t taken;
};

static void try_one(struct world *w, struct world *reference, struct holder *holders,
                    uint64_t *random, uint64_t *failures) {
    static const enum store_operation often[] = {STORE_UPLOAD, STORE_UPLOAD,    STORE_UPLOAD,
                                                 STORE_TAKE,   STORE_TAKE,      STORE_LEASE,
                                                 STORE_LEASE,  STORE_GIVE_BACK, STORE_POP};
    static char text[3000];
    struct store_packet packets[20];
    enum store_operation operation = often[support_random(random) % 9];
    uint32_t gate = (uint32_t)(support_random(random) % 4) + 1;
    if (operation == STORE_GIVE_BACK && support_random(random) % 8 > 0) {
        operation = STORE_TAKE;
    }
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\n';
    struct store_request request = world_request(w, operation, gate, 'a');
    request.packets = packets;
    request.packet_count = (uint32_t)(support_random(random) % 20);
    request.first = holders[gate].uploaded + 1;
    request.acknowledged = holders[gate].taken;
    request.bytes_max = support_random(random) % 20000;
    for (uint32_t i = 0; i < request.packet_count; i++) {
        size_t size = support_random(random) % (sizeof text - 1) + 1;
        packets[i] = (struct store_packet){(uint32_t)(support_random(random) % 5),
                                           bytes_make(text + sizeof text - size, size)};
    }
    if (support_random(random) % 3 == 0) {
        limit_somewhere(w, random);
    }
    execute_despite_limits(w, reference, &request, failures);
    if (request.status == GATE_NEW || operation == STORE_GIVE_BACK) {
        holders[gate] = (struct holder){0, 0};
    } else if (operation == STORE_UPLOAD && request.status == GATE_OK) {
        holders[gate].uploaded = request.uploaded;
    } else if (operation == STORE_TAKE && request.status == GATE_OK) {
        holders[gate].taken = request.last;
    }
    world_free(&request);
}

static void a_write_that_fails_anywhere_changes_nothing(void **state) {
    (void)state;
    static const struct store_limits narrow = {.gates = 3,
                                               .mailbox_packets = 60,
                                               .mailbox_bytes = 60000,
                                               .silence_ms = 30000,
                                               .classic_silence_ms = 10000};
    signal(SIGXFSZ, SIG_IGN);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct world w;
        struct world reference;
        struct holder holders[5] = {{0, 0}};
        uint64_t random = seed << 32;
        uint64_t failures = 0;
        world_begin(&w, "sqlite:", narrow);
        world_begin(&reference, "memory", narrow);
        for (int i = 0; i < 1500; i++) {
            try_one(&w, &reference, holders, &random, &failures);
            if (i % 300 == 299) {
                world_reopen(&w);
                world_lease(&w, 4, 'a');
                world_lease(&reference, 4, 'a');
            }
        }
        assert_true(failures > 50);
        world_end(&w);
        world_end(&reference);
    }
}

// ---- files that are not ours ------------------------------------------------------------------

static void assert_not_opened(const struct world *world, const char *reason) {
    struct store_error error;
    assert_null(store_open(world->name, &usual, &error));
    if (strstr(error.text, reason) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    }
}

static void files_that_are_not_ours_are_refused(void **state) {
    (void)state;
    struct world w = {.folder = support_make_folder()};
    char *path = support_path(w.folder, "master.db");
    snprintf(w.name, sizeof w.name, "sqlite:%s", w.folder);
    assert_not_opened(&w, "Is a directory; name a file");
    snprintf(w.name, sizeof w.name, "sqlite:%s", path);
    support_write_file(path, BYTES_LITERAL("Dear diary, this is a text and no database at all.\n"
                                           "............................................\n"));
    assert_not_opened(&w, "file is not a database; move it away");
    unlink(path);
    tell_file(&w, "CREATE TABLE other (x)");
    assert_not_opened(&w, "is a database of another program");
    char *link = support_path(w.folder, "link.db");
    assert_int_equal(symlink("absent.db", link), 0);
    snprintf(w.name, sizeof w.name, "sqlite:%s", link);
    assert_not_opened(&w, "it is a symbolic link; name a file");
    assert_int_equal(unlink(link), 0);
    if (geteuid() == 0) { // who alone can give a file away
        support_write_file(link, BYTES_LITERAL(""));
        assert_int_equal(chown(link, 12345, 12345), 0);
        assert_not_opened(&w, "belongs to another user");
    }
    free(link);
    free(path);
    support_remove_folder(w.folder);
}

static void one_master_at_a_time(void **state) {
    (void)state;
    struct world w;
    world_begin(&w, "sqlite:", usual);
    assert_not_opened(&w, "another program uses it");
    world_lease(&w, 1, 'a');
    world_reopen(&w);
    assert_int_equal(world_lease(&w, 1, 'a'), GATE_OK);
    world_end(&w);
}

static void damage_is_noticed(void **state) {
    (void)state;
    static const char *const damages[] = {
        "DELETE FROM blocks",
        "DELETE FROM deliveries WHERE first = 2",
        "UPDATE leases SET secret = x'00'",
        "UPDATE leases SET gate = 99999999",
        "UPDATE blocks SET lines = x'6162'",
        "INSERT INTO deliveries SELECT 77, first, block FROM deliveries LIMIT 1"};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct world w;
        world_begin(&w, "sqlite:", usual);
        world_lease(&w, 1, 'a');
        world_upload(&w, 1, 'a', 1, "1");
        world_upload(&w, 1, 'a', 2, "1");
        world_upload(&w, 1, 'a', 3, "1");
        w.store->kind->close(w.store);
        tell_file(&w, damages[i]);
        assert_not_opened(&w, "is damaged");
        support_remove_folder(w.folder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_where_it_was),
        cmocka_unit_test(a_master_that_was_away_takes_nobody_for_silent),
        cmocka_unit_test(a_broadcast_is_written_once),
        cmocka_unit_test(idle_gates_write_nothing),
        cmocka_unit_test(nobody_else_may_read_its_file),
        cmocka_unit_test(nothing_acknowledged_is_lost_by_kill_9),
        cmocka_unit_test(nothing_acknowledged_is_lost_with_the_power),
        cmocka_unit_test(an_upload_lasts_whatever_comes_with_it),
        cmocka_unit_test(a_full_disk_refuses_and_loses_nothing),
        cmocka_unit_test(a_write_that_fails_anywhere_changes_nothing),
        cmocka_unit_test(files_that_are_not_ours_are_refused),
        cmocka_unit_test(one_master_at_a_time),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
