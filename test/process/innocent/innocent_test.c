// Scenarios in which no role does anything wrong, however it looks: each was taken for a fault
// once. A new one is a new file in test/process/innocent.
#include "process/process.h"

#include <dirent.h>

#define FILES_MAX 64u

static void no_rule_is_found_broken(void **state) {
    const char *path = *state;
    process_set_up(state);
    process_assert_code(process_start("simulate", path, "--seeds", "1..6"), 0);
    process_assert_code(process_start("simulate", path, "--check", "--seeds", "1..6"), 0);
}

static int clear_up(void **state) {
    return process_tear_down(state);
}

// This is build/VARIANT/test/process/innocent/innocent_test.
static char *find_scenarios(void) {
    char top[PATH_MAX] = {0};
    assert_true(readlink("/proc/self/exe", top, sizeof top - 1) > 0);
    for (unsigned level = 0; level < 6; level++) {
        *strrchr(top, '/') = '\0';
    }
    return support_path(top, "test/process/innocent");
}

static int is_scenario(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

int main(void) {
    static struct CMUnitTest tests[FILES_MAX];
    struct dirent **entries = NULL;
    char *folder = find_scenarios();
    int count = scandir(folder, &entries, is_scenario, alphasort);
    if (count <= 0 || (unsigned)count > FILES_MAX) {
        (void)fprintf(stderr, "%s: no scenario, or more than %u\n", folder, FILES_MAX);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = no_rule_is_found_broken,
                                       .teardown_func = clear_up,
                                       .initial_state = support_path(folder, entries[i]->d_name)};
    }
    int code = _cmocka_run_group_tests("innocent", tests, (size_t)count, NULL, NULL);
    for (int i = 0; i < count; i++) {
        free(tests[i].initial_state);
        free(entries[i]);
    }
    free(entries);
    free(folder);
    return code;
}
