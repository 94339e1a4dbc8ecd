#include "store/sqlite_file.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

char *sqlite_file_path(const char *name) {
    char *path = NULL;
    int size = asprintf(&path, "%s%s", name[0] == '/' ? "" : "./", name);
    ASSERT_MESSAGE(size > 0, "out of memory");
    return path;
}

const char *sqlite_file_advice(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "make room on the disk";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program uses it: end that one, or name another file";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "move it away, or name another file";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "name a file in a folder where this program may write";
    case SQLITE_IOERR:
        return "see whether its disk is full or broken";
    default:
        return "see to it and try again";
    }
}

// The numbers are those of statfs(2).
const char *sqlite_file_remote_kind(unsigned long type) {
    static const struct {
        unsigned long type;
        const char *name;
    } remote[] = {
        {0x6969, "NFS"},     {0x517b, "SMB"},     {0xfe534d42, "SMB"},
        {0xff534d42, "SMB"}, {0x5346414f, "AFS"}, {0x73757245, "Coda"},
    };
    for (size_t i = 0; i < sizeof remote / sizeof *remote; i++) {
        if (remote[i].type == (type & 0xffffffff)) {
            return remote[i].name;
        }
    }
    return NULL;
}

// Whether the open file may be ours.
static bool is_usable(int fd, const char *what, const char *name, struct store_error *error) {
    struct stat status;
    struct statfs system;
    if (fstat(fd, &status) != 0 || status.st_uid != geteuid()) {
        (void)store_error_set(error,
                              "%s%s: belongs to another user, who could read the secrets in it; "
                              "name another file",
                              what, name);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        (void)store_error_set(error, "%s%s: is not a file; name a file", what, name);
        return false;
    }
    const char *kind =
        fstatfs(fd, &system) == 0 ? sqlite_file_remote_kind((unsigned long)system.f_type) : NULL;
    if (kind != NULL) {
        (void)store_error_set(error,
                              "%s%s: lies on a file system of another machine (%s), which keeps no "
                              "promise; name a file on a disk of this machine",
                              what, name, kind);
    }
    return kind == NULL;
}

bool sqlite_file_create(const char *what, const char *name, const char *path,
                        struct store_error *error) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    int reason = errno;
    if (fd < 0) {
        (void)store_error_set(error,
                              "%s%s: cannot be opened: %s; name a file in a folder that exists and "
                              "where this program may write",
                              what, name,
                              reason == ELOOP ? "it is a symbolic link" : strerror(reason));
        return false;
    }
    bool may = is_usable(fd, what, name, error);
    close(fd);
    return may;
}
