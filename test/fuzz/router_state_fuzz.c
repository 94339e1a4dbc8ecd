// Input: the journal of a router. From a first byte 'j' on it is the file as it is; else each run
// up to a zero byte is the records of one commit, whose header with its check is put before it.
// What can be opened is restored into a router, written anew and opened again, and is the same
// then.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "session/router/router_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GATE 7

static char path[64];

static void remove_folder(void) {
    char other[80];
    (void)snprintf(other, sizeof other, "%s.damaged", path);
    (void)unlink(other);
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
}

static void make_folder(void) {
    if (path[0] == '\0') {
        (void)snprintf(path, sizeof path, "/tmp/mqttsim-fuzz-XXXXXX");
        ASSERT(mkdtemp(path) != NULL);
        (void)snprintf(path + strlen(path), 8, "/state");
        atexit(remove_folder);
    }
}

static void put_commit(FILE *file, struct bytes records) {
    (void)fprintf(file, "commit %015zu %020llu\n", records.size,
                  (unsigned long long)hash_bytes(records, 0));
    (void)fwrite(records.data, 1, records.size, file);
}

static void write_journal(struct bytes input) {
    FILE *file = fopen(path, "w");
    ASSERT(file != NULL);
    if (input.data[0] == 'j') {
        (void)fwrite(input.data + 1, 1, input.size - 1, file);
    } else {
        (void)fputs("mqttsim-router-state 1\n", file);
        while (input.size > 0) {
            const uint8_t *end = memchr(input.data, 0, input.size);
            size_t count = end == NULL ? input.size : (size_t)(end - input.data);
            size_t taken = end == NULL ? count : count + 1;
            put_commit(file, bytes_make(input.data, count));
            input = bytes_make(input.data + taken, input.size - taken);
        }
    }
    (void)fclose(file);
}

// ---- the role that is restored -----------------------------------------------------------------

static bool send_nothing(void *context, const struct packet *packet) {
    (void)context;
    (void)packet;
    return true;
}

static void look_at_event(void *context, const struct role_event *event) {
    (void)context;
    (void)event;
}

static void store_nothing(void *context, const struct router_record *record) {
    (void)context;
    (void)record;
}

static void give(void *context, const struct router_record *record) {
    router_restore(context, record, ROLE_SECOND);
}

struct saving {
    struct router_state *state;
    const struct router *router;
};

static void save_record(void *context, const struct router_record *record) {
    router_state_record(context, record);
}

static void save(void *context) {
    const struct saving *saving = context;
    router_save(saving->router, save_record, saving->state);
}

// ---- the journal
// ----------------------------------------------------------------------------------

static void check_batches(const struct router_state *state) {
    struct bytes all = router_state_batch(state, SIZE_MAX);
    uint64_t lines = 0;
    for (size_t i = 0; i < all.size; i++) {
        lines += all.data[i] == '\n';
    }
    ASSERT(lines == state->waiting_lines);
    if (lines > 0) {
        struct bytes one = router_state_batch(state, 1);
        ASSERT(one.size > 0 && one.size <= all.size);
    }
}

static void open_again(const struct router_state *before, struct memory *memory) {
    struct router_state state;
    struct file_network_error error;
    ASSERT(router_state_open(&state, path, memory, &error));
    ASSERT(state.notice.text[0] == '\0');
    ASSERT(state.gate == before->gate && strcmp(state.secret, before->secret) == 0);
    ASSERT(state.uploaded == before->uploaded && state.cursor == before->cursor);
    ASSERT(state.waiting_lines == before->waiting_lines);
    ASSERT(bytes_equal(router_state_batch(&state, SIZE_MAX), router_state_batch(before, SIZE_MAX)));
    ASSERT(bytes_equal(buffer_bytes(&state.landing), buffer_bytes(&before->landing)));
    router_state_close(&state, true);
}

static void use(struct router_state *state, struct memory *memory) {
    static const struct router_config config = {.limits = {.brokers = 5, .gates = 5, .pairs = 5}};
    struct router_port port = {.up = send_nothing,
                               .down = send_nothing,
                               .tell = look_at_event,
                               .store = store_nothing,
                               .memory = memory};
    struct router *router = malloc(sizeof *router);
    struct saving saving = {state, router};
    struct file_network_error error;
    router_init(router, &config, &port, GATE, 1);
    router_state_restore(state, give, router);
    check_batches(state);
    state->save = save;
    state->save_context = &saving;
    ASSERT(router_state_commit(state, &error));
    if (state->waiting_lines > 0 && state->uploaded < UINT64_MAX) {
        router_state_acknowledge(state, state->uploaded + 1);
        router_state_add_line(state, BYTES_LITERAL("a line\n"));
        ASSERT(router_state_commit(state, &error));
    }
    check_batches(state);
    router_deinit(router);
    free(router);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct router_state state;
    struct memory memory;
    struct file_network_error error;
    if (size == 0) {
        return 0;
    }
    memory_init(&memory);
    make_folder();
    write_journal(bytes_make(data, size));
    if (router_state_open(&state, path, &memory, &error)) {
        use(&state, &memory);
        // A second router of the same file would be refused; this one lets go of it first.
        struct router_state before = state;
        before.path = NULL;
        close(state.fd);
        state.fd = -1;
        open_again(&before, &memory);
        router_state_close(&state, false);
    } else {
        ASSERT(error.text[0] != '\0');
    }
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
