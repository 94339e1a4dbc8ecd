#include "shell/terminal/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "medium/file/safe_file.h"

#define FILE_BYTES_MAX (64 * 1024)
#define LINE_BYTES_MAX 4096

// Makes each folder on the way to a path.
static bool make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool is_there = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!is_there) {
            return false;
        }
    }
    return true;
}

bool history_file_path(const char *kind, char path[static PATH_MAX]) {
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    bool has_state = state != NULL && state[0] == '/';
    bool has_home = home != NULL && home[0] == '/';
    if (!has_state && !has_home) {
        return false;
    }
    int size = snprintf(path, PATH_MAX, "%s%s/mqttsim/%s.history", has_state ? state : home,
                        has_state ? "" : "/.local/state", kind);
    return size > 0 && size < PATH_MAX && make_folders(path);
}

bool history_file_keeps(struct bytes line) {
    static const char secret[] = "password";
    const size_t size = sizeof secret - 1;
    bool keeps = line.size > 0 && line.size < LINE_BYTES_MAX && line.data[0] != ' ' &&
                 memchr(line.data, '\n', line.size) == NULL &&
                 memchr(line.data, '\0', line.size) == NULL;
    for (size_t i = 0; i + size <= line.size && keeps; i++) {
        keeps = strncasecmp((const char *)line.data + i, secret, size) != 0;
    }
    return keeps;
}

// All of a file that is ours, up to its limit; NULL: there is none. To be freed.
static char *read_file(const char *path, size_t *size) {
    int fd = safe_file_open(path, O_RDONLY, 0);
    char *text = fd >= 0 && safe_file_is_own(fd) ? malloc(2 * FILE_BYTES_MAX) : NULL;
    ssize_t got = text == NULL ? -1 : pread(fd, text, 2 * FILE_BYTES_MAX, 0);
    if (fd >= 0) {
        close(fd);
    }
    if (got < 0) {
        free(text);
        return NULL;
    }
    *size = (size_t)got;
    return text;
}

void history_file_read(const char *path, void *context,
                       void (*take)(void *context, const char *line)) {
    size_t size;
    char *text = read_file(path, &size);
    char *end = text == NULL ? NULL : text + size;
    for (char *at = text; at != NULL && at < end;) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            break; // another session is just writing it
        }
        *newline = '\0';
        if (history_file_keeps(bytes_of_text(at))) {
            take(context, at);
        }
        at = newline + 1;
    }
    free(text);
}

// Leaves the younger half of a file that has become large, from the start of a line on.
static void cut_file(const char *path) {
    size_t size;
    char *text = read_file(path, &size);
    if (text != NULL && size > FILE_BYTES_MAX) {
        char *half = text + size - FILE_BYTES_MAX / 2;
        char *start = memchr(half, '\n', (size_t)(text + size - half));
        int fd = start == NULL ? -1 : safe_file_open(path, O_WRONLY | O_TRUNC, 0600);
        if (fd >= 0) {
            (void)!write(fd, start + 1, (size_t)(text + size - start - 1));
            close(fd);
        }
    }
    free(text);
}

void history_file_add(const char *path, struct bytes line) {
    struct stat status;
    if (!history_file_keeps(line)) {
        return;
    }
    int fd = safe_file_open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    bool is_large = fd >= 0 && fstat(fd, &status) == 0 && status.st_size > FILE_BYTES_MAX;
    char text[LINE_BYTES_MAX + 1];
    memcpy(text, line.data, line.size);
    text[line.size] = '\n';
    if (fd >= 0 && safe_file_is_own(fd)) {
        (void)!write(fd, text, line.size + 1); // one call, so lines of sessions do not mix
    }
    if (fd >= 0) {
        close(fd);
    }
    if (is_large) {
        cut_file(path);
    }
}
