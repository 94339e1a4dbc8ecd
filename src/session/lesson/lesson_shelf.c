#include "session/lesson/lesson_shelf.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "session/lesson/lesson_script.h"
#include "shell/printable.h"

#define ENDING ".lesson"

// From the folder of the program: exe/ of a clone, build/VARIANT/app/ of one, bin/ of a system.
static const char *const places[] = {"../lessons", "../../../lessons", "../share/mqttsim/lessons"};

// "07-name.lesson" into its parts; false: it is called otherwise.
static bool read_name(const char *file, struct lesson_entry *entry) {
    char *rest = NULL;
    unsigned long number = strtoul(file, &rest, 10);
    size_t size = strlen(file);
    size_t head = rest != NULL ? (size_t)(rest - file) : 0;
    if (head == 0 || *rest != '-' || number == 0 || number > LESSON_SHELF_MAX ||
        size >= LESSON_FILE_NAME_MAX || size <= head + 1 + strlen(ENDING) ||
        strcmp(file + size - strlen(ENDING), ENDING) != 0) {
        return false;
    }
    *entry = (struct lesson_entry){.number = (unsigned)number};
    memcpy(entry->file, file, size);
    memcpy(entry->name, rest + 1, size - head - 1 - strlen(ENDING));
    return true;
}

static int compare(const void *a, const void *b) {
    const struct lesson_entry *left = a;
    const struct lesson_entry *right = b;
    return left->number != right->number ? (left->number > right->number) * 2 - 1
                                         : strcmp(left->file, right->file);
}

static bool list(struct lesson_shelf *shelf) {
    DIR *folder = opendir(shelf->folder);
    if (folder == NULL) {
        return false;
    }
    for (const struct dirent *file; (file = readdir(folder)) != NULL;) {
        if (shelf->count < LESSON_SHELF_MAX &&
            read_name(file->d_name, &shelf->entries[shelf->count])) {
            shelf->count++;
        }
    }
    (void)closedir(folder);
    qsort(shelf->entries, shelf->count, sizeof *shelf->entries, compare);
    return true;
}

static bool find_own(struct lesson_shelf *shelf) {
    char own[PATH_MAX] = {0};
    if (readlink("/proc/self/exe", own, sizeof own - 1) <= 0) {
        return false;
    }
    const char *folder = dirname(own);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int size = snprintf(shelf->folder, sizeof shelf->folder, "%s/%s", folder, places[i]);
        if (size > 0 && (size_t)size < sizeof shelf->folder && list(shelf)) {
            return true;
        }
    }
    return false;
}

bool lesson_shelf_open(struct lesson_shelf *shelf, const char *folder, struct buffer *complaint) {
    *shelf = (struct lesson_shelf){0};
    if (folder == NULL) {
        if (!find_own(shelf)) {
            printable_format(complaint, "there is no folder of lessons beside this program; give "
                                        "one with --lessons");
            return false;
        }
        return true;
    }
    int size = snprintf(shelf->folder, sizeof shelf->folder, "%s", folder);
    errno = ENAMETOOLONG;
    if (size < 0 || (size_t)size >= sizeof shelf->folder || !list(shelf)) {
        printable_format(complaint, "%s: %s", folder, strerror(errno));
        return false;
    }
    return true;
}

const struct lesson_entry *lesson_shelf_find(const struct lesson_shelf *shelf, const char *wanted) {
    char *end = NULL;
    unsigned long number = strtoul(wanted, &end, 10);
    bool is_number = end != wanted && *end == '\0';
    for (unsigned i = 0; i < shelf->count; i++) {
        const struct lesson_entry *entry = &shelf->entries[i];
        if (is_number ? entry->number == number : strcmp(entry->name, wanted) == 0) {
            return entry;
        }
    }
    return NULL;
}

bool lesson_shelf_read(const char *path, struct buffer *out) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    uint8_t *room = buffer_reserve(out, LESSON_FILE_MAX + 1);
    size_t size = fread(room, 1, LESSON_FILE_MAX + 1, file);
    int error = ferror(file) ? errno : size > LESSON_FILE_MAX ? EFBIG : 0;
    (void)fclose(file);
    out->size += size;
    errno = error;
    return error == 0;
}
