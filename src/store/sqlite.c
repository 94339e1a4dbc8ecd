#include "store/sqlite.h"

#include "base/assert.h"
#include "store/error.h"
#include "store/serve.h"
#include "store/sqlite_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

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
    [WRITE_LEASE] = ("REPLACE INTO leases (lease, gate, classic, since, uploaded, acknowledged,"
                     " dropped, first, secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10)"),
    [END_LEASE] = "DELETE FROM leases WHERE lease = ?",
    [END_DELIVERIES] = "DELETE FROM deliveries WHERE lease = ?",
    [REMOVE_DELIVERIES] = "DELETE FROM deliveries WHERE lease = ?1 AND first < ?9",
    [ADD_DELIVERY] = "INSERT INTO deliveries (lease, first, block) VALUES (?, ?, ?)",
    [ADD_BLOCK] = "INSERT INTO blocks (block, lines) VALUES (?, ?)",
    [REMOVE_BLOCK] = "DELETE FROM blocks WHERE block = ?",
    [READ_BLOCKS] = "SELECT block, lines FROM blocks ORDER BY block",
    [READ_LEASES] = ("SELECT lease, gate, classic, since, uploaded, acknowledged, dropped, first,"
                     " first, secret FROM leases ORDER BY lease"),
    [READ_DELIVERIES] = "SELECT lease, first, block FROM deliveries ORDER BY lease, first",
};

// The role is in memory, the database is its journal. All that one round of requests changes is
// one transaction. If that fails the role is made anew from what the database has.
struct sqlite_store {
    struct store store;
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    struct serve serve;
    struct journal journal; // of the role
    bool has_failed;        // since the present transaction began
    bool is_stale;          // the role is not what the database has
    uint64_t committed_ms;
};

// ---- statements -------------------------------------------------------------------------------

static void note_failure(struct sqlite_store *own) {
    if (!own->has_failed) {
        int code = sqlite3_extended_errcode(own->database);
        (void)store_error_set(&own->store.trouble, "sqlite:%s: %s; %s", own->path,
                              sqlite3_errmsg(own->database), sqlite_file_advice(code));
    }
    own->has_failed = true;
    journal_set_failed(&own->journal);
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

// A record is run as these statements, its numbers bound in their order, then its text.
#define NO_STATEMENT STATEMENTS

static const enum statement writes[MASTER_RECORDS][2] = {
    [MASTER_LEASED] = {WRITE_LEASE, REMOVE_DELIVERIES},
    [MASTER_ENDED] = {END_LEASE, END_DELIVERIES},
    [MASTER_BLOCK] = {ADD_BLOCK, NO_STATEMENT},
    [MASTER_DELIVERED] = {ADD_DELIVERY, NO_STATEMENT},
    [MASTER_BLOCK_GONE] = {REMOVE_BLOCK, NO_STATEMENT},
};

static void run_with(struct sqlite_store *own, enum statement statement,
                     const struct journal_record *record) {
    sqlite3_stmt *prepared = own->statements[statement];
    const struct journal_kind *row = &master_journal_kinds[record->kind];
    int parameters = sqlite3_bind_parameter_count(prepared);
    for (int i = 0; i < row->numbers && i < parameters; i++) {
        sqlite3_bind_int64(prepared, i + 1, (sqlite3_int64)record->number[i]);
    }
    bool has_text = row->texts > 0 && parameters > row->numbers;
    if (has_text) {
        sqlite3_bind_blob64(prepared, row->numbers + 1, record->text[0].data, record->text[0].size,
                            SQLITE_STATIC);
    }
    run(own, statement);
    if (has_text) {
        sqlite3_clear_bindings(prepared);
    }
}

static void write_record(void *context, const struct journal_record *record) {
    struct sqlite_store *own = context;
    for (int i = 0; i < 2 && writes[record->kind][i] != NO_STATEMENT && begin(own); i++) {
        run_with(own, writes[record->kind][i], record);
    }
}

// ---- restoring the role -----------------------------------------------------------------------

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

static void note_damage(struct sqlite_store *own, const char *what, uint64_t number) {
    (void)store_error_set(&own->store.trouble,
                          "sqlite:%s: is damaged: %s %llu makes no sense; move it away, or name "
                          "another file",
                          own->path, what, (unsigned long long)number);
    own->has_failed = true;
}

static struct journal_record record_of(struct sqlite_store *own, enum statement statement,
                                       enum master_record kind) {
    sqlite3_stmt *row = own->statements[statement];
    const struct journal_kind *shape = &master_journal_kinds[kind];
    struct journal_record record = {.kind = kind};
    for (int i = 0; i < shape->numbers; i++) {
        record.number[i] = (uint64_t)sqlite3_column_int64(row, i);
    }
    if (shape->texts > 0) {
        const void *text = sqlite3_column_blob(row, shape->numbers);
        record.text[0] = bytes_make(text, (size_t)sqlite3_column_bytes(row, shape->numbers));
    }
    return record;
}

// Restores all rows of a statement, each a record of this kind. `what` its first number names.
static void read_rows(struct sqlite_store *own, enum statement statement, enum master_record kind,
                      const char *what) {
    while (!own->has_failed && next_row(own, statement)) {
        struct journal_record record = record_of(own, statement, kind);
        if (!master_restore(&own->serve.master, &record)) {
            note_damage(own, what, record.number[0]);
        }
    }
    sqlite3_reset(own->statements[statement]);
}

static void read_all(struct sqlite_store *own) {
    read_rows(own, READ_BLOCKS, MASTER_BLOCK, "block");
    read_rows(own, READ_LEASES, MASTER_LEASED, "lease");
    read_rows(own, READ_DELIVERIES, MASTER_DELIVERED, "the mailbox of lease");
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

static void end_role(struct sqlite_store *own) {
    serve_deinit(&own->serve);
}

static void begin_role(struct sqlite_store *own) {
    serve_init(&own->serve, &own->store.limits);
    own->journal = (struct journal){.append = write_record, .context = own};
}

// Whether the role is now what the database has.
static bool restore(struct sqlite_store *own) {
    own->has_failed = false;
    end_role(own);
    begin_role(own);
    read_all(own);
    if (!own->has_failed) {
        master_start(&own->serve.master, &own->journal);
    }
    own->is_stale = own->has_failed;
    return !own->is_stale;
}

// ---- executing --------------------------------------------------------------------------------

static void commit(struct sqlite_store *own) {
    master_settle(&own->serve.master);
    if (!own->has_failed && is_in_transaction(own)) {
        run(own, COMMIT);
    }
    if (!own->has_failed) {
        journal_set_durable(&own->journal, own->journal.appended);
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
    bool is_promise = false;
    for (size_t i = 0; i < count && !own->has_failed; i++) {
        is_promise = serve_execute(&own->serve, requests[i]) || is_promise;
    }
    uint64_t now_ms = requests[count - 1]->now_ms;
    if (is_promise || now_ms - own->committed_ms >= LAZY_MS) {
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

struct store *store_sqlite_open(const char *path, const struct store_limits *limits,
                                struct store_error *error) {
    struct sqlite_store *own = calloc(1, sizeof *own);
    ASSERT_MESSAGE(own != NULL, "out of memory");
    own->store = (struct store){.kind = &kind, .limits = *limits};
    own->path = sqlite_file_path(path);
    begin_role(own);
    if (sqlite_file_create("sqlite:", path, own->path, &own->store.trouble) && open_database(own) &&
        configure(own) && prepare_statements(own) && restore(own)) {
        return &own->store;
    }
    *error = own->store.trouble;
    destroy(own);
    return NULL;
}
