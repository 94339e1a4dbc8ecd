// Which file a name refers to, and how big it is. Device and inode alone do not distinguish a file
// from its successor (the inode of a deleted file is soon used again), so its time of birth is part
// of its identity.
#ifndef MEDIUM_FILE_FILE_STATUS_H
#define MEDIUM_FILE_FILE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

struct file_identity {
    uint64_t device;
    uint64_t inode;
    uint64_t birth; // nanoseconds; 0 where the file system does not know
};

struct file_status {
    struct file_identity identity;
    uint64_t size;
    uint32_t mode; // as in struct stat
};

// False with errno set if there is none. A symbolic link under the path is not followed.
bool file_status_of_path(const char *path, struct file_status *status);
// Likewise, of what a link leads to.
bool file_status_behind_path(const char *path, struct file_status *status);
bool file_status_of_fd(int fd, struct file_status *status);

static inline bool file_identity_equal(struct file_identity a, struct file_identity b) {
    return a.inode == b.inode && a.device == b.device && a.birth == b.birth;
}

#endif
