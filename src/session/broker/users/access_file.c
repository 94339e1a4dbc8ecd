#include "session/broker/users/access_file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "shell/printable.h"

// False with errno set.
static bool read_all(const char *path, struct buffer *text) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t size;
    do {
        size = fread(buffer_reserve(text, 65536), 1, 65536, file);
        text->size += size;
    } while (size > 0 && text->size <= ACCESS_FILE_BYTES_MAX);
    int error = ferror(file) ? errno : text->size > ACCESS_FILE_BYTES_MAX ? EFBIG : 0;
    (void)fclose(file);
    errno = error;
    return error == 0;
}

static void say_error(struct buffer *why, const char *path, const struct access_error *error) {
    printable_format(why, "%s: line %u: ", path, error->line);
    if (error->text.size > 0) {
        buffer_append_byte(why, '"');
        printable_append(why, error->text);
        buffer_append_text(why, "\": ");
    }
    buffer_append_text(why, access_fault_text(error->fault));
}

// As access_file_load; what is wrong is appended to `why`.
static struct access_file *load(const char *path, struct buffer *why) {
    struct buffer text;
    buffer_init(&text, why->memory);
    struct access_file *file = calloc(1, sizeof *file);
    ASSERT_MESSAGE(file != NULL, "out of memory");
    uint64_t seed; // users choose their names
    randombytes_buf(&seed, sizeof seed);
    memory_init(&file->memory);
    access_init(&file->access, &file->memory, seed);
    struct access_error error = {.fault = ACCESS_OK};
    bool is_read = read_all(path, &text);
    if (!is_read) {
        printable_format(why, "%s: %s", path, strerror(errno));
    } else if (!access_read(&file->access, buffer_bytes(&text), &error)) {
        say_error(why, path, &error);
    }
    buffer_deinit(&text);
    if (!is_read || error.fault != ACCESS_OK) {
        access_file_free(file);
        return NULL;
    }
    return file;
}

struct access_file *access_file_load(const char *path, void (*say)(void *context, const char *text),
                                     void *context) {
    struct memory memory;
    memory_init(&memory);
    struct buffer why;
    buffer_init(&why, &memory);
    buffer_append_text(&why, "--acl-file ");
    struct access_file *file = load(path, &why);
    if (file == NULL) {
        buffer_append_byte(&why, 0);
        say(context, (const char *)why.data);
    }
    buffer_deinit(&why);
    return file;
}

void access_file_free(struct access_file *file) {
    if (file != NULL) {
        access_deinit(&file->access);
        free(file);
    }
}
