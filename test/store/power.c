#include "support.h"

#include "power.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define FILES 16

// An open file, with its methods and ours, which differ in xSync only.
struct watched {
    sqlite3_file *file;
    const char *path; // SQLite keeps it while the file is open
    const sqlite3_io_methods *real;
    sqlite3_io_methods own;
};

static struct watched watched[FILES];
static atomic_bool is_full;
static sqlite3_vfs *real_system;
static sqlite3_vfs own_system;

static void copy_file(const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        return; // never synced
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(out >= 0);
    while (sendfile(out, in, NULL, 1 << 20) > 0) {
    }
    close(in);
    close(out);
}

static struct watched *find(const sqlite3_file *file) {
    for (int i = 0; i < FILES; i++) {
        if (watched[i].file == file) {
            return &watched[i];
        }
    }
    return NULL;
}

static int sync_and_keep(sqlite3_file *file, int flags) {
    struct watched *one = find(file);
    int result = one->real->xSync(file, flags);
    if (result == SQLITE_OK) {
        char *copy = support_path(one->path, "");
        copy[strlen(copy) - 1] = '~'; // in the place of the slash
        copy_file(one->path, copy);
        free(copy);
    }
    return result;
}

static int write_or_fail(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
    return atomic_load(&is_full) ? SQLITE_FULL : find(file)->real->xWrite(file, bytes, size, at);
}

static int close_and_forget(sqlite3_file *file) {
    struct watched *one = find(file);
    one->file = NULL;
    return one->real->xClose(file);
}

static int open_and_watch(sqlite3_vfs *system, const char *path, sqlite3_file *file, int flags,
                          int *flags_out) {
    (void)system;
    int result = real_system->xOpen(real_system, path, file, flags, flags_out);
    struct watched *one = find(NULL);
    if (result == SQLITE_OK && path != NULL) {
        assert_non_null(one);
        *one = (struct watched){file, path, file->pMethods, *file->pMethods};
        one->own.xSync = sync_and_keep;
        one->own.xWrite = write_or_fail;
        one->own.xClose = close_and_forget;
        file->pMethods = &one->own;
    }
    return result;
}

void power_watch(void) {
    sqlite3_initialize();
    real_system = sqlite3_vfs_find(NULL);
    own_system = *real_system;
    own_system.zName = "power";
    own_system.xOpen = open_and_watch;
    assert_int_equal(sqlite3_vfs_register(&own_system, 1), SQLITE_OK);
}

void power_unwatch(void) {
    assert_int_equal(sqlite3_vfs_unregister(&own_system), SQLITE_OK);
    assert_int_equal(sqlite3_vfs_register(real_system, 1), SQLITE_OK);
}

void power_fill_disk(bool is) {
    atomic_store(&is_full, is);
}

void power_cut(const char *from, const char *to, const char *name, uint64_t *random) {
    for (int i = 0; i < 2; i++) {
        char own[64];
        char synced[72];
        bool is_synced_only = support_random(random) % 2 == 0;
        snprintf(own, sizeof own, "%s%s", name, i == 0 ? "" : "-wal");
        snprintf(synced, sizeof synced, "%s~", own);
        char *source = support_path(from, is_synced_only ? synced : own);
        char *target = support_path(to, own);
        copy_file(source, target);
        free(source);
        free(target);
    }
}
