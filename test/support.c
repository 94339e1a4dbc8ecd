#include "support.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

unsigned support_setting(const char *name, unsigned preset) {
    const char *text = getenv(name);
    return text == NULL ? preset : (unsigned)strtoul(text, NULL, 10);
}

char *support_make_folder(void) {
    const char *parent = getenv("TMPDIR");
    char *folder = support_path(parent != NULL ? parent : "/tmp", "mqttsim-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where) {
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

void support_remove_folder(char *folder) {
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

char *support_path(const char *folder, const char *name) {
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

char *support_read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *content = NULL;
    size_t length = 0;
    FILE *copy = open_memstream(&content, &length);
    int c;
    while ((c = getc(file)) != EOF) {
        putc(c, copy);
    }
    fclose(file);
    fclose(copy);
    if (size != NULL) {
        *size = length;
    }
    return content;
}

void support_write_file(const char *path, struct bytes content) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0); // it may be a secret
}

uint16_t support_free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

void support_assert_bytes_equal(struct bytes actual, struct bytes expected, const char *file,
                                int line) {
    if (!bytes_equal(actual, expected)) {
        print_error("is:        \"%.*s\"\nshould be: \"%.*s\"\n", (int)actual.size,
                    (const char *)actual.data, (int)expected.size, (const char *)expected.data);
        _fail(file, line);
    }
}

uint64_t support_random(uint64_t *state) {
    return hash_number((*state)++, 0);
}
