#include "session/simulate/simulate_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 65536u

const char *simulate_files_read(const char *path, struct buffer *content) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL) {
        return strerror(errno);
    }
    size_t count = 1;
    while (count > 0 && content->size <= SIMULATE_FILE_MAX) {
        count = fread(buffer_reserve(content, BLOCK), 1, BLOCK, file);
        content->size += count;
    }
    const char *why = ferror(file)                        ? "it cannot be read"
                      : content->size > SIMULATE_FILE_MAX ? "it is larger than 64 MiB"
                                                          : NULL;
    if (file != stdin) {
        (void)fclose(file);
    }
    return why;
}

void simulate_files_init(struct simulate_files *files, struct memory *memory,
                         const char *scenario) {
    *files = (struct simulate_files){.memory = memory, .scenario = scenario};
}

void simulate_files_deinit(struct simulate_files *files) {
    for (uint32_t i = 0; i < files->count; i++) {
        buffer_deinit(&files->items[i]);
    }
    memory_free(files->memory, files->items, files->capacity * sizeof *files->items);
}

// The name as it is, if it is a whole path; else in the scenario's folder. Ends with a NUL.
static void append_path(const struct simulate_files *files, struct bytes name,
                        struct buffer *path) {
    const char *slash = strrchr(files->scenario, '/');
    if (slash != NULL && (name.size == 0 || name.data[0] != '/')) {
        buffer_append(path, bytes_make(files->scenario, (size_t)(slash - files->scenario) + 1));
    }
    buffer_append(path, name);
    buffer_append_byte(path, 0);
}

bool simulate_files_load(void *context, struct bytes name, struct bytes *content) {
    struct simulate_files *files = context;
    if (memchr(name.data, 0, name.size) != NULL) {
        return false;
    }
    struct buffer path;
    buffer_init(&path, files->memory);
    append_path(files, name, &path);
    files->items = memory_grow(files->memory, files->items, &files->capacity, files->count + 1,
                               sizeof *files->items);
    struct buffer *item = &files->items[files->count++];
    buffer_init(item, files->memory);
    bool is_read = simulate_files_read((const char *)path.data, item) == NULL;
    *content = buffer_bytes(item);
    buffer_deinit(&path);
    return is_read;
}
