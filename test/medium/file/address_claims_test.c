// Addresses: one holder each, announced and freed when the holder dies, by whatever means.

#include "medium/file/network_support.h"

#include <sys/mman.h>

static void test_an_address_has_one_holder(void **state) {
    struct place *place = *state;
    struct file_network *a = open_network(place->path);
    struct file_network *b = open_network(place->path);
    assert_int_equal(claim(a, 83), 83);
    char owner[64];
    (void)snprintf(owner, sizeof owner, "83 is taken by a broker, process %d;", getpid());
    assert_not_claimable(b, 83, owner);
    assert_not_claimable(b, 1000, "out of range");
    uint32_t any = claim(b, 0);
    assert_true(any >= 1 && any <= 999 && any != 83);
    file_network_close(a);
    struct file_network *c = open_network(place->path);
    assert_int_equal(claim(c, 83), 83);
    file_network_close(b);
    file_network_close(c);
    assert_int_equal(count_in_file(place->path, "left"), 0);
}

// ---- many at once ------------------------------------------------------------------------------

enum { CROWD = 8, CLAIMS_EACH = 100 };

struct shared {
    const char *path;
    _Atomic int holders[1000];
};

static int claim_again_and_again(void *context, int in, int out) {
    struct shared *shared = context;
    say(out);
    (void)await(in);
    for (unsigned i = 0; i < CLAIMS_EACH; i++) {
        struct file_network_error error;
        struct file_network_options options = {.path = shared->path};
        struct file_network *network = file_network_open(&options, &error);
        // From few addresses, so that they meet; what is taken is an honest answer.
        uint32_t address = i % 3 == 0 ? 0 : 1 + i % 7;
        if (network == NULL) {
            return 2;
        }
        if (file_network_claim(network, &address, "client", NOW, &error)) {
            if (shared->holders[address]++ != 0) {
                return 3;
            }
            shared->holders[address]--;
        } else if (strstr(error.text, "is taken by") == NULL) {
            return 4;
        }
        file_network_close(network);
    }
    return 0;
}

static void test_processes_never_hold_the_same_address(void **state) {
    struct place *place = *state;
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    shared->path = place->path;
    struct worker workers[CROWD];
    for (unsigned i = 0; i < CROWD; i++) {
        workers[i] = start_worker(claim_again_and_again, shared);
        assert_true(await(workers[i].from));
    }
    for (unsigned i = 0; i < CROWD; i++) {
        say(workers[i].to);
    }
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(finish_worker(&workers[i]), 0);
    }
    assert_int_equal(munmap(shared, sizeof *shared), 0);
}

static void test_when_all_are_taken_it_says_so(void **state) {
    struct place *place = *state;
    for (unsigned address = 1; address <= 999; address++) {
        char line[64];
        (void)snprintf(line, sizeof line, "1795435622\t%u\t0\tjoin\t-client-\t600\t\n", address);
        if (address != 500) {
            append_foreign(place->path, line);
        }
    }
    struct file_network *last = open_network(place->path);
    struct file_network *late = open_network(place->path);
    assert_int_equal(claim(last, 0), 500);
    assert_not_claimable(late, 0, "all 999 addresses are taken");
    file_network_close(last);
    assert_int_equal(claim(late, 0), 500);
    file_network_close(late);
}

// ---- death -------------------------------------------------------------------------------------

struct victim {
    const char *path;
    uint32_t address;
};

static int claim_and_wait(void *context, int in, int out) {
    struct victim *victim = context;
    struct file_network_error error;
    struct file_network_options options = {.path = victim->path};
    struct file_network *network = file_network_open(&options, &error);
    if (network == NULL || !file_network_claim(network, &victim->address, "client", NOW, &error)) {
        return 2;
    }
    say(out);
    (void)await(in);
    file_network_close(network);
    return 0;
}

static struct worker start_victim(const char *path, uint32_t address) {
    struct victim victim = {path, address};
    struct worker worker = start_worker(claim_and_wait, &victim);
    assert_true(await(worker.from));
    return worker;
}

static void kill_worker(struct worker *worker) {
    assert_int_equal(kill(worker->process, SIGKILL), 0);
    assert_int_equal(finish_worker(worker), 1000 + SIGKILL);
}

#define LEFT_OF_500 "1795435622\t500\t0\tleft\t-client-\t600\t\n"

static void test_a_killed_process_is_announced_once_at_once_and_its_address_is_free(void **state) {
    struct place *place = *state;
    struct listener *survivors[3];
    for (unsigned i = 0; i < 3; i++) {
        survivors[i] = open_listener(place->path);
        claim(survivors[i]->network, 300 + 300 * i); // 300, 600, 900
    }
    struct worker victim = start_victim(place->path, 500);
    append(survivors[0]->network, "1795435622\t500\t0\tjoin\t-client-\t600\t\n");
    for (unsigned i = 0; i < 3; i++) {
        wait_for_lines(survivors[i], 1);
    }
    kill_worker(&victim);
    // No timer: the survivor before it is woken by the death, the others by the line.
    for (unsigned i = 0; i < 3; i++) {
        wait_for_lines(survivors[i], 2);
    }
    for (unsigned i = 0; i < 3; i++) {
        check(survivors[i]);
        assert_non_null(strstr(survivors[i]->text, LEFT_OF_500));
        assert_int_equal(survivors[i]->notices, 0);
    }
    assert_int_equal(count_in_file(place->path, "left"), 1);
    struct file_network *heir = open_network(place->path);
    assert_int_equal(claim(heir, 500), 500);
    file_network_close(heir);
    for (unsigned i = 0; i < 3; i++) {
        close_listener(survivors[i]);
    }
    assert_int_equal(count_in_file(place->path, "left"), 1);
}

static void test_several_deaths_are_announced_once_each(void **state) {
    struct place *place = *state;
    struct listener *survivor = open_listener(place->path);
    claim(survivor->network, 999);
    struct worker victims[4];
    for (unsigned i = 0; i < 4; i++) {
        victims[i] = start_victim(place->path, 100 + i);
    }
    append(survivor->network, "wake\n"); // the `join` lines that sessions write
    wait_for_lines(survivor, 1);
    for (unsigned i = 0; i < 4; i++) {
        kill_worker(&victims[3 - i]); // the one that is watched last
    }
    wait_for_lines(survivor, 5);
    check(survivor);
    assert_int_equal(count_in_file(place->path, "\t0\tleft\t-client-\t600\t\n"), 4);
    assert_int_equal(count_in_file(place->path, "\t102\t0\tleft\t"), 1);
    close_listener(survivor);
}

static void test_who_comes_after_everyone_died_announces_them(void **state) {
    struct place *place = *state;
    struct worker a = start_victim(place->path, 10);
    struct worker b = start_victim(place->path, 20);
    kill_worker(&a);
    kill_worker(&b);
    struct listener *newcomer = open_listener(place->path);
    assert_int_equal(claim(newcomer->network, 20), 20);
    wait_for_lines(newcomer, 2);
    assert_int_equal(count_in_file(place->path, "\t10\t0\tleft\t"), 1);
    assert_int_equal(count_in_file(place->path, "\t20\t0\tleft\t"), 1);
    close_listener(newcomer);
}

static void test_a_session_without_address_notices_at_its_check(void **state) {
    struct place *place = *state;
    struct listener *other = open_listener(place->path);
    struct worker victim = start_victim(place->path, 500);
    kill_worker(&victim);
    read_all(other);
    assert_int_equal(other->lines, 0);
    check(other);
    assert_string_equal(other->text, LEFT_OF_500);
    close_listener(other);
}

static void test_who_leaves_properly_is_not_announced(void **state) {
    struct place *place = *state;
    struct listener *survivor = open_listener(place->path);
    claim(survivor->network, 1);
    struct worker leaver = start_victim(place->path, 2);
    append(survivor->network, "wake\n");
    wait_for_lines(survivor, 1);
    assert_int_equal(finish_worker(&leaver), 0);
    assert_true(is_ready(survivor->network, WAIT_MS));
    read_all(survivor);
    check(survivor);
    assert_int_equal(survivor->lines, 1);
    assert_int_equal(survivor->notices, 0);
    close_listener(survivor);
}

// ---- programs of other makes -------------------------------------------------------------------

static void test_an_announced_address_is_taken_until_its_left(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "1795435622\t83\t0\tjoin\t-broker-\t816\t\n");
    struct file_network *network = open_network(place->path);
    append_foreign(place->path, "1795435622\t84\t0\tjoin\t-broker-\t816\t\n"
                                "1795435622\t85\t83\tjoin\t-broker-\t816\t\n"  // only directed
                                "1795435622\t86\t0\tjoin\t-broker-\tx\t\n"     // malformed
                                "1795435622\t1087\t0\tjoin\t-broker-\t816\t\n" // of another network
                                "1795435622\t83\t0\tpubl\t-a-b-\t1\t\n");
    assert_not_claimable(network, 83, "83 is taken by a broker that joined without a claim");
    assert_not_claimable(network, 84, "append its `left` line");
    append_foreign(place->path, "1795435622\t84\t0\tleft\t-broker-\t816\t\n");
    assert_int_equal(claim(network, 84), 84);
    struct file_network *others[3];
    for (uint32_t i = 0; i < 3; i++) {
        others[i] = open_network(place->path);
        assert_int_equal(claim(others[i], 85 + i), 85 + i);
    }
    for (unsigned i = 0; i < 3; i++) {
        file_network_close(others[i]);
    }
    file_network_close(network);
}

static void add_device(void *context, uint32_t address, const char *kind, uint64_t unix_time) {
    char *text = context;
    size_t size = strlen(text);
    (void)snprintf(text + size, 200 - size, "%u %s %llu\n", address, kind,
                   (unsigned long long)unix_time);
}

static void test_those_announced_are_listed_until_their_left(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "1795435622\t83\t0\tjoin\t-broker-\t816\t\n"
                                "1795435623\t84\t0\tjoin\t-client-\t600\t\n");
    struct file_network *network = open_network(place->path);
    assert_int_equal(claim(network, 7), 7);
    append_foreign(place->path, "1795435624\t84\t0\tleft\t-client-\t600\t\n"
                                "1795435625\t85\t0\tjoin\t-a*-\t74\t\n");
    char text[200] = "";
    file_network_list_foreign(network, text, add_device);
    assert_string_equal(text, "83 broker 1795435622\n85 device 1795435625\n");
    file_network_close(network);
}

static void test_our_own_announcements_take_nothing(void **state) {
    struct place *place = *state;
    struct file_network_error error;
    struct file_network *network = file_network_open(
        &(struct file_network_options){.path = place->path, .rotate_bytes = 10, .keep = 9}, &error);
    assert_non_null(network);
    claim(network, 83);
    append(network, "1795435622\t83\t0\tjoin\t-broker-\t816\t\n");
    append_foreign(place->path, "1795435622\t7\t0\tjoin\t-client-\t600\t\n");
    append(network, "the join lines are in a rotated file now\n");
    file_network_close(network); // without a `left`
    network = open_network(place->path);
    assert_not_claimable(network, 7, "joined without a claim");
    assert_int_equal(claim(network, 83), 83);
    file_network_close(network);
}

// ---- the claims file is lost -------------------------------------------------------------------

static void test_claims_outlive_the_removal_of_their_file(void **state) {
    struct place *place = *state;
    struct listener *holder = open_listener(place->path);
    claim(holder->network, 83);
    append(holder->network, "1795435622\t83\t0\tjoin\t-broker-\t816\t\n");
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(unlink(place->claims), 0);
        assert_true(is_ready(holder->network, WAIT_MS));
        read_all(holder);
        struct file_network *other = open_network(place->path);
        assert_not_claimable(other, 83, "taken by a broker, process");
        file_network_close(other);
    }
    append(holder->network, "line\n");
    read_all(holder);
    assert_int_equal(holder->lines, 2);
    assert_int_equal(holder->notices, 0);
    close_listener(holder);
    struct file_network *other = open_network(place->path);
    assert_int_equal(claim(other, 83), 83);
    file_network_close(other);
}

static void test_an_emptied_claims_file_is_filled_again(void **state) {
    struct place *place = *state;
    struct listener *holder = open_listener(place->path);
    claim(holder->network, 83);
    assert_int_equal(truncate(place->claims, 0), 0);
    append(holder->network, "line\n");
    read_all(holder);
    struct file_network *other = open_network(place->path);
    assert_not_claimable(other, 83, "taken by a broker, process");
    assert_string_equal(holder->text, "line\n");
    assert_int_equal(holder->notices, 0);
    file_network_close(other);
    close_listener(holder);
}

static void test_an_address_that_was_lost_is_told_once(void **state) {
    struct place *place = *state;
    struct listener *holder = open_listener(place->path);
    claim(holder->network, 83);
    assert_int_equal(unlink(place->claims), 0);
    struct file_network *quick = open_network(place->path);
    assert_int_equal(claim(quick, 83), 83); // 83 has not announced itself: nobody can know
    read_all(holder);
    check(holder);
    assert_int_equal(holder->notices, 1);
    assert_non_null(strstr(holder->notice, "another took address 83"));
    close_listener(holder);
    struct file_network *other = open_network(place->path);
    assert_not_claimable(other, 83, "taken by a broker, process");
    file_network_close(other);
    file_network_close(quick);
}

static void test_spoilt_claims_are_told_once_and_reading_goes_on(void **state) {
    struct place *place = *state;
    struct listener *holder = open_listener(place->path);
    claim(holder->network, 83);
    int fd = open(place->claims, O_WRONLY);
    assert_int_equal(pwrite(fd, "garbage!", 8, 0), 8);
    append(holder->network, "line\n"); // packets do not depend on it
    wait_for_lines(holder, 1);
    check(holder);
    check(holder);
    assert_int_equal(holder->notices, 1);
    assert_non_null(strstr(holder->notice, "network.claims: is not a claims file"));
    // Removing it, as the message says, mends it.
    assert_int_equal(unlink(place->claims), 0);
    append(holder->network, "next\n");
    wait_for_lines(holder, 2);
    struct file_network *other = open_network(place->path);
    assert_not_claimable(other, 83, "taken by a broker, process");
    file_network_close(other);
    close(fd);
    close_listener(holder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_an_address_has_one_holder),
        TEST(test_processes_never_hold_the_same_address),
        TEST(test_when_all_are_taken_it_says_so),
        TEST(test_a_killed_process_is_announced_once_at_once_and_its_address_is_free),
        TEST(test_several_deaths_are_announced_once_each),
        TEST(test_who_comes_after_everyone_died_announces_them),
        TEST(test_a_session_without_address_notices_at_its_check),
        TEST(test_who_leaves_properly_is_not_announced),
        TEST(test_an_announced_address_is_taken_until_its_left),
        TEST(test_those_announced_are_listed_until_their_left),
        TEST(test_our_own_announcements_take_nothing),
        TEST(test_claims_outlive_the_removal_of_their_file),
        TEST(test_an_emptied_claims_file_is_filled_again),
        TEST(test_an_address_that_was_lost_is_told_once),
        TEST(test_spoilt_claims_are_told_once_and_reading_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
