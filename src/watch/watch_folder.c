#include "watch/watch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "shell/printable.h"

static void add(struct watch_files *files, char *path) {
    files->paths = realloc(files->paths, (files->count + 1) * sizeof *files->paths);
    ASSERT_MESSAGE(files->paths != NULL && path != NULL, "out of memory");
    files->paths[files->count++] = path;
}

static bool has_end(struct bytes name, struct bytes end) {
    return name.size > end.size &&
           memcmp(name.data + name.size - end.size, end.data, end.size) == 0;
}

static int is_shown(const struct dirent *entry) {
    struct bytes name = bytes_of_text(entry->d_name);
    return has_end(name, BYTES_LITERAL(".network")) || has_end(name, BYTES_LITERAL(".pcapng"));
}

static bool add_folder(struct watch_files *files, const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_shown, alphasort);
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        int size = asprintf(&path, "%s/%s", folder, entries[i]->d_name);
        add(files, size < 0 ? NULL : path);
        free(entries[i]);
    }
    free(entries);
    if (count <= 0) {
        printable_complain("watch: %s: %s\n", folder,
                           count < 0 ? strerror(errno)
                                     : "there is no file NAME.network or NAME.pcapng in it");
    }
    return count > 0;
}

bool watch_folder_expand(const char *const *operands, size_t count, struct watch_files *files) {
    struct stat status;
    bool is_right = true;
    *files = (struct watch_files){0};
    for (size_t i = 0; i < count && is_right; i++) {
        if (stat(operands[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            is_right = add_folder(files, operands[i]);
        } else {
            add(files, strdup(operands[i]));
        }
    }
    return is_right;
}

void watch_folder_free(struct watch_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        free(files->paths[i]);
    }
    free(files->paths);
}
