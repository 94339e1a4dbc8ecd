// Lessons: those that there are play to their end, what they expect comes, each screen fits a
// terminal; and what a teacher and a student see.
#include "process.h"

#include "base/buffer.h"

#define HEAD "title   Mine\nabout   What?\n\nscreen  One\n"

static struct process *start_check(const char *lesson) {
    process_write_file("my.lesson", lesson);
    return process_start("lesson", "--check", "--timeout", "20", "my.lesson");
}

static void every_lesson_plays_as_it_says(void **state) {
    (void)state;
    // A program that a sanitizer ends is told from one whose command failed.
    (void)setenv("ASAN_OPTIONS", "abort_on_error=0:detect_leaks=1:exitcode=77", 1);
    struct process *check = process_start("lesson", "--check", "--timeout", "60");
    process_assert_code(check, 0);
    assert_int_equal(process_occurrences(process_text(&check->out), "ok  "), check->out.lines);
    assert_true(check->out.lines > 0);
}

static void lessons_are_listed_with_their_questions(void **state) {
    (void)state;
    struct process *list = process_start("lesson");
    process_assert_code(list, 0);
    process_await_out(list, "  1  wildcards      What do + and # and $ match");
    process_await_out(list, "lesson NUMBER plays one");
}

static void without_a_terminal_a_lesson_plays_straight_through(void **state) {
    (void)state;
    struct process *lesson = process_start("lesson", "wildcards");
    process_assert_code(lesson, 0);
    process_await_out(lesson, "── 1. Wildcards ── Topics and filters ─");
    process_await_out(lesson, "anna> subs room/+/temp\n");
    process_await_out(lesson, "The answer is a.\n");
}

static void an_expectation_that_does_not_come_fails(void **state) {
    (void)state;
    process_write_file("my.lesson", HEAD "run     one: broker --address 83\n"
                                         "expect  one: broker 84 on the network\n");
    struct process *check = process_start("lesson", "--check", "--timeout", "0.5", "my.lesson");
    process_assert_code(check, 1);
    process_await_err(check, "my.lesson:6: one did not print \"broker 84 on the network\"");
    process_await_err(check, "    broker 83 on the network network");
}

static void what_was_never_to_come_fails(void **state) {
    (void)state;
    struct process *check = start_check(HEAD "run     one: broker --address 83\n"
                                             "expect  one: broker 83 on the network\n"
                                             "never   one: broker 8\n");
    process_assert_code(check, 1);
    process_await_err(check, "my.lesson:7: one was never to print \"broker 8\"");
}

static void a_program_that_ends_too_soon_fails(void **state) {
    (void)state;
    struct process *check = start_check(HEAD "run     one: broker --address 0\n"
                                             "expect  one: on the network\n");
    process_assert_code(check, 1);
    process_await_err(check, "my.lesson:6: one has ended without \"on the network\"");
    process_await_err(check, "--address 0: must be from 1 to 999");
}

static void a_screen_that_does_not_fit_fails(void **state) {
    (void)state;
    struct process *check = start_check(HEAD "say       a row\n        of eighty-one columns"
                                             "\n\n          .........1.........2.........3"
                                             ".........4.........5.........6.........7"
                                             ".........8\n");
    process_assert_code(check, 1);
    process_await_err(check, "has a row of 82 columns; a terminal has 80");
    struct buffer text;
    struct memory memory;
    memory_init(&memory);
    buffer_init(&text, &memory);
    buffer_append_text(&text, HEAD "say     0\n");
    for (int i = 0; i < 22; i++) {
        buffer_append_text(&text, "          row\n");
    }
    buffer_append_byte(&text, 0);
    check = start_check((const char *)text.data);
    buffer_deinit(&text);
    process_assert_code(check, 1);
    process_await_err(check, "has 25 rows; a terminal has 24");
}

static void only_programs_beside_it_are_started(void **state) {
    (void)state;
    static const char *const strangers[] = {"sh", "/bin/sh", "../app/broker", "''"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        char lesson[128];
        (void)snprintf(lesson, sizeof lesson, HEAD "run     one: %s -c ls\n", strangers[i]);
        struct process *check = start_check(lesson);
        process_assert_code(check, 1);
        process_await_err(check, "my.lesson:5: there is no program ");
    }
}

static void mistakes_are_named_with_their_place(void **state) {
    (void)state;
    struct process *check = start_check(HEAD "tipe    one: conn\n");
    process_assert_code(check, 1);
    process_await_err(check, "my.lesson:5: \"tipe    one: conn\": a line begins with a word");
    check = process_start("lesson", "chemistry");
    process_assert_code(check, 1);
    process_await_err(check, "chemistry: there is no lesson of that number or name");
    check = process_start("lesson", "--lessons", "nowhere");
    process_assert_code(check, 3);
    process_await_err(check, "nowhere: No such file or directory");
    check = process_start("lesson", "--check", "--lessons", ".");
    process_assert_code(check, 1); // a check of nothing
}

static void what_is_shown_is_asked_for_until_it_is_there(void **state) {
    (void)state;
    struct process *check = start_check(HEAD "run     one: broker --address 83\n"
                                             "show    watch --once network\n"
                                             "expect  joins the network as broker\n");
    process_assert_code(check, 0);
}

// ---- a student at a terminal ----------------------------------------------------------------

static void a_student_guesses_and_types(void **state) {
    (void)state;
    process_write_file("my.lesson", HEAD "run     anna: broker --address 83\n"
                                         "await   anna: 83 on the network\n"
                                         "ask     Which?\n        a) one\n        b) two\n"
                                         "answer  b\nwhy     So it is.\n"
                                         "screen  Two\ntry     By hand.\n");
    struct process *lesson = process_start_terminal(
        &(struct process_options){
            .folder = process_folder,
            .words = (const char *const[]){"lesson", "--color", "never", "my.lesson", NULL}},
        24, 80);
    process_await_out(lesson, "Your guess");
    process_send(lesson, "a\n");
    process_await_out(lesson, "The answer is b; you guessed a.");
    process_await_out(lesson, "Enter: go on");
    process_send(lesson, "\n");
    process_await_out(lesson, "NAME LINE");
    process_send(lesson, "anna list\n");
    process_await_out(lesson, "anna: devices: 0");
    process_send(lesson, "nobody list\n");
    process_await_out(lesson, "no program takes this");
    process_send(lesson, "\n");
    process_await_out(lesson, "Enter: go on");
    process_send(lesson, "\n");
    process_assert_code(lesson, 0);
}

static void ctrl_c_ends_a_lesson_and_its_programs(void **state) {
    (void)state;
    struct process *lesson = process_start_terminal(
        &(struct process_options){.folder = process_folder,
                                  .words = (const char *const[]){"lesson", "1", NULL}},
        24, 80);
    process_await_out(lesson, "Enter: go on");
    process_send(lesson, "\003");
    process_assert_code(lesson, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(every_lesson_plays_as_it_says),
        PROCESS_TEST(lessons_are_listed_with_their_questions),
        PROCESS_TEST(without_a_terminal_a_lesson_plays_straight_through),
        PROCESS_TEST(an_expectation_that_does_not_come_fails),
        PROCESS_TEST(what_was_never_to_come_fails),
        PROCESS_TEST(a_program_that_ends_too_soon_fails),
        PROCESS_TEST(a_screen_that_does_not_fit_fails),
        PROCESS_TEST(only_programs_beside_it_are_started),
        PROCESS_TEST(mistakes_are_named_with_their_place),
        PROCESS_TEST(what_is_shown_is_asked_for_until_it_is_there),
        PROCESS_TEST(a_student_guesses_and_types),
        PROCESS_TEST(ctrl_c_ends_a_lesson_and_its_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
