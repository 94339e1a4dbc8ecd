// Input: rows of a master's database, as damage or another program may have left them: a byte for
// the table, then small numbers, and a blob of so many bytes. A store is opened on them. It refuses
// them with a sentence, or serves, and then what it wrote can be opened again.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NUMBERS 8
#define ROWS_MAX 16

static char path[64];
static char name[80];
static const struct store_limits limits = {.gates = 5,
                                           .mailbox_packets = 8,
                                           .mailbox_bytes = 1000,
                                           .silence_ms = 60000,
                                           .classic_silence_ms = 60000};

static void remove_folder(void) {
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
}

static struct store *open_store(void) {
    struct store_error error = {{0}};
    struct store *store = store_open(name, &limits, &error);
    ASSERT(store != NULL || error.text[0] != '\0');
    return store;
}

static void make_folder(void) {
    if (path[0] == '\0') {
        (void)snprintf(path, sizeof path, "%s",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm/mqttsim-XXXXXX"
                                                     : "/tmp/mqttsim-XXXXXX");
        ASSERT(mkdtemp(path) != NULL);
        (void)snprintf(path + strlen(path), 8, "/rows");
        (void)snprintf(name, sizeof name, "sqlite:%s", path);
        atexit(remove_folder);
        struct store *store = open_store();
        ASSERT(store != NULL);
        store->kind->close(store);
    }
}

// Small numbers, and some that are as large as can be.
static sqlite3_int64 number_of(uint8_t byte) {
    static const sqlite3_int64 large[] = {INT64_MAX,  INT64_MIN,  -1,
                                          4294967296, 4294967297, 4294966};
    return byte >= 250 ? large[byte - 250] : byte;
}

static void insert(sqlite3 *database, const uint8_t *row, const uint8_t *blob, size_t size) {
    static const char *const texts[] = {
        "INSERT OR IGNORE INTO leases VALUES (?1, ?2, ?3, ?9, ?4, ?5, ?6, ?7, ?8)",
        "INSERT OR IGNORE INTO blocks VALUES (?1, ?9)",
        "INSERT OR IGNORE INTO deliveries VALUES (?1, ?2, ?3)",
    };
    sqlite3_stmt *statement = NULL;
    ASSERT(sqlite3_prepare_v2(database, texts[row[0] % 3], -1, &statement, NULL) == SQLITE_OK);
    for (int i = 1; i <= NUMBERS; i++) {
        (void)sqlite3_bind_int64(statement, i, number_of(row[i])); // fails for those it has not
    }
    (void)sqlite3_bind_blob(statement, NUMBERS + 1, size > 0 ? blob : (const uint8_t *)"",
                            (int)size, SQLITE_STATIC);
    (void)sqlite3_step(statement);
    sqlite3_finalize(statement);
}

static void write_rows(const uint8_t *data, size_t size) {
    sqlite3 *database = NULL;
    ASSERT(sqlite3_open(path, &database) == SQLITE_OK);
    (void)sqlite3_exec(database,
                       "PRAGMA synchronous = OFF; BEGIN; DELETE FROM leases; DELETE FROM blocks;"
                       "DELETE FROM deliveries",
                       NULL, NULL, NULL);
    for (unsigned rows = 0; size >= NUMBERS + 2 && rows < ROWS_MAX; rows++) {
        size_t blob = data[NUMBERS + 1];
        blob = blob < size - NUMBERS - 2 ? blob : size - NUMBERS - 2;
        insert(database, data, data + NUMBERS + 2, blob);
        data += NUMBERS + 2 + blob;
        size -= NUMBERS + 2 + blob;
    }
    ASSERT(sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(database);
}

static void ask(struct store *store, struct memory *memory, struct store_request request) {
    struct store_request *all[] = {&request};
    buffer_init(&request.lines, memory);
    store->kind->execute(store, all, 1);
    memory_free(memory, request.gates, request.gate_count * sizeof *request.gates);
    buffer_deinit(&request.lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    memory_init(&memory);
    make_folder();
    write_rows(data, size);
    struct store *store = open_store();
    if (store != NULL) {
        for (uint32_t gate = 0; gate < 4; gate++) {
            ask(store, &memory,
                (struct store_request){.operation = STORE_TAKE, .gate = gate, .bytes_max = 500});
            ask(store, &memory,
                (struct store_request){.operation = STORE_POP, .gate = gate, .bytes_max = 500});
        }
        ask(store, &memory, (struct store_request){.operation = STORE_LIST});
        store->kind->close(store);
        store = open_store();
        ASSERT(store != NULL);
        store->kind->close(store);
    }
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
