// A router's session on a real network file, against a master that is a script: what it asks, what
// it tells its user, what stands in the network, and what it knows when it is started again.
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "session/router/router_session.h"

#define STEPS_MAX 8

// The answers of one lane, in their order; behind them a master for which all goes well, and that
// has no packet. Requests are noted as text.
struct lane_script {
    struct gate_answer steps[STEPS_MAX];
    unsigned count;
    unsigned at;
    char asked[2048];
    unsigned uploads;
    unsigned takes;
    bool is_cancelled;
    struct fixture *fixture;
};

// The router is asked to end once that much was asked of the master; a failure ends the test by an
// alarm.
struct fixture {
    char *folder;
    char *network;
    char *said; // by the router
    pthread_mutex_t lock;
    pthread_cond_t cancelled;
    struct lane_script lanes[UPLINK_LANES];
    unsigned uploads_wanted;
    unsigned takes_wanted;
    bool is_ended;
    uint64_t uploaded;
    struct master_peer peers[UPLINK_LANES];
    struct router_session_options options;
};

// ---- the master -------------------------------------------------------------------------------

static unsigned count_lines(struct bytes lines) {
    unsigned count = 0;
    for (size_t i = 0; i < lines.size; i++) {
        count += lines.data[i] == '\n';
    }
    return count;
}

static void note(struct lane_script *lane, const struct gate_request *request) {
    static const char *const words[] = {[GATE_LEASE] = "lease",
                                        [GATE_UPLOAD] = "upload",
                                        [GATE_TAKE] = "take",
                                        [GATE_GIVE_BACK] = "give-back"};
    size_t size = strlen(lane->asked);
    (void)snprintf(lane->asked + size, sizeof lane->asked - size, "%s %u %s %llu;",
                   words[request->kind], request->gate, request->secret,
                   (unsigned long long)request->number);
    lane->uploads += request->kind == GATE_UPLOAD;
    lane->takes += request->kind == GATE_TAKE;
}

static void end_if_due(struct fixture *f) {
    if (!f->is_ended && f->lanes[UPLINK_UP].uploads >= f->uploads_wanted &&
        f->lanes[UPLINK_DOWN].takes >= f->takes_wanted) {
        f->is_ended = true;
        assert_int_equal(kill(getpid(), SIGTERM), 0);
    }
}

static void answer_well(struct fixture *f, const struct gate_request *request,
                        struct gate_answer *answer) {
    switch (request->kind) {
    case GATE_LEASE:
        *answer = (struct gate_answer){.status = GATE_NEW,
                                       .gate = 7,
                                       .secret = "00ff",
                                       .silence_s = 30,
                                       .uploaded = f->uploaded};
        break;
    case GATE_UPLOAD:
        f->uploaded = request->number + count_lines(request->lines) - 1;
        *answer = (struct gate_answer){.status = GATE_OK, .uploaded = f->uploaded};
        break;
    case GATE_TAKE: // nothing comes
        while (!f->lanes[UPLINK_DOWN].is_cancelled) {
            pthread_cond_wait(&f->cancelled, &f->lock);
        }
        *answer = (struct gate_answer){.status = GATE_CANCELLED};
        break;
    case GATE_GIVE_BACK:
        *answer = (struct gate_answer){.status = GATE_OK};
        break;
    }
}

static void ask(void *context, const struct gate_request *request, struct gate_answer *answer) {
    struct lane_script *lane = context;
    struct fixture *f = lane->fixture;
    pthread_mutex_lock(&f->lock);
    note(lane, request);
    end_if_due(f);
    if (lane->at < lane->count) {
        *answer = lane->steps[lane->at++];
    } else {
        answer_well(f, request, answer);
    }
    pthread_mutex_unlock(&f->lock);
}

static void cancel(void *context) {
    struct lane_script *lane = context;
    pthread_mutex_lock(&lane->fixture->lock);
    lane->is_cancelled = true;
    pthread_cond_broadcast(&lane->fixture->cancelled);
    pthread_mutex_unlock(&lane->fixture->lock);
}

static void add_step(struct fixture *f, enum uplink_lane lane, struct gate_answer answer) {
    assert_true(f->lanes[lane].count < STEPS_MAX);
    f->lanes[lane].steps[f->lanes[lane].count++] = answer;
}

// ---- a run ------------------------------------------------------------------------------------

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->folder = support_make_folder();
    f->network = support_path(f->folder, "network");
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->cancelled, NULL);
    f->options = (struct router_session_options){
        .session = {.network = f->network,
                    .rotate_bytes = 1 << 20,
                    .keep = 2,
                    .run = {.commands = ""}},
        .uplink = {.router = {.name = BYTES_LITERAL("a router"),
                              .confirmation = 30 * ROLE_SECOND,
                              .limits = {.brokers = 10, .gates = 10, .pairs = 10}},
                   .gate = 7,
                   .waiting_bytes = 1 << 20},
        .master = "a script",
        .peers = f->peers};
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    support_remove_folder(f->folder);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->cancelled);
    free(f->network);
    free(f->said);
    free(f);
    return 0;
}

// Puts a file in the place of a standard one; returns that, for restore_file.
static int replace_file(int fd, const char *path, int flags) {
    int kept = dup(fd);
    int file = open(path, flags | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && file >= 0);
    assert_int_equal(dup2(file, fd), fd);
    close(file);
    return kept;
}

static void restore_file(int fd, int kept) {
    assert_int_equal(dup2(kept, fd), fd);
    close(kept);
}

// Runs the router until that many uploads and requests for the mailbox were made, and it has ended.
static void run(struct fixture *f, unsigned uploads, unsigned takes) {
    char *said = support_path(f->folder, "said");
    f->uploads_wanted = uploads;
    f->takes_wanted = takes;
    f->is_ended = false;
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        f->lanes[lane].fixture = f;
        f->lanes[lane].is_cancelled = false;
        f->lanes[lane].uploads = f->lanes[lane].takes = 0;
        f->lanes[lane].asked[0] = '\0';
        f->peers[lane] = (struct master_peer){ask, cancel, &f->lanes[lane]};
    }
    int in = replace_file(STDIN_FILENO, "/dev/null", O_RDONLY);
    int err = replace_file(STDERR_FILENO, said, O_WRONLY | O_CREAT | O_TRUNC);
    alarm(60);
    int code = router_session_run(&f->options);
    alarm(0);
    restore_file(STDERR_FILENO, err);
    restore_file(STDIN_FILENO, in);
    free(f->said);
    f->said = support_read_file(said, NULL);
    free(said);
    assert_int_equal(code, PROGRAM_OK);
}

static bool has_journal(const struct fixture *f) {
    char *path = support_path(f->folder, "network.router");
    bool is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

static unsigned count_in_network(const struct fixture *f, const char *text) {
    char *content = support_read_file(f->network, NULL);
    unsigned count = 0;
    for (const char *at = content; (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    free(content);
    return count;
}

// ---- tests ------------------------------------------------------------------------------------

static void a_gate_is_leased_used_and_given_back(void **state) {
    struct fixture *f = *state;
    add_step(f, UPLINK_DOWN,
             (struct gate_answer){.status = GATE_OK,
                                  .last = 1,
                                  .lines = BYTES_LITERAL("1\t9580\t7083\tping\t-\t1\t\n")});
    run(f, 1, 2);
    const struct lane_script *up = &f->lanes[UPLINK_UP];
    const struct lane_script *down = &f->lanes[UPLINK_DOWN];
    assert_true(strncmp(up->asked, "lease 7  0;upload 7 00ff 1;", 27) == 0);
    assert_non_null(strstr(up->asked, "give-back 7 00ff 0;"));
    assert_string_equal(down->asked, "take 7 00ff 0;take 7 00ff 1;");
    assert_int_equal(count_in_network(f, "\t9580\t83\tping\t"), 1);
    assert_int_equal(count_in_network(f, "\t7000\t0\tjoin\t"), 1);
    assert_int_equal(count_in_network(f, "\t7000\t0\tleft\t"), 1);
    assert_non_null(strstr(f->said, "router 7000 on the network"));
    assert_false(has_journal(f)); // nothing is left to remember
}

static void a_router_that_kept_its_gate_goes_on_with_it(void **state) {
    struct fixture *f = *state;
    f->options.keep_gate = true;
    add_step(f, UPLINK_DOWN,
             (struct gate_answer){.status = GATE_OK,
                                  .last = 5,
                                  .lines = BYTES_LITERAL("1\t9580\t7083\tping\t-\t1\t\n")});
    run(f, 1, 2);
    assert_null(strstr(f->lanes[UPLINK_UP].asked, "give-back"));
    assert_non_null(strstr(f->said, "gate 7 is kept"));
    assert_true(has_journal(f));
    add_step(f, UPLINK_UP,
             (struct gate_answer){.status = GATE_OK,
                                  .gate = 7,
                                  .secret = "00ff",
                                  .silence_s = 30,
                                  .uploaded = f->uploaded});
    f->lanes[UPLINK_UP].at = 0;
    run(f, 0, 1);
    assert_true(strncmp(f->lanes[UPLINK_UP].asked, "lease 7 00ff 0;", 15) == 0);
    assert_string_equal(f->lanes[UPLINK_DOWN].asked, "take 7 00ff 5;");
    assert_int_equal(count_in_network(f, "\t9580\t83\tping\t"), 1); // not once more
}

static void a_lost_answer_repeats_nothing(void **state) {
    struct fixture *f = *state;
    add_step(
        f, UPLINK_UP,
        (struct gate_answer){.status = GATE_NEW, .gate = 7, .secret = "00ff", .silence_s = 30});
    add_step(f, UPLINK_UP,
             (struct gate_answer){.status = GATE_UNAVAILABLE, .text = "the master is away"});
    run(f, 2, 1);
    // The same number again: the master counts the line once.
    assert_non_null(strstr(f->lanes[UPLINK_UP].asked, "upload 7 00ff 1;upload 7 00ff 1;"));
    // Beside the first packet the one with which the router leaves may wait already.
    assert_non_null(strstr(f->said, "the master answers again; "));
}

static void the_gate_of_another_router_is_told_and_tried_again(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        add_step(f, UPLINK_UP,
                 (struct gate_answer){.status = GATE_TAKEN, .text = "another has gate 7"});
    }
    run(f, 1, 1);
    assert_true(strncmp(f->lanes[UPLINK_UP].asked, "lease 7  0;lease 7  0;lease 7  0;upload", 39) ==
                0);
    assert_non_null(strstr(f->said, "the master answers again"));
}

static void a_journal_of_another_gate_is_refused(void **state) {
    struct fixture *f = *state;
    f->options.keep_gate = true;
    run(f, 1, 1);
    f->options.uplink.gate = 8;
    int err = replace_file(STDERR_FILENO, "/dev/null", O_WRONLY);
    assert_int_equal(router_session_run(&f->options), PROGRAM_UNUSABLE);
    restore_file(STDERR_FILENO, err);
    assert_true(has_journal(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_gate_is_leased_used_and_given_back),
        TEST(a_router_that_kept_its_gate_goes_on_with_it),
        TEST(a_lost_answer_repeats_nothing),
        TEST(the_gate_of_another_router_is_told_and_tried_again),
        TEST(a_journal_of_another_gate_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
