#include "medium/file/file_status.h"

#include <fcntl.h>
#include <sys/stat.h>

static bool read_status(int folder, const char *path, int flags, struct file_status *status) {
    struct statx found;
    unsigned wanted = STATX_TYPE | STATX_MODE | STATX_INO | STATX_SIZE | STATX_BTIME;
    if (statx(folder, path, flags | AT_STATX_SYNC_AS_STAT, wanted, &found) != 0) {
        return false;
    }
    bool has_birth = (found.stx_mask & STATX_BTIME) != 0;
    uint64_t birth =
        (uint64_t)found.stx_btime.tv_sec * 1000000000u + (uint64_t)found.stx_btime.tv_nsec;
    *status = (struct file_status){
        .identity.device = (uint64_t)found.stx_dev_major << 32 | found.stx_dev_minor,
        .identity.inode = found.stx_ino,
        .identity.birth = has_birth ? birth : 0,
        .size = found.stx_size,
        .mode = found.stx_mode,
    };
    return true;
}

bool file_status_of_path(const char *path, struct file_status *status) {
    return read_status(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, status);
}

bool file_status_behind_path(const char *path, struct file_status *status) {
    return read_status(AT_FDCWD, path, 0, status);
}

bool file_status_of_fd(int fd, struct file_status *status) {
    return read_status(fd, "", AT_EMPTY_PATH, status);
}
