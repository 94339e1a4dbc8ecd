#include "support.h"

#include "power.h"

#include <fcntl.h>
#include <sqlite3.h>
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

void power_cut(const char *from, const char *to, uint64_t *random) {
    static const char *const names[] = {"master.db", "master.db-wal"};
    for (int i = 0; i < 2; i++) {
        char synced[64];
        bool is_synced_only = support_random(random) % 2 == 0;
        snprintf(synced, sizeof synced, "%s~", names[i]);
        char *source = support_path(from, is_synced_only ? synced : names[i]);
        char *target = support_path(to, names[i]);
        copy_file(source, target);
        free(source);
        free(target);
    }
}
