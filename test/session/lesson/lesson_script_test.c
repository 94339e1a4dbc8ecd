// What a teacher writes, and what is said about mistakes in it.
#include "support.h"

#include <stdio.h>

#include "session/lesson/lesson_script.h"

#define HEAD "title   Retained\nabout   What is kept?\n\nscreen  One\n"

struct scene {
    struct memory memory;
    struct buffer complaint;
    struct lesson_script script;
};

static bool parse(struct scene *scene, const char *text) {
    memory_init(&scene->memory);
    buffer_init(&scene->complaint, &scene->memory);
    return lesson_script_parse(&scene->script, &scene->memory, "my.lesson", bytes_of_text(text),
                               &scene->complaint);
}

static void leave(struct scene *scene) {
    lesson_script_deinit(&scene->script);
    buffer_deinit(&scene->complaint);
    assert_int_equal(scene->memory.bytes_in_use, 0);
}

#define assert_text(actual, expected) assert_bytes_equal((actual), bytes_of_text(expected))

static void a_lesson_becomes_steps(void **state) {
    (void)state;
    struct scene scene;
    assert_true(parse(&scene, HEAD "# a remark\n"
                                   "say     Two lines\n"
                                   "        of one text.\n"
                                   "\n"
                                   "          as it is\n"
                                   "run     anna: client --address 580\n"
                                   "type    anna:   publ a 1  \n"
                                   "expect  anna: a: 1\n"
                                   "kill    anna\n"));
    const struct lesson_step *steps = scene.script.steps;
    assert_text(scene.script.title, "Retained");
    assert_text(scene.script.about, "What is kept?");
    assert_int_equal(scene.script.count, 6);
    assert_int_equal(scene.script.screens, 1);
    assert_text(steps[0].text, "One");
    assert_text(steps[1].text, "Two lines\nof one text.\n\n  as it is");
    assert_int_equal(steps[2].word, LESSON_RUN);
    assert_text(steps[2].name, "anna");
    assert_text(steps[2].text, "client --address 580");
    assert_text(steps[3].text, "publ a 1");
    assert_text(steps[4].text, "a: 1");
    assert_int_equal(steps[5].word, LESSON_KILL);
    assert_text(steps[5].name, "anna");
    assert_int_equal(steps[5].line, 13);
    leave(&scene);
}

static void an_expectation_without_a_name_is_about_what_is_shown(void **state) {
    (void)state;
    struct scene scene;
    assert_true(parse(&scene, HEAD "show    watch --once network\nexpect  room: 1\n"));
    assert_int_equal(scene.script.steps[2].name.size, 0);
    assert_text(scene.script.steps[2].text, "room: 1");
    leave(&scene);
}

static void questions_have_choices_an_answer_and_a_reason(void **state) {
    (void)state;
    struct scene scene;
    assert_true(parse(&scene, HEAD "ask     Which?\n        a) one\n        b) two\n"
                                   "answer  b\nwhy     So it is.\n"));
    assert_int_equal(scene.script.count, 4);
    assert_int_equal(lesson_choice(BYTES_LITERAL("  c) three")), 'c');
    assert_int_equal(lesson_choice(BYTES_LITERAL("c three")), 0);
    leave(&scene);
}

struct mistake {
    const char *text;
    const char *complaint; // how it begins
};

static const struct mistake mistakes[] = {
    {"", "my.lesson:1: the lesson has no title"},
    {"title  A\nabout  B\n", "my.lesson:2: the lesson has no title, no about or no screen"},
    {"title  A\nsay  Hello\n", "my.lesson:2: say: a lesson begins with title, about and screen"},
    {HEAD "title  Again\n", "my.lesson:5: title: stands once"},
    {HEAD "sing    A song\n", "my.lesson:5: \"sing    A song\": a line begins with a word or with"},
    {HEAD "say     A\n    four blanks\n", "my.lesson:6: \"    four blanks\": a line begins"},
    {HEAD "say\n", "my.lesson:5: say: nothing stands behind it"},
    {HEAD "say\n\nsay     A\n", "my.lesson:5: say: nothing stands behind it"},
    {HEAD "type    anna: conn\n", "my.lesson:5: no program is called \"anna\" here; so far there "
                                  "are: none"},
    {HEAD "run     anna: client\nkill    ana\n",
     "my.lesson:6: no program is called \"ana\" here; so far there are: anna"},
    {HEAD "run     anna: client\n        --address 3\n", "my.lesson:6: run: takes one line"},
    {HEAD "run     Anna: client\n", "my.lesson:5: run: a name of up to 12 small letters"},
    {HEAD "append  ../x: y\n", "my.lesson:5: append: a file's name of up to 12 small letters"},
    {HEAD "expect  temp 1\n", "my.lesson:5: expect: which program? write expect NAME: text"},
    {HEAD "ask     Which?\n", "my.lesson:5: a question needs choices"},
    {HEAD "answer  a\n", "my.lesson:5: answer: stands right behind its ask"},
    {HEAD "ask     Which?\n        a) one\nanswer  b\n",
     "my.lesson:7: answer: is one of the letters of the question in line 5"},
    {HEAD "ask     Which?\n        a) one\nwhy     So.\n",
     "my.lesson:7: the question of line 5 has no answer yet"},
    {HEAD "ask     Which?\n        a) one\nanswer  a\n",
     "my.lesson:7: the question of line 5 has no why"},
    {"        nothing before\n", "my.lesson:1: nothing stands before it that could go on"},
    {HEAD "say     \xff\n", "my.lesson:1: is no text in UTF-8"},
};

static void mistakes_are_named_with_their_line(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct scene scene;
        assert_false(parse(&scene, mistakes[i].text));
        struct bytes said = buffer_bytes(&scene.complaint);
        if (!bytes_starts_with(said, bytes_of_text(mistakes[i].complaint))) {
            print_error("%.*s\nin place of\n%s\n", (int)said.size, (const char *)said.data,
                        mistakes[i].complaint);
            fail();
        }
        leave(&scene);
    }
}

static void append_lines(struct buffer *text, const char *line, unsigned times) {
    buffer_append_text(text, HEAD);
    for (unsigned i = 0; i < times; i++) {
        buffer_append_text(text, line);
    }
    buffer_append_byte(text, 0);
}

static void a_lesson_is_bounded(void **state) {
    (void)state;
    struct memory memory;
    struct buffer text;
    struct scene scene;
    memory_init(&memory);
    buffer_init(&text, &memory);
    append_lines(&text, "say     a\n", LESSON_STEPS_MAX - 1);
    assert_true(parse(&scene, (const char *)text.data));
    leave(&scene);
    text.size = 0;
    append_lines(&text, "say     a\n", LESSON_STEPS_MAX);
    assert_false(parse(&scene, (const char *)text.data));
    leave(&scene);
    text.size = 0;
    append_lines(&text, "# a remark that nobody needs\n", LESSON_FILE_MAX / 29 + 1);
    assert_false(parse(&scene, (const char *)text.data));
    assert_true(bytes_starts_with(buffer_bytes(&scene.complaint),
                                  BYTES_LITERAL("my.lesson:1: a lesson has at most 65536 bytes")));
    leave(&scene);
    buffer_deinit(&text);
}

static void there_are_so_many_programs(void **state) {
    (void)state;
    struct scene scene;
    struct memory memory;
    struct buffer text;
    char line[64];
    memory_init(&memory);
    buffer_init(&text, &memory);
    buffer_append_text(&text, HEAD);
    for (int i = 0; i <= LESSON_PROGRAMS_MAX; i++) {
        assert_true(snprintf(line, sizeof line, "run     c%d: client\n", i) > 0);
        buffer_append_text(&text, line);
    }
    buffer_append_byte(&text, 0);
    assert_false(parse(&scene, (const char *)text.data));
    assert_true(bytes_starts_with(buffer_bytes(&scene.complaint),
                                  BYTES_LITERAL("my.lesson:21: a lesson has at most 16")));
    leave(&scene);
    buffer_deinit(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_becomes_steps),
        cmocka_unit_test(an_expectation_without_a_name_is_about_what_is_shown),
        cmocka_unit_test(questions_have_choices_an_answer_and_a_reason),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(a_lesson_is_bounded),
        cmocka_unit_test(there_are_so_many_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
