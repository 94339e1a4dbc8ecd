#include "shell/machine/machine_memory.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define GROUPS_TEXT_MAX 65536

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static size_t less(size_t a, size_t b) {
    return a < b ? a : b;
}

// What a small file holds, as a text; NULL: it cannot be read.
static char *read_text(const char *path, char *text, size_t room) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    ssize_t size = read(fd, text, room - 1);
    close(fd);
    if (size < 0) {
        return NULL;
    }
    text[size] = '\0';
    return text;
}

// ---- control groups ---------------------------------------------------------------------------

// The number in a file of a group; "max", or no file: none.
static size_t limit_in(const char *path) {
    char text[64];
    char *end = NULL;
    if (read_text(path, text, sizeof text) == NULL) {
        return SIZE_MAX;
    }
    unsigned long long limit = strtoull(text, &end, 10);
    return end == text || limit == 0 || limit > SIZE_MAX ? SIZE_MAX : (size_t)limit;
}

// A group and all above it: each of them holds for those below.
static size_t limit_of_group(const char *root, const char *controller, const char *group,
                             const char *file) {
    char path[PATH_MAX];
    char name[PATH_MAX];
    size_t limit = SIZE_MAX;
    if (snprintf(name, sizeof name, "%s", group) >= (int)sizeof name) {
        return limit;
    }
    for (;;) {
        if (snprintf(path, sizeof path, "%s%s%s/%s", root, controller, name, file) <
            (int)sizeof path) {
            limit = less(limit, limit_in(path));
        }
        char *last = strrchr(name, '/');
        if (last == NULL) {
            return limit;
        }
        *last = '\0';
    }
}

static bool has_memory_controller(const char *controllers, const char *end) {
    const char *at = controllers;
    while (at < end) {
        size_t size = strcspn(at, ",:");
        if (size == strlen("memory") && memcmp(at, "memory", size) == 0) {
            return true;
        }
        at += size + 1;
    }
    return false;
}

// A line is "0::/group" in version 2, "7:memory:/group" in version 1.
static size_t limit_of_line(char *line, const char *root) {
    char *controllers = strchr(line, ':');
    char *group = controllers == NULL ? NULL : strchr(controllers + 1, ':');
    if (group == NULL) {
        return SIZE_MAX;
    }
    const char *name = strcmp(group + 1, "/") == 0 ? "" : group + 1;
    if (group == controllers + 1) {
        return limit_of_group(root, "", name, "memory.max");
    }
    return has_memory_controller(controllers + 1, group)
               ? limit_of_group(root, "/memory", name, "memory.limit_in_bytes")
               : SIZE_MAX;
}

size_t machine_memory_of_groups(const char *text, const char *root) {
    size_t limit = SIZE_MAX;
    char *copy = strdup(text);
    char *rest = copy;
    for (char *line; copy != NULL && (line = strsep(&rest, "\n")) != NULL;) {
        limit = less(limit, limit_of_line(line, root));
    }
    free(copy);
    return limit;
}

static size_t limit_of_own_groups(void) {
    char text[GROUPS_TEXT_MAX];
    return read_text("/proc/self/cgroup", text, sizeof text) == NULL
               ? SIZE_MAX
               : machine_memory_of_groups(text, "/sys/fs/cgroup");
}

// ---- the rest -----------------------------------------------------------------------------------

static size_t resource_limit(__rlimit_resource_t resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY
               ? SIZE_MAX
               : (size_t)limit.rlim_cur;
}

size_t machine_memory_quarter(void) {
    size_t all = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    all = less(all, limit_of_own_groups());
    all = less(all, less(resource_limit(RLIMIT_AS), resource_limit(RLIMIT_DATA)));
    return all / 4;
}

size_t machine_memory_held(void) {
    char text[128];
    if (IS_SANITIZED || read_text("/proc/self/statm", text, sizeof text) == NULL) {
        return 0;
    }
    char *end = NULL; // all pages, resident ones, those of them that are files
    (void)strtoul(text, &end, 10);
    unsigned long resident = strtoul(end, &end, 10);
    unsigned long shared = strtoul(end, &end, 10);
    return shared > resident ? 0 : (resident - shared) * (size_t)sysconf(_SC_PAGESIZE);
}
