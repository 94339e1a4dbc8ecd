#include "medium/file/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 8 // one after the other

static bool refuse(int reason) {
    errno = reason;
    return false;
}

// ---- links ----------------------------------------------------------------------------------

// Puts what a link says in the place of its own name, the last component of `path`.
static bool replace_by_target(char path[static PATH_MAX], const char *target) {
    char whole[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int folder = target[0] == '/' || slash == NULL ? 0 : (int)(slash - path) + 1;
    int size = snprintf(whole, sizeof whole, "%.*s%s", folder, path, target);
    if (size >= (int)sizeof whole) {
        return refuse(ENAMETOOLONG);
    }
    memcpy(path, whole, (size_t)size + 1);
    return true;
}

// Follows the link `fd`, which stands under `path`. Its owner is asked of the link itself, so that
// no other can be put in its place meanwhile.
static bool follow(int fd, const struct stat *status, char path[static PATH_MAX]) {
    char target[PATH_MAX];
    if (status->st_uid != geteuid() && status->st_uid != 0) {
        return refuse(ELOOP);
    }
    ssize_t size = readlinkat(fd, "", target, sizeof target - 1);
    if (size < 0) {
        return false;
    }
    target[size] = '\0';
    return replace_by_target(path, target);
}

// One step. True: `path` is another name now, or `*is_found`.
static bool step(char path[static PATH_MAX], bool is_first, bool *is_found) {
    struct stat status;
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        *is_found = is_first && errno == ENOENT; // to be created
        return *is_found || refuse(errno == ENOENT ? ELOOP : errno);
    }
    bool is_good = fstat(fd, &status) == 0;
    *is_found = is_good && !S_ISLNK(status.st_mode);
    is_good = is_good && (*is_found || follow(fd, &status, path));
    int reason = errno;
    close(fd);
    errno = reason;
    return is_good;
}

bool safe_file_resolve(const char *path, char out[static PATH_MAX]) {
    size_t size = strlen(path);
    if (size >= PATH_MAX) {
        return refuse(ENAMETOOLONG);
    }
    memcpy(out, path, size + 1);
    bool is_found = false;
    for (int i = 0; i <= LINKS_MAX && !is_found; i++) {
        if (!step(out, i == 0, &is_found)) {
            return false;
        }
    }
    return is_found || refuse(ELOOP);
}

// ---- opening --------------------------------------------------------------------------------

int safe_file_open(const char *path, int flags, unsigned mode) {
    struct stat status;
    // Non-blocking, so that a pipe under the path cannot hold us up.
    int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        errno = EMEDIUMTYPE;
        return -1;
    }
    return fd;
}

int safe_file_create(const char *path, int flags, unsigned mode) {
    int fd = safe_file_open(path, flags | O_CREAT | O_EXCL, mode);
    if (fd < 0 && errno == EEXIST && unlink(path) == 0) {
        fd = safe_file_open(path, flags | O_CREAT | O_EXCL, mode);
    }
    return fd;
}

bool safe_file_is_own(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_uid == geteuid();
}

bool safe_file_is_open_to_others(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
}

const char *safe_file_reason(int reason) {
    switch (reason) {
    case ELOOP:
        return "it is a symbolic link that leads nowhere, or that another user made";
    case EMEDIUMTYPE:
        return "it is no regular file";
    default:
        return strerror(reason);
    }
}
