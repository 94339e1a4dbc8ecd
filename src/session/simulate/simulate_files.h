// The files of a scenario: its own, and those that it names, which are found from its folder.
#ifndef SESSION_SIMULATE_SIMULATE_FILES_H
#define SESSION_SIMULATE_SIMULATE_FILES_H

#include "base/buffer.h"

#define SIMULATE_FILE_MAX (64u << 20) // bytes

// NULL, or why the file cannot be read, for people, a constant. "-" is standard input.
const char *simulate_files_read(const char *path, struct buffer *content);

// Files that were read for a scenario; they stay until it is over.
struct simulate_files {
    struct memory *memory;
    const char *scenario; // its path
    struct buffer *items;
    uint32_t count;
    uint32_t capacity;
};

void simulate_files_init(struct simulate_files *files, struct memory *memory, const char *scenario);
void simulate_files_deinit(struct simulate_files *files);
// As struct plan_input wants it; `context` are the files.
bool simulate_files_load(void *context, struct bytes name, struct bytes *content);

#endif
