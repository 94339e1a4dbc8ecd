#include "support.h"

#include "shell/options/option_completion.h"

#include <stdio.h>
#include <stdlib.h>

struct values {
    int suite;
    const char *file;
    bool flag;
};

static const struct option_row rows[] = {
    {.name = "suite",
     .letter = 's',
     .type = OPTION_CHOICE,
     .offset = offsetof(struct values, suite),
     .argument = "NAME",
     .choices = "classic|sodium",
     .help = "The suite [1]: it's one. Another sentence."},
    {.name = "file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct values, file),
     .argument = "FILE",
     .help = "A file."},
    {.name = "flag",
     .type = OPTION_FLAG,
     .offset = offsetof(struct values, flag),
     .help = "A flag."},
};

static const struct program program = {.name = "client",
                                       .summary = "a client",
                                       .synopsis = "[OPTION]...",
                                       .options = rows,
                                       .option_count = sizeof rows / sizeof *rows};

static void assert_has(const char *shell, const char *const *parts) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(option_completion_write(&program, shell, out));
    assert_int_equal(fclose(out), 0);
    for (; *parts != NULL; parts++) {
        if (strstr(text, *parts) == NULL) {
            print_error("no %s in %s\n", *parts, text);
            fail();
        }
    }
    free(text);
}

static void each_shell_gets_names_choices_and_files(void **state) {
    (void)state;
    assert_has("bash", (const char *const[]){
                           "complete -F _mqttsim_client mqttsim-client\n",
                           "--suite | -s) COMPREPLY=($(compgen -W 'classic sodium' -- \"$cur\"))",
                           "--file) COMPREPLY=($(compgen -f -- \"$cur\"))",
                           "-W '--suite --file --flag --help --version --man --completion'", NULL});
    static const char choices[] = "'(-s --suite)'{-s,--suite}'[The suite \\[1\\]\\: it'\\''s one]"
                                  ":NAME:(classic sodium)'";
    assert_has("zsh",
               (const char *const[]){"#compdef mqttsim-client\n", choices,
                                     "'--file[A file]:FILE:_files'", "'--flag[A flag]'", NULL});
    assert_has("fish", (const char *const[]){
                           "complete -c mqttsim-client -f\n",
                           "-l suite -s s -x -a 'classic sodium' -d 'The suite [1]: it\\'s one'",
                           "-l file -r -F -d 'A file'", NULL});
    assert_false(option_completion_write(&program, "csh", stdout));
}

// What bash makes of it, where there is one.
static void bash_understands_it(void **state) {
    (void)state;
    char *folder = support_make_folder();
    char *path = support_path(folder, "client");
    char command[1024];
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(option_completion_write(&program, "bash", out));
    assert_int_equal(fclose(out), 0);
    (void)snprintf(
        command, sizeof command,
        "bash -c '. %s; COMP_WORDS=(client --suite so); COMP_CWORD=2; _mqttsim_client; "
        "test \"${COMPREPLY[*]}\" = sodium; a=$?; COMP_WORDS=(client --fl); COMP_CWORD=1; "
        "_mqttsim_client; test \"${COMPREPLY[*]}\" = --flag && exit $a'",
        path);
    assert_int_equal(system(command), 0); // NOLINT(cert-env33-c)
    free(path);
    support_remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shell_gets_names_choices_and_files),
        cmocka_unit_test(bash_understands_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
