// Input: the journal of a router. From a first byte 'j' on it is the file as it is; else each run
// up to a zero byte is the records of one commit, whose header with its check is put before it.
// What can be opened is restored into a router, written anew and opened again, and is the same
// then.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "session/router/router_journal.h"

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
        (void)fputs("mqttsim-router-state 2\n", file);
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

static void look_at_uplink(void *context, const struct uplink_event *event) {
    (void)context;
    (void)event;
}

struct restored {
    struct router_port router_port;
    struct uplink_port port;
    struct uplink uplink;
    struct router_journal journal;
};

static const struct uplink_config config = {
    .router = {.limits = {.brokers = 5, .gates = 5, .pairs = 5}}, .waiting_bytes = 1000};

static void restore(void *context, const struct journal_record *record) {
    struct restored *own = context;
    (void)uplink_restore(&own->uplink, record, ROLE_SECOND); // the check may not fit the records
}

static void give_all(void *context, journal_receiver *take, void *take_context) {
    const struct restored *own = context;
    uplink_snapshot(&own->uplink, take, take_context);
}

// ---- the journal -------------------------------------------------------------------------------

// False: it cannot be opened.
static bool open_journal(struct restored *own, struct memory *memory) {
    struct file_network_error error;
    *own = (struct restored){
        .router_port = {
            .up = send_nothing, .down = send_nothing, .tell = look_at_event, .memory = memory}};
    own->port = (struct uplink_port){.router = &own->router_port, .tell = look_at_uplink};
    if (!router_journal_open(&own->journal, path, memory, &error)) {
        ASSERT(error.text[0] != '\0');
        return false;
    }
    uplink_init(&own->uplink, &config, &own->port, 1);
    router_journal_restore(&own->journal, restore, own);
    router_journal_forget(&own->journal);
    own->router_port.journal = &own->journal.journal;
    own->journal.snapshot = give_all;
    own->journal.snapshot_context = own;
    uplink_check(&own->uplink);
    return true;
}

static void close_journal(struct restored *own, bool remove) {
    router_journal_close(&own->journal, remove);
    uplink_deinit(&own->uplink);
}

static void commit(struct restored *own) {
    struct file_network_error error;
    uplink_settle(&own->uplink);
    ASSERT(router_journal_commit(&own->journal, &error));
    ASSERT(journal_is_durable(&own->journal.journal));
}

static struct bytes waiting(const struct uplink *uplink) {
    size_t size = uplink_waiting_bytes(uplink);
    return size == 0 ? (struct bytes){0}
                     : bytes_make(uplink->waiting.data + uplink->waiting_at, size);
}

// What was written anew, and what is added to it, is there when it is opened again.
static void use(struct restored *own, struct memory *memory) {
    struct restored *again = malloc(sizeof *again);
    commit(own);
    uplink_add_line(&own->uplink, BYTES_LITERAL("a line\n"));
    commit(own);
    close(own->journal.fd); // or its lock would keep the other one out
    own->journal.fd = -1;
    ASSERT(open_journal(again, memory));
    ASSERT(again->journal.notice.text[0] == '\0');
    ASSERT(again->uplink.gate == own->uplink.gate);
    ASSERT(strcmp(again->uplink.secret, own->uplink.secret) == 0);
    ASSERT(again->uplink.uploaded == own->uplink.uploaded);
    ASSERT(again->uplink.cursor == own->uplink.cursor);
    ASSERT(again->uplink.waiting_lines == own->uplink.waiting_lines);
    ASSERT(bytes_equal(waiting(&again->uplink), waiting(&own->uplink)));
    ASSERT(bytes_equal(buffer_bytes(&again->journal.pending), buffer_bytes(&own->journal.pending)));
    close_journal(again, true);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    if (size == 0) {
        return 0;
    }
    struct restored *own = malloc(sizeof *own);
    memory_init(&memory);
    make_folder();
    write_journal(bytes_make(data, size));
    if (open_journal(own, &memory)) {
        use(own, &memory);
        close_journal(own, false);
    }
    ASSERT(memory.blocks_in_use == 0);
    free(own);
    return 0;
}
