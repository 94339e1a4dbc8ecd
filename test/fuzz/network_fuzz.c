// Input: what stands in a network's file of claims, and in the network. First patches of a good
// file of claims, each an offset of two bytes (its eight-byte words are counted), a size and as
// many bytes; an offset of 0xffff ends them, and the rest is the network. A session opens it, takes
// an address, reads, appends and goes; then another reads what stands there.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/file/claims_file.h"
#include "medium/file/file_network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1795435622
#define CLAIMS_BYTES (8192 + (CLAIMS_ADDRESSES + 1) * sizeof(struct claim_record))
#define READS_MAX 1000 // far more than the lines of an input

static char network[64];
static char claims[80];
static uint8_t good[CLAIMS_BYTES];

static void remove_folder(void) {
    char command[100];
    *strrchr(network, '/') = '\0';
    (void)snprintf(command, sizeof command, "rm -rf '%s'", network);
    ASSERT(system(command) == 0);
}

static void make_folder(void) {
    (void)snprintf(network, sizeof network, "/tmp/mqttsim-fuzz-XXXXXX");
    ASSERT(mkdtemp(network) != NULL);
    (void)snprintf(network + strlen(network), 10, "/network");
    (void)snprintf(claims, sizeof claims, "%s.claims", network);
    atexit(remove_folder);
}

static void write_file(const char *path, struct bytes bytes) {
    FILE *file = fopen(path, "w");
    ASSERT(file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
    (void)fclose(file);
}

static struct file_network *open_network(bool from_start) {
    struct file_network_error error;
    struct file_network_options options = {
        .path = network, .rotate_bytes = 4096, .keep = 2, .from_start = from_start};
    struct file_network *opened = file_network_open(&options, &error);
    ASSERT(opened != NULL || error.text[0] != '\0');
    return opened;
}

// The file of claims that a first session makes.
static void find_good_claims(void) {
    write_file(network, BYTES_LITERAL(""));
    struct file_network *first = open_network(false);
    uint32_t address = 83;
    struct file_network_error error;
    ASSERT(first != NULL && file_network_claim(first, &address, "broker", NOW, &error));
    FILE *file = fopen(claims, "r");
    ASSERT(file != NULL && fread(good, 1, sizeof good, file) == sizeof good);
    (void)fclose(file);
    file_network_close(first);
}

static struct bytes patch(uint8_t *content, struct bytes input) {
    while (input.size >= 3 && (input.data[0] != 0xff || input.data[1] != 0xff)) {
        size_t at = (size_t)(input.data[0] << 8 | input.data[1]) * 8 % CLAIMS_BYTES;
        size_t left = input.size - 3;
        size_t size = input.data[2] < left ? input.data[2] : left;
        size_t fits = size < CLAIMS_BYTES - at ? size : CLAIMS_BYTES - at;
        memcpy(content + at, input.data + 3, fits);
        input = bytes_make(input.data + 3 + size, left - size);
    }
    size_t skip = input.size < 2 ? input.size : 2;
    return bytes_make(input.data + skip, input.size - skip);
}

static void hear_line(void *context, struct bytes line) {
    size_t *lines = context;
    ASSERT(line.size > 0 && memchr(line.data, '\n', line.size) == NULL);
    ++*lines;
}

static void hear_notice(void *context, const char *text) {
    (void)context;
    ASSERT(text[0] != '\0');
}

static size_t read_all(struct file_network *opened) {
    size_t lines = 0;
    struct file_network_events events = {&lines, hear_line, hear_notice};
    unsigned reads = 0;
    while (file_network_read(opened, 100, NOW, &events)) {
        ASSERT(++reads < READS_MAX);
    }
    (void)file_network_check(opened, 100, NOW, &events);
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t content[CLAIMS_BYTES];
    struct file_network_error error;
    if (network[0] == '\0') {
        make_folder();
        find_good_claims();
    }
    memcpy(content, good, sizeof content);
    write_file(network, patch(content, bytes_make(data, size)));
    write_file(claims, bytes_make(content, sizeof content));
    struct file_network *one = open_network(true);
    if (one == NULL) {
        return 0;
    }
    uint32_t address = 0;
    (void)read_all(one);
    if (file_network_claim(one, &address, "client", NOW, &error)) {
        ASSERT(address >= 1 && address <= CLAIMS_ADDRESSES);
    }
    if (file_network_append(one, BYTES_LITERAL("a line\n"), &error)) {
        ASSERT(read_all(one) > 0);
    }
    file_network_close(one);
    struct file_network *other = open_network(true);
    if (other != NULL) {
        (void)read_all(other);
        file_network_close(other);
    }
    return 0;
}
