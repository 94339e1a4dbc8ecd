// What the modules of the live page do, without a browser: see page_units.js.
#include "process.h"

static void the_modules_of_the_page_do_what_they_say(void **state) {
    (void)state;
    if (PROCESS_SLOW) {
        print_message("not tested: Node is asked once, by the release variant\n");
        skip();
    }
    char script[PATH_MAX];
    char page[PATH_MAX];
    char copy[PATH_MAX];
    char *app = process_program("watch");
    const char *programs = dirname(app);
    (void)snprintf(script, sizeof script, "%s/../../../test/process/page_units.js", programs);
    (void)snprintf(page, sizeof page, "%s/../../../src/web/page", programs);
    (void)snprintf(copy, sizeof copy, "%s/page", process_folder);
    free(app);
    struct process *node = process_start("/usr/bin/env", "node", script, page, copy);
    process_assert_code(node, 0);
    assert_non_null(strstr(process_text(&node->out), "checks passed"));
}

int main(void) {
    const struct CMUnitTest tests[] = {PROCESS_TEST(the_modules_of_the_page_do_what_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
