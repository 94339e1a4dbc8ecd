#include "support.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/machine/machine_memory.h"

static void make_file(const char *folder, const char *name, const char *text) {
    char path[300];
    assert_true(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    for (char *at = path + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(path, 0700);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void groups_and_those_above_limit(void **state) {
    (void)state;
    char folder[] = "/tmp/mqttsim-groups.XXXXXX";
    assert_non_null(mkdtemp(folder));
    make_file(folder, "memory.max", "5000000\n");
    make_file(folder, "a/memory.max", "max\n");
    make_file(folder, "a/b/memory.max", "7000000\n");
    make_file(folder, "c/memory.max", "3000000\n");
    make_file(folder, "memory/memory.limit_in_bytes", "9223372036854771712\n");
    make_file(folder, "memory/d/memory.limit_in_bytes", "4000000\n");
    static const struct {
        const char *text;
        size_t limit;
    } cases[] = {
        {"0::/a/b\n", 5000000},
        {"0::/c\n", 3000000},
        {"0::/\n", 5000000},
        {"0::/none\n", 5000000},
        {"3:cpu,memory:/d/e\n1:name=systemd:/c\n", 4000000},
        {"3:cpu:/d\n2:memory2,amemory:/d\n", SIZE_MAX},
        {"3:memory:/d\n0::/c\n", 3000000},
        {"nonsense\n\n:\n", SIZE_MAX},
        {"", SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(machine_memory_of_groups(cases[i].text, folder) == cases[i].limit);
    }
    char line[64];
    (void)snprintf(line, sizeof line, "rm -r %s", folder);
    assert_int_equal(system(line), 0); // NOLINT(cert-env33-c)
}

static void a_quarter_is_less_than_all(void **state) {
    (void)state;
    size_t all = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    assert_in_range(machine_memory_quarter(), 1, all / 4);
    assert_true(machine_memory_held() < all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_and_those_above_limit),
        cmocka_unit_test(a_quarter_is_less_than_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
