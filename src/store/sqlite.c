#include "store/sqlite.h"

#include "base/assert.h"
#include "store/error.h"
#include "store/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x4d717473 // "Mqts"
#define SCHEMA_VERSION 1
#define BUSY_TIMEOUT_MS 2000 // a master that is just ending
#define LAZY_MS 1000         // how long a change that need not last may wait to be written

// A block is a run of lines; a delivery puts it into a mailbox, its first line numbered `first`.
// `leases.first` is the number of the mailbox's oldest packet.
static const char schema[] =
    "CREATE TABLE leases (lease INTEGER PRIMARY KEY, gate INTEGER NOT NULL UNIQUE,"
    " classic INTEGER NOT NULL, secret BLOB NOT NULL, since INTEGER NOT NULL,"
    " uploaded INTEGER NOT NULL, acknowledged INTEGER NOT NULL, dropped INTEGER NOT NULL,"
    " first INTEGER NOT NULL) STRICT;"
    "CREATE TABLE blocks (block INTEGER PRIMARY KEY, lines BLOB NOT NULL) STRICT;"
    "CREATE TABLE deliveries (lease INTEGER NOT NULL, first INTEGER NOT NULL,"
    " block INTEGER NOT NULL, PRIMARY KEY (lease, first)) WITHOUT ROWID, STRICT;";

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    WRITE_LEASE,
    END_LEASE,
    END_DELIVERIES,
    REMOVE_DELIVERIES,
    ADD_DELIVERY,
    ADD_BLOCK,
    REMOVE_BLOCK,
    READ_BLOCKS,
    READ_LEASES,
    READ_DELIVERIES,
    STATEMENTS,
};

static const char *const statement_texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [WRITE_LEASE] = ("REPLACE INTO leases (lease, gate, classic, secret, since, uploaded,"
                     " acknowledged, dropped, first) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    [END_LEASE] = "DELETE FROM leases WHERE lease = ?",
    [END_DELIVERIES] = "DELETE FROM deliveries WHERE lease = ?",
    [REMOVE_DELIVERIES] = "DELETE FROM deliveries WHERE lease = ? AND first < ?",
    [ADD_DELIVERY] = "INSERT INTO deliveries (lease, first, block) VALUES (?, ?, ?)",
    [ADD_BLOCK] = "INSERT INTO blocks (block, lines) VALUES (?, ?)",
    [REMOVE_BLOCK] = "DELETE FROM blocks WHERE block = ?",
    [READ_BLOCKS] = "SELECT block, lines FROM blocks ORDER BY block",
    [READ_LEASES] = ("SELECT lease, gate, classic, secret, since, uploaded, acknowledged, dropped,"
                     " first FROM leases ORDER BY lease"),
    [READ_DELIVERIES] = "SELECT first, block FROM deliveries WHERE lease = ? ORDER BY first",
};

struct sqlite_store {
    struct store store;
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    struct serve serve;
    bool has_failed;   // since the present transaction began
    bool is_stale;     // the role is not what the database has
    uint32_t *changed; // places of gates that are to be written
    uint32_t changed_count;
    uint32_t changed_capacity;
    uint64_t last_block; // that was written
    uint64_t committed_ms;
};

// ---- statements -------------------------------------------------------------------------------

static const char *advice_on(int code) {
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

static void note_failure(struct sqlite_store *own) {
    if (!own->has_failed) {
        int code = sqlite3_extended_errcode(own->database);
        (void)store_error_set(&own->store.trouble, "sqlite:%s: %s; %s", own->path,
                              sqlite3_errmsg(own->database), advice_on(code));
    }
    own->has_failed = true;
}

// Runs a statement that gives no rows, its numbers bound before. After a failure, nothing is run
// until the transaction is rolled back.
static void run(struct sqlite_store *own, enum statement statement) {
    sqlite3_stmt *prepared = own->statements[statement];
    if (own->has_failed) {
        return; // SQLite may have rolled back by itself: this would be a transaction of its own
    }
    if (sqlite3_step(prepared) != SQLITE_DONE) {
        note_failure(own);
    }
    sqlite3_reset(prepared);
}

static void bind(struct sqlite_store *own, enum statement statement, int at, uint64_t number) {
    sqlite3_bind_int64(own->statements[statement], at, (sqlite3_int64)number);
}

static uint64_t column(struct sqlite_store *own, enum statement statement, int at) {
    return (uint64_t)sqlite3_column_int64(own->statements[statement], at);
}

static bool is_in_transaction(const struct sqlite_store *own) {
    return sqlite3_get_autocommit(own->database) == 0;
}

// Whether changes can be written: a transaction is open and nothing went wrong in it.
static bool begin(struct sqlite_store *own) {
    if (!own->has_failed && !is_in_transaction(own)) {
        run(own, BEGIN);
    }
    return !own->has_failed;
}

// ---- the role's journal -----------------------------------------------------------------------

static void journal_changed(void *context, uint32_t place) {
    struct sqlite_store *own = context;
    own->changed = memory_grow(&own->serve.memory, own->changed, &own->changed_capacity,
                               own->changed_count + 1, sizeof *own->changed);
    own->changed[own->changed_count++] = place;
}

static void journal_ended(void *context, uint64_t lease) {
    struct sqlite_store *own = context;
    if (begin(own)) {
        bind(own, END_LEASE, 1, lease);
        run(own, END_LEASE);
        bind(own, END_DELIVERIES, 1, lease);
        run(own, END_DELIVERIES);
    }
}

static void add_block(struct sqlite_store *own, const struct mailbox_block *block) {
    bind(own, ADD_BLOCK, 1, block->id);
    sqlite3_bind_blob64(own->statements[ADD_BLOCK], 2, block->data, block->size, SQLITE_STATIC);
    run(own, ADD_BLOCK);
    sqlite3_clear_bindings(own->statements[ADD_BLOCK]);
    own->last_block = block->id;
}

static void journal_delivered(void *context, uint32_t place, const struct mailbox_block *block,
                              uint64_t first) {
    struct sqlite_store *own = context;
    if (!begin(own)) {
        return;
    }
    if (block->id != own->last_block) {
        add_block(own, block);
    }
    bind(own, ADD_DELIVERY, 1, master_gate_at(&own->serve.master, place)->lease);
    bind(own, ADD_DELIVERY, 2, first);
    bind(own, ADD_DELIVERY, 3, block->id);
    run(own, ADD_DELIVERY);
}

static void journal_block_removed(void *context, const struct mailbox_block *block) {
    struct sqlite_store *own = context;
    if (begin(own)) {
        bind(own, REMOVE_BLOCK, 1, block->id);
        run(own, REMOVE_BLOCK);
    }
}

static void write_gate(struct sqlite_store *own, const struct master_gate *gate) {
    const uint64_t numbers[] = {
        gate->lease,        gate->gate,    gate->is_classic,   0, gate->since, gate->uploaded,
        gate->acknowledged, gate->dropped, gate->mailbox.first};
    for (int i = 0; i < 9; i++) {
        bind(own, WRITE_LEASE, i + 1, numbers[i]);
    }
    sqlite3_bind_blob(own->statements[WRITE_LEASE], 4, gate->secret, sizeof gate->secret,
                      SQLITE_STATIC);
    run(own, WRITE_LEASE);
    bind(own, REMOVE_DELIVERIES, 1, gate->lease);
    bind(own, REMOVE_DELIVERIES, 2, mailbox_front(&gate->mailbox));
    run(own, REMOVE_DELIVERIES);
}

static void write_gates(struct sqlite_store *own) {
    for (uint32_t i = 0; i < own->changed_count; i++) {
        const struct master_gate *gate = master_gate_at(&own->serve.master, own->changed[i]);
        master_written(&own->serve.master, own->changed[i]);
        if (gate != NULL && begin(own)) {
            write_gate(own, gate);
        }
    }
    own->changed_count = 0;
}

// ---- restoring the role -----------------------------------------------------------------------

struct blocks {
    struct mailbox_block **items;
    uint32_t count;
    uint32_t capacity;
};

static struct mailbox_block *find_block(const struct blocks *blocks, uint64_t id) {
    uint32_t from = 0;
    uint32_t to = blocks->count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (blocks->items[middle]->id < id) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < blocks->count && blocks->items[from]->id == id ? blocks->items[from] : NULL;
}

static uint32_t count_lines(struct bytes text) {
    uint32_t lines = 0;
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

// One step through a statement with rows. False at its end, and at a failure.
static bool next_row(struct sqlite_store *own, enum statement statement) {
    int code = sqlite3_step(own->statements[statement]);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        note_failure(own);
    }
    sqlite3_reset(own->statements[statement]);
    return false;
}

static bool is_damaged(struct sqlite_store *own, const char *what, uint64_t number) {
    (void)store_error_set(&own->store.trouble,
                          "sqlite:%s: is damaged: %s %llu makes no sense; move it away, or name "
                          "another file",
                          own->path, what, (unsigned long long)number);
    own->has_failed = true;
    return false;
}

static bool read_block(struct sqlite_store *own, struct blocks *blocks) {
    sqlite3_stmt *row = own->statements[READ_BLOCKS];
    struct bytes lines =
        bytes_make(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1));
    uint64_t id = column(own, READ_BLOCKS, 0);
    if (lines.size == 0 || lines.data[lines.size - 1] != '\n') {
        return is_damaged(own, "block", id);
    }
    struct mailbox_block *block =
        master_restore_block(&own->serve.master, id, (uint32_t)lines.size);
    memcpy(block->data, lines.data, lines.size);
    block->lines = count_lines(lines);
    blocks->items = memory_grow(&own->serve.memory, blocks->items, &blocks->capacity,
                                blocks->count + 1, sizeof(struct mailbox_block *));
    blocks->items[blocks->count++] = block;
    return true;
}

static void read_deliveries(struct sqlite_store *own, const struct blocks *blocks, uint64_t lease,
                            uint32_t place) {
    bind(own, READ_DELIVERIES, 1, lease);
    while (next_row(own, READ_DELIVERIES)) {
        struct mailbox_block *block = find_block(blocks, column(own, READ_DELIVERIES, 1));
        uint64_t first = column(own, READ_DELIVERIES, 0);
        if (block == NULL || !master_restore_delivery(&own->serve.master, place, block, first)) {
            (void)is_damaged(own, "the mailbox of lease", lease);
            break;
        }
    }
    sqlite3_reset(own->statements[READ_DELIVERIES]);
}

static void read_lease(struct sqlite_store *own, const struct blocks *blocks) {
    sqlite3_stmt *row = own->statements[READ_LEASES];
    struct master_gate gate = {.lease = column(own, READ_LEASES, 0),
                               .gate = (uint32_t)column(own, READ_LEASES, 1),
                               .is_classic = column(own, READ_LEASES, 2) != 0,
                               .since = column(own, READ_LEASES, 4),
                               .uploaded = column(own, READ_LEASES, 5),
                               .acknowledged = column(own, READ_LEASES, 6),
                               .dropped = column(own, READ_LEASES, 7),
                               .mailbox.first = column(own, READ_LEASES, 8)};
    uint32_t place = MAP_NONE;
    if (sqlite3_column_bytes(row, 3) == MASTER_SECRET_SIZE) {
        memcpy(gate.secret, sqlite3_column_blob(row, 3), MASTER_SECRET_SIZE);
        place = master_restore_gate(&own->serve.master, &gate);
    }
    if (place == MAP_NONE) {
        (void)is_damaged(own, "lease", gate.lease);
        return;
    }
    read_deliveries(own, blocks, gate.lease, place);
}

static bool ask_number(struct sqlite_store *own, const char *question, int64_t *number) {
    sqlite3_stmt *statement = NULL;
    bool has_answer =
        sqlite3_prepare_v2(own->database, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    if (has_answer) {
        *number = sqlite3_column_int64(statement, 0);
    } else {
        note_failure(own);
    }
    sqlite3_finalize(statement);
    return has_answer;
}

// A lease to come would be given what waits under its number.
static void refuse_orphans(struct sqlite_store *own) {
    int64_t lease = 0;
    bool is_answered = ask_number(own,
                                  "SELECT coalesce(max(lease), 0) FROM deliveries"
                                  " WHERE lease NOT IN (SELECT lease FROM leases)",
                                  &lease);
    if (is_answered && lease != 0) {
        (void)is_damaged(own, "the mailbox of lease", (uint64_t)lease);
    }
}

static void read_all(struct sqlite_store *own) {
    struct blocks blocks = {NULL, 0, 0};
    while (!own->has_failed && next_row(own, READ_BLOCKS)) {
        (void)read_block(own, &blocks);
    }
    sqlite3_reset(own->statements[READ_BLOCKS]);
    while (!own->has_failed && next_row(own, READ_LEASES)) {
        read_lease(own, &blocks);
    }
    sqlite3_reset(own->statements[READ_LEASES]);
    if (!own->has_failed) {
        refuse_orphans(own);
    }
    for (uint32_t i = 0; i < blocks.count; i++) {
        mailbox_block_unref(&own->serve.master.pool, blocks.items[i]);
    }
    memory_free(&own->serve.memory, blocks.items, blocks.capacity * sizeof(struct mailbox_block *));
}

static void end_role(struct sqlite_store *own) {
    memory_free(&own->serve.memory, own->changed, own->changed_capacity * sizeof *own->changed);
    own->changed = NULL;
    own->changed_count = own->changed_capacity = 0;
    serve_deinit(&own->serve);
}

static void begin_role(struct sqlite_store *own) {
    struct master_journal journal = {.changed = journal_changed,
                                     .ended = journal_ended,
                                     .block_delivered = journal_delivered,
                                     .block_removed = journal_block_removed,
                                     .context = own};
    serve_init(&own->serve, &own->store.limits, &journal);
    own->last_block = 0;
}

// Whether the role is now what the database has.
static bool restore(struct sqlite_store *own) {
    own->has_failed = false;
    end_role(own);
    begin_role(own);
    read_all(own);
    own->is_stale = own->has_failed;
    return !own->is_stale;
}

// ---- executing --------------------------------------------------------------------------------

// Whether the requester relies on the answer: it must not be given before it is written.
static bool must_last(const struct store_request *request) {
    switch (request->operation) {
    case STORE_LEASE:
        return request->status == STORE_NEW;
    case STORE_UPLOAD:
    case STORE_PUT:
        return request->accepted > 0;
    case STORE_GIVE_BACK:
    case STORE_POP:
        return request->status == STORE_OK;
    case STORE_TAKE:
    case STORE_RENEW:
    case STORE_LIST:
        return false;
    }
    return true;
}

static void commit(struct sqlite_store *own) {
    write_gates(own);
    if (!own->has_failed && is_in_transaction(own)) {
        run(own, COMMIT);
    }
}

static void roll_back(struct sqlite_store *own) {
    if (is_in_transaction(own)) {
        (void)sqlite3_step(own->statements[ROLLBACK]);
        sqlite3_reset(own->statements[ROLLBACK]);
    }
    own->is_stale = true;
}

static void execute_all(struct sqlite_store *own, struct store_request *const *requests,
                        size_t count) {
    bool is_urgent = false;
    for (size_t i = 0; i < count && !own->has_failed; i++) {
        serve_execute(&own->serve, requests[i]);
        is_urgent = is_urgent || must_last(requests[i]);
    }
    uint64_t now_ms = requests[count - 1]->now_ms;
    if (is_urgent || now_ms - own->committed_ms >= LAZY_MS) {
        commit(own);
        own->committed_ms = now_ms;
    }
}

static void execute(struct store *store, struct store_request *const *requests, size_t count) {
    struct sqlite_store *own = (struct sqlite_store *)store;
    if (count == 0) {
        return;
    }
    uint32_t *begun = serve_begin(requests, count);
    if (!own->is_stale || restore(own)) {
        execute_all(own, requests, count);
    }
    if (own->has_failed) {
        roll_back(own);
        serve_undo(requests, begun, 0, count);
    } else {
        own->store.trouble.text[0] = 0;
    }
    free(begun);
}

// There are no other masters.
static void listen(struct store *store, void (*wake)(void *context, uint32_t gate), void *context) {
    (void)store;
    (void)wake;
    (void)context;
}

// ---- opening and closing ----------------------------------------------------------------------

static void destroy(struct sqlite_store *own) {
    end_role(own);
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(own->statements[i]);
    }
    sqlite3_close(own->database);
    free(own->path);
    free(own);
}

static void close_store(struct store *store) {
    struct sqlite_store *own = (struct sqlite_store *)store;
    if (!own->is_stale) {
        commit(own); // what need not last; if it fails, it does not
    }
    destroy(own);
}

static const struct store_kind kind = {"sqlite", execute, listen, close_store};

// The file holds secrets, so nobody else may read it. One that exists keeps its mode. A symbolic
// link is not followed, and the file of somebody else is not used: where others may write to the
// folder, they could have put it there. SQLite itself does not follow links beside it (-wal).
static bool create_file(const char *name, const char *path, struct store_error *error) {
    struct stat status;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    int reason = errno;
    bool is_ours = fd >= 0 && fstat(fd, &status) == 0 && status.st_uid == geteuid();
    if (fd >= 0) {
        close(fd);
    }
    if (fd < 0) {
        (void)store_error_set(error,
                              "sqlite:%s: cannot be opened: %s; name a file in a folder that "
                              "exists and where this program may write",
                              name, reason == ELOOP ? "it is a symbolic link" : strerror(reason));
    } else if (!is_ours) {
        (void)store_error_set(error,
                              "sqlite:%s: belongs to another user, who could read the secrets in "
                              "it; name another file",
                              name);
    }
    return is_ours;
}

static bool open_database(struct sqlite_store *own) {
    bool is_open = sqlite3_open_v2(own->path, &own->database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK;
    if (!is_open) {
        note_failure(own);
    }
    return is_open;
}

static bool tell(struct sqlite_store *own, const char *text) {
    if (sqlite3_exec(own->database, text, NULL, NULL, NULL) != SQLITE_OK) {
        note_failure(own);
        return false;
    }
    return true;
}

// An empty database becomes ours, one of ours is used, any other is refused.
static bool prepare_schema(struct sqlite_store *own) {
    int64_t tables = 0;
    int64_t application = 0;
    int64_t version = 0;
    if (!ask_number(own, "SELECT count(*) FROM sqlite_schema", &tables) ||
        !ask_number(own, "PRAGMA application_id", &application) ||
        !ask_number(own, "PRAGMA user_version", &version)) {
        return false;
    }
    if (tables == 0 && application == 0) {
        char text[128];
        (void)snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                       APPLICATION_ID, SCHEMA_VERSION);
        return tell(own, "BEGIN IMMEDIATE") && tell(own, schema) && tell(own, text) &&
               tell(own, "COMMIT");
    }
    if (application != APPLICATION_ID || version != SCHEMA_VERSION) {
        (void)store_error_set(&own->store.trouble,
                              "sqlite:%s: is a database of another program, or of another version "
                              "of this one; name another file",
                              own->path);
        return false;
    }
    return true;
}

// Nobody else may open it while we have it: then the role need not look whether it has changed.
static bool configure(struct sqlite_store *own) {
    return sqlite3_busy_timeout(own->database, BUSY_TIMEOUT_MS) == SQLITE_OK &&
           tell(own, "PRAGMA locking_mode = EXCLUSIVE;"
                     "PRAGMA journal_mode = WAL;"
                     "PRAGMA synchronous = FULL;"
                     "PRAGMA secure_delete = OFF;"
                     "PRAGMA journal_size_limit = 67108864;") &&
           prepare_schema(own);
}

static bool prepare_statements(struct sqlite_store *own) {
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(own->database, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &own->statements[i], NULL) != SQLITE_OK) {
            note_failure(own);
            return false;
        }
    }
    return true;
}

// SQLite would take some names as something other than files.
static char *path_of(const char *name) {
    char *path = NULL;
    int size = asprintf(&path, "%s%s", name[0] == '/' ? "" : "./", name);
    ASSERT_MESSAGE(size > 0, "out of memory");
    return path;
}

struct store *store_sqlite_open(const char *path, const struct store_limits *limits,
                                struct store_error *error) {
    struct sqlite_store *own = calloc(1, sizeof *own);
    ASSERT_MESSAGE(own != NULL, "out of memory");
    own->store = (struct store){.kind = &kind, .limits = *limits};
    own->path = path_of(path);
    begin_role(own);
    if (create_file(path, own->path, &own->store.trouble) && open_database(own) && configure(own) &&
        prepare_statements(own) && restore(own)) {
        return &own->store;
    }
    *error = own->store.trouble;
    destroy(own);
    return NULL;
}
