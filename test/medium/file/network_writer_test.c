// Many processes on one network at once: nothing lost, nothing twice, each writer's order kept,
// even when writers are killed in the middle.

#include "medium/file/network_support.h"

#include <sched.h>
#include <sys/mman.h>

// ---- many at once ------------------------------------------------------------------------------

enum { CROWD = 8, LINES_EACH = 5000 };

struct crowd_member {
    const char *path;
    unsigned number;
};

struct tally {
    unsigned next[CROWD];
    unsigned lines;
    unsigned faults;
};

// Reads "writer W line N.".
static bool read_numbers(struct bytes line, unsigned *writer, unsigned *number) {
    char text[64];
    char *end;
    (void)snprintf(text, sizeof text, "%.*s", (int)line.size, (const char *)line.data);
    if (strncmp(text, "writer ", 7) != 0) {
        return false;
    }
    *writer = (unsigned)strtoul(text + 7, &end, 10);
    if (strncmp(end, " line ", 6) != 0) {
        return false;
    }
    *number = (unsigned)strtoul(end + 6, &end, 10);
    return strcmp(end, ".") == 0;
}

static void count_line(void *context, struct bytes line) {
    struct tally *tally = context;
    unsigned writer = CROWD;
    unsigned number = 0;
    bool good =
        read_numbers(line, &writer, &number) && writer < CROWD && tally->next[writer]++ == number;
    tally->faults += !good;
    tally->lines++;
}

static void count_notice(void *context, const char *text) {
    struct tally *tally = context;
    tally->faults++;
    (void)fprintf(stderr, "unexpected notice: %s\n", text);
}

// Appends a batch of some lines from *line on, up to `end`, and moves *line behind them.
static bool append_some(struct file_network *network, unsigned writer, unsigned *line,
                        unsigned end) {
    char batch[4096];
    size_t size = 0;
    unsigned count = 1 + (*line * 7 + writer) % 50;
    for (; count > 0 && *line < end; count--, ++*line) {
        size += (size_t)snprintf(batch + size, sizeof batch - size, "writer %u line %u.\n", writer,
                                 *line);
    }
    struct file_network_error error;
    return size == 0 || file_network_append(network, bytes_make(batch, size), &error);
}

// Writes its lines and reads everyone's, at the same time.
static int be_one_of_the_crowd(void *context, int in, int out) {
    const struct crowd_member *self = context;
    struct file_network_error error;
    struct file_network *network = file_network_open(
        &(struct file_network_options){.path = self->path, .rotate_bytes = 65536, .keep = 60},
        &error);
    say(out);
    if (network == NULL || !await(in)) {
        return 2;
    }
    struct tally tally = {.lines = 0};
    struct file_network_events events = {&tally, count_line, count_notice};
    unsigned line = 0;
    while (tally.lines < CROWD * LINES_EACH) {
        bool more = file_network_read(network, 1000, NOW, &events);
        if (!append_some(network, self->number, &line, LINES_EACH)) {
            return 3;
        }
        if (!more && line == LINES_EACH && tally.lines < CROWD * LINES_EACH &&
            !is_ready(network, WAIT_MS)) {
            return 4;
        }
    }
    file_network_close(network);
    return tally.faults == 0 && tally.lines == CROWD * LINES_EACH ? 0 : 5;
}

static void test_a_crowd_loses_nothing_and_keeps_each_writers_order(void **state) {
    struct place *place = *state;
    struct crowd_member members[CROWD];
    struct worker workers[CROWD];
    for (unsigned i = 0; i < CROWD; i++) {
        members[i] = (struct crowd_member){place->path, i};
        workers[i] = start_worker(be_one_of_the_crowd, &members[i]);
        assert_true(await(workers[i].from));
    }
    for (unsigned i = 0; i < CROWD; i++) {
        say(workers[i].to);
    }
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(finish_worker(&workers[i]), 0);
    }
    assert_true(count_files(place->folder) > 10); // it was rotated
}

// ---- killed in the middle ----------------------------------------------------------------------

enum { ALIVE = 4, LIVES = 28, LINES_BETWEEN_KILLS = 3000, LINES_AHEAD_MAX = 20000 };

// One writer after the other is killed; each life has a number of its own.
struct lives {
    const char *path;
    unsigned life;                    // of the writer that is started next
    _Atomic unsigned appended[LIVES]; // lines that file_network_append promised
    _Atomic unsigned appended_by_all;
    _Atomic unsigned heard;
};

struct chronicle {
    struct lives *lives;
    unsigned next[LIVES];
    unsigned left;
    unsigned torn;
    unsigned faults;
};

static int write_until_killed(void *context, int in, int out) {
    struct lives *lives = context;
    unsigned life = lives->life;
    (void)in;
    struct file_network_error error;
    struct file_network_options options = {.path = lives->path, .rotate_bytes = 32768, .keep = 60};
    struct file_network *network = file_network_open(&options, &error);
    uint32_t address = 0;
    if (network == NULL || !file_network_claim(network, &address, "client", NOW, &error)) {
        return 2;
    }
    say(out);
    for (unsigned line = 0;;) {
        unsigned before = line;
        while (lives->appended_by_all - lives->heard > LINES_AHEAD_MAX) {
            sched_yield();
        }
        if (!append_some(network, life, &line, UINT32_MAX)) {
            return 3;
        }
        lives->appended[life] += line - before;
        lives->appended_by_all += line - before;
    }
}

static void chronicle_line(void *context, struct bytes line) {
    struct chronicle *chronicle = context;
    unsigned life = LIVES;
    unsigned number = 0;
    if (memmem(line.data, line.size, "\tleft\t", 6) != NULL) {
        chronicle->left++;
    } else if (!read_numbers(line, &life, &number)) {
        chronicle->torn++; // the kernel may stop in the middle of a write of who is killed
    } else {
        chronicle->faults += life >= LIVES || chronicle->next[life]++ != number;
    }
    chronicle->lives->heard++;
}

static void chronicle_notice(void *context, const char *text) {
    struct chronicle *chronicle = context;
    chronicle->faults++;
    (void)fprintf(stderr, "unexpected notice: %s\n", text);
}

static void read_until(struct file_network *network, struct chronicle *chronicle, unsigned lines) {
    struct file_network_events events = {chronicle, chronicle_line, chronicle_notice};
    while (chronicle->lives->heard < lines) {
        if (!file_network_read(network, 256, NOW, &events)) {
            assert_true(is_ready(network, WAIT_MS));
        }
    }
}

static struct worker start_life(struct lives *lives) {
    struct worker worker = start_worker(write_until_killed, lives);
    assert_true(await(worker.from));
    lives->life++;
    return worker;
}

static void kill_life(struct worker *worker) {
    assert_int_equal(kill(worker->process, SIGKILL), 0);
    assert_int_equal(finish_worker(worker), 1000 + SIGKILL);
}

static void assert_nothing_promised_is_lost(const struct chronicle *chronicle) {
    for (unsigned life = 0; life < LIVES; life++) {
        assert_true(chronicle->next[life] >= chronicle->lives->appended[life]);
    }
    assert_int_equal(chronicle->faults, 0);
    assert_int_equal(chronicle->left, LIVES);
    assert_true(chronicle->torn <= LIVES);
}

static void test_killed_writers_spoil_nothing_of_others(void **state) {
    struct place *place = *state;
    struct lives *lives =
        mmap(NULL, sizeof *lives, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(lives != MAP_FAILED);
    lives->path = place->path;
    struct chronicle chronicle = {.lives = lives};
    struct file_network *network = open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 32768, .keep = 60});
    claim(network, 0);
    struct worker workers[ALIVE];
    for (unsigned i = 0; i < ALIVE; i++) {
        workers[i] = start_life(lives);
    }
    uint64_t random = (uint64_t)getpid();
    for (unsigned kills = 1; lives->life < LIVES; kills++) {
        read_until(network, &chronicle, kills * LINES_BETWEEN_KILLS);
        unsigned pick = (unsigned)(support_random(&random) % ALIVE);
        kill_life(&workers[pick]);
        workers[pick] = start_life(lives);
    }
    for (unsigned i = 0; i < ALIVE; i++) {
        kill_life(&workers[i]);
    }
    struct file_network_events events = {&chronicle, chronicle_line, chronicle_notice};
    while (file_network_check(network, 256, NOW, &events)) {
    }
    assert_nothing_promised_is_lost(&chronicle);
    file_network_close(network);
    assert_int_equal(munmap(lives, sizeof *lives), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_crowd_loses_nothing_and_keeps_each_writers_order),
        TEST(test_killed_writers_spoil_nothing_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
