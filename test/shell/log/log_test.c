#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "shell/log/log.h"

static char folder[64];

static int set_up(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/log-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static char *path_of(const char *name) {
    static char path[96];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int tear_down(void **state) {
    static const char *const names[] = {"log", "log.1", "journal"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)unlink(path_of(names[i]));
    }
    return rmdir(folder);
}

static void say(struct log *log, const struct log_record *record) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    log_encode(log, record, &out);
    log_write(log, buffer_bytes(&out));
    buffer_deinit(&out);
}

static void say_text(struct log *log, enum log_level level, const char *text) {
    say(log, &(struct log_record){.level = level, .text = bytes_of_text(text)});
}

static void assert_holds(const char *name, const char *end) {
    char text[256];
    FILE *file = fopen(path_of(name), "re");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    // "2026-11-30T09:00:00.123Z" stands in front of the level.
    assert_true(size == 24 + strlen(end) && text[4] == '-' && text[10] == 'T' && text[23] == 'Z');
    assert_string_equal(text + 24, end);
}

static void a_file_has_lines_with_time_and_level(void **state) {
    (void)state;
    struct log log;
    char name[96];
    (void)snprintf(name, sizeof name, "%s", path_of("log"));
    const struct log_options options = {.file = name, .program = "broker"};
    assert_true(log_is_wanted(&options));
    assert_true(log_open(&log, &options));
    say_text(&log, LOG_WARNING, "it is full");
    assert_holds("log", " warning: it is full\n");
    // It is moved away: what comes goes on there until the file is followed.
    assert_int_equal(rename(name, path_of("log.1")), 0);
    log_follow(&log);
    say_text(&log, LOG_ERROR, "anew");
    assert_holds("log", " error: anew\n");
    assert_holds("log.1", " warning: it is full\n");
    log_close(&log);
}

static void what_was_lost_is_told(void **state) {
    (void)state;
    struct log log;
    const struct log_options options = {.file = path_of("log"), .program = "broker"};
    assert_true(log_open(&log, &options));
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(dup2(full, log.fd), log.fd);
    close(full);
    say_text(&log, LOG_INFO, "one");
    say_text(&log, LOG_INFO, "two");
    assert_int_equal(log.lost, 2);
    log_follow(&log);
    say_text(&log, LOG_INFO, "three");
    assert_int_equal(log.lost, 0);
    log_close(&log);
    const struct log_options nowhere = {.file = "/nowhere/log", .program = "broker"};
    assert_false(log_open(&log, &nowhere));
}

// Somebody else could have made it, where others may write.
static void no_file_is_made_through_a_link(void **state) {
    (void)state;
    struct log log;
    char victim[96];
    (void)snprintf(victim, sizeof victim, "%s", path_of("log.1"));
    assert_int_equal(symlink(victim, path_of("log")), 0);
    const struct log_options options = {.file = path_of("log"), .program = "broker"};
    assert_false(log_open(&log, &options));
    assert_int_not_equal(access(victim, F_OK), 0);
    // A link that takes the place of the file while it is written to.
    assert_int_equal(unlink(path_of("log")), 0);
    assert_true(log_open(&log, &options));
    assert_int_equal(unlink(path_of("log")), 0);
    assert_int_equal(symlink(victim, path_of("log")), 0);
    log_follow(&log);
    say_text(&log, LOG_INFO, "one");
    assert_int_not_equal(access(victim, F_OK), 0);
    log_close(&log);
}

static void the_journal_gets_fields(void **state) {
    (void)state;
    struct log log;
    char got[512];
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)snprintf(place.sun_path, sizeof place.sun_path, "%s", path_of("journal"));
    const struct log_options options = {.to_journal = true, .program = "broker"};
    assert_false(log_open_journal(&log, &options, place.sun_path));
    assert_int_equal(bind(fd, (const struct sockaddr *)&place, sizeof place), 0);
    assert_true(log_open_journal(&log, &options, place.sun_path));
    say(&log, &(struct log_record){.level = LOG_NOTICE,
                                   .text = BYTES_LITERAL("ann was refused: no"),
                                   .event = "mqtt-refused",
                                   .client_id = BYTES_LITERAL("a\nPRIORITY=0"),
                                   .place = BYTES_LITERAL("192.0.2.1:5"),
                                   .reason = "no",
                                   .reason_code = 0x87});
    static const char wanted[] = "MESSAGE=ann was refused: no\nPRIORITY=5\n"
                                 "SYSLOG_IDENTIFIER=broker\nEVENT=mqtt-refused\n"
                                 "CLIENT_ID\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n"
                                 "CLIENT_ADDRESS=192.0.2.1:5\nREASON=no\nREASON_CODE=135\n";
    assert_int_equal(recv(fd, got, sizeof got, MSG_DONTWAIT), sizeof wanted - 1);
    assert_memory_equal(got, wanted, sizeof wanted - 1);
    say_text(&log, LOG_DEBUG, "");
    assert_int_equal(recv(fd, got, sizeof got, MSG_DONTWAIT),
                     sizeof "MESSAGE=\nPRIORITY=7\nSYSLOG_IDENTIFIER=broker\n" - 1);
    log_close(&log);
    close(fd);
}

// By the device and inode that the service manager names.
static void standard_error_may_be_the_journal_s(void **state) {
    (void)state;
    const struct log_options options = {.program = "broker"};
    struct stat status;
    char own[64];
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
    assert_false(log_is_wanted(&options));
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    (void)snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)status.st_dev,
                   (unsigned long long)status.st_ino);
    assert_int_equal(setenv("JOURNAL_STREAM", own, 1), 0);
    assert_true(log_is_wanted(&options));
    assert_int_equal(setenv("JOURNAL_STREAM", "0:0", 1), 0);
    assert_false(log_is_wanted(&options));
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_has_lines_with_time_and_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_lost_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_file_is_made_through_a_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_journal_gets_fields, set_up, tear_down),
        cmocka_unit_test(standard_error_may_be_the_journal_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
