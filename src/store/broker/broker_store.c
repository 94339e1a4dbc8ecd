#include "store/broker/broker_store.h"

#include "base/assert.h"
#include "base/hash.h"
#include "store/sqlite_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define APPLICATION_ID 0x4d717462 // "Mqtb"
#define BUSY_TIMEOUT_MS 2000      // a broker that is just ending
#define REMOVED_AT_ONCE 16        // rows that count no more, a commit
#define REMOVED_IDLY 256          // in one that has nothing else to do
#define FREE_PAGES_MIN 256        // that are not worth giving back
#define VACUUMED_AT_ONCE 128
#define PAGE_BYTES 16384
#define LOG_HEAD_BYTES 32
#define LOG_PAGE_BYTES (PAGE_BYTES + 24)       // a page in the log, with its head
#define LOG_PAGES_MAX 4096                     // then it is written back
#define LOG_AHEAD_BYTES (256 * 1024)           // of zeros, behind what is written
#define ZEROS_BYTES (64 * 1024)                // SQLite writes less than 128 KiB at once
#define LOG_PAGES_FEW 4                        // of a commit
#define HASH_SEED UINT64_C(0x6d71747473696d31) // part of the format

// What brings a file from each version to the next one; an empty file has version 0.
static const char *const migrations[] = {
    "CREATE TABLE journal (step INTEGER PRIMARY KEY, hash INTEGER NOT NULL,"
    " records BLOB NOT NULL) STRICT;"
    "CREATE TABLE snapshot (part INTEGER PRIMARY KEY, hash INTEGER NOT NULL,"
    " records BLOB NOT NULL) STRICT;"
    "CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), first_part INTEGER NOT NULL,"
    " end_part INTEGER NOT NULL, first_step INTEGER NOT NULL) STRICT;"
    "INSERT INTO state VALUES (1, 1, 1, 1);",
};
#define SCHEMA_VERSION (int64_t)(sizeof migrations / sizeof *migrations)

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    ADD_STEP,
    ADD_PART,
    SET_STATE,
    REMOVE_STEPS,
    REMOVE_PARTS,
    STATEMENTS,
};

static const char *const statement_texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [ADD_STEP] = "INSERT INTO journal (step, hash, records) VALUES (?, ?, ?)",
    [ADD_PART] = "INSERT INTO snapshot (part, hash, records) VALUES (?, ?, ?)",
    [SET_STATE] = "UPDATE state SET first_part = ?, end_part = ?, first_step = ?",
    [REMOVE_STEPS] = "DELETE FROM journal WHERE step BETWEEN ? AND ?",
    [REMOVE_PARTS] = "DELETE FROM snapshot WHERE part BETWEEN ? AND ?",
};

// Which rows there are. Of each kind they have the numbers from `oldest` on; those that count begin
// at `first`; the next one gets the number `next`. Of the parts, those that count end before
// `end`; between `end` and `next` are those of a snapshot in the making, if is_making: from its end
// on the steps count from `cut` on. All that a commit changes in it is undone when it fails.
struct places {
    int64_t oldest_step;
    int64_t first_step;
    int64_t next_step;
    int64_t oldest_part;
    int64_t first_part;
    int64_t end_part;
    int64_t next_part;
    bool gives_back; // there may be pages to give back to the file system
    bool is_making;
    int64_t making_from; // its first part
    int64_t cut;
    struct broker_store_sizes sizes;
    uint64_t making_bytes;
};

// An open store: its database and prepared statements, where snapshot and journal stand in it, and
// how large the write-ahead log is. One thread uses it at a time; the last error is kept in it.
struct broker_store {
    char *name;
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    struct broker_store_error error;
    struct places places;
    int log_pages;     // in the write-ahead log
    int log_written;   // of these, by the last commit
    int64_t log_bytes; // of the file that it lies in, at least
};

// ---- statements --------------------------------------------------------------------------------

static void note_failure(struct broker_store *store) {
    int code = sqlite3_errcode(store->database);
    store->error.is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    (void)store_error_set(
        &store->error.said, "store %s: %s; %s", store->name, sqlite3_errmsg(store->database),
        store->error.is_damaged ? "put a copy in its place, or save what can be read with "
                                  "broker --export"
                                : sqlite_file_advice(code));
}

static void note_damage(struct broker_store *store, const char *what, int64_t number) {
    store->error.is_damaged = true;
    (void)store_error_set(&store->error.said,
                          "store %s: is damaged: %s %lld is not as it was written; put a copy in "
                          "its place, or save what can be read with broker --export",
                          store->name, what, (long long)number);
}

static bool tell(struct broker_store *store, const char *text) {
    if (sqlite3_exec(store->database, text, NULL, NULL, NULL) != SQLITE_OK) {
        note_failure(store);
        return false;
    }
    return true;
}

static sqlite3_stmt *prepare(struct broker_store *store, const char *text) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, text, -1, &statement, NULL) != SQLITE_OK) {
        note_failure(store);
    }
    return statement;
}

// The numbers of the first row.
static bool ask(struct broker_store *store, const char *question, int64_t *numbers, int count) {
    sqlite3_stmt *statement = prepare(store, question);
    int code = statement == NULL ? SQLITE_ERROR : sqlite3_step(statement);
    if (statement != NULL && code != SQLITE_ROW) {
        note_failure(store);
    }
    for (int i = 0; i < count && code == SQLITE_ROW; i++) {
        numbers[i] = sqlite3_column_int64(statement, i);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW;
}

// Runs a statement that gives no rows, its parameters bound before.
static bool run(struct broker_store *store, enum statement statement) {
    sqlite3_stmt *prepared = store->statements[statement];
    bool is_done = sqlite3_step(prepared) == SQLITE_DONE;
    if (!is_done) {
        note_failure(store);
    }
    sqlite3_reset(prepared);
    sqlite3_clear_bindings(prepared);
    return is_done;
}

// ---- opening and closing -----------------------------------------------------------------------

static bool open_database(struct broker_store *store) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    bool is_open = sqlite3_open_v2(store->path, &store->database, flags, NULL) == SQLITE_OK;
    if (!is_open) {
        note_failure(store);
    }
    return is_open;
}

static bool migrate(struct broker_store *store, int64_t version) {
    char text[96];
    (void)snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID, (int)SCHEMA_VERSION);
    if (!tell(store, "BEGIN IMMEDIATE")) {
        return false;
    }
    for (; version < SCHEMA_VERSION; version++) {
        if (!tell(store, migrations[version])) {
            return false;
        }
    }
    return tell(store, text) && tell(store, "COMMIT");
}

// An empty database becomes ours, one of ours is brought up to date, any other is refused.
static bool prepare_schema(struct broker_store *store) {
    int64_t tables = 0;
    int64_t application = 0;
    int64_t version = 0;
    if (!ask(store, "SELECT count(*) FROM sqlite_schema", &tables, 1) ||
        !ask(store, "PRAGMA application_id", &application, 1) ||
        !ask(store, "PRAGMA user_version", &version, 1)) {
        return false;
    }
    bool is_new = tables == 0 && application == 0 && version == 0;
    if (!is_new && (application != APPLICATION_ID || version < 1)) {
        (void)store_error_set(&store->error.said,
                              "store %s: is the database of another program; name another file",
                              store->name);
        return false;
    }
    if (version > SCHEMA_VERSION) {
        (void)store_error_set(&store->error.said,
                              "store %s: was written by a newer version of this program (schema "
                              "%lld, this one knows %lld); use that version, or name another file",
                              store->name, (long long)version, (long long)SCHEMA_VERSION);
        return false;
    }
    return version == SCHEMA_VERSION || migrate(store, version);
}

// The size of pages and auto_vacuum have to come before anything is written. Large pages take fewer
// calls of the system for large steps, and no more time for small ones. Pages of rows that come and
// go are written back from the log but once if it is a few times as long as the journal may get:
// see broker_store_tidy.
static bool configure(struct broker_store *store) {
    return sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS) == SQLITE_OK &&
           tell(store, "PRAGMA locking_mode = EXCLUSIVE;"
                       "PRAGMA page_size = 16384;"
                       "PRAGMA auto_vacuum = INCREMENTAL;"
                       "PRAGMA journal_mode = WAL;"
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA secure_delete = OFF;"
                       "PRAGMA journal_size_limit = 67108864;") &&
           prepare_schema(store);
}

// After each commit; it takes the place of what would write the log back at once.
static int note_log(void *context, sqlite3 *database, const char *name, int pages) {
    struct broker_store *store = context;
    (void)database;
    (void)name;
    store->log_written = pages > store->log_pages ? pages - store->log_pages : pages;
    store->log_pages = pages;
    return SQLITE_OK;
}

static bool prepare_statements(struct broker_store *store) {
    for (int i = 0; i < STATEMENTS; i++) {
        store->statements[i] = prepare(store, statement_texts[i]);
        if (store->statements[i] == NULL) {
            return false;
        }
    }
    return true;
}

// Parts behind those that count are of a snapshot that was not ended.
static bool find_places(struct broker_store *store) {
    int64_t state[3];
    int64_t steps[2];
    int64_t parts[2];
    if (!ask(store, "SELECT first_part, end_part, first_step FROM state", state, 3) ||
        !ask(store, "SELECT ifnull(min(step), 0), ifnull(max(step), 0) FROM journal", steps, 2) ||
        !ask(store, "SELECT ifnull(min(part), 0), ifnull(max(part), 0) FROM snapshot", parts, 2)) {
        return false;
    }
    struct places *places = &store->places;
    *places = (struct places){.oldest_step = steps[0] != 0 ? steps[0] : state[2],
                              .first_step = state[2],
                              .next_step = steps[1] >= state[2] ? steps[1] + 1 : state[2],
                              .oldest_part = parts[0] != 0 ? parts[0] : state[1],
                              .first_part = state[0],
                              .end_part = state[1],
                              .next_part = parts[1] >= state[1] ? parts[1] + 1 : state[1]};
    return true;
}

struct broker_store *broker_store_open(const char *name, struct broker_store_error *error) {
    struct broker_store *store = calloc(1, sizeof *store);
    ASSERT_MESSAGE(store != NULL, "out of memory");
    store->name = strdup(name);
    store->path = sqlite_file_path(name);
    ASSERT_MESSAGE(store->name != NULL, "out of memory");
    if (sqlite_file_create("store ", name, store->path, &store->error.said) &&
        open_database(store) && configure(store) && prepare_statements(store) &&
        find_places(store)) {
        (void)sqlite3_wal_hook(store->database, note_log, store);
        return store;
    }
    *error = store->error;
    broker_store_close(store);
    return NULL;
}

void broker_store_close(struct broker_store *store) {
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    sqlite3_close(store->database);
    free(store->name);
    free(store->path);
    free(store);
}

bool broker_store_is_untidy(const struct broker_store *store) {
    const struct places *places = &store->places;
    return places->oldest_step < places->first_step || places->oldest_part < places->first_part ||
           places->gives_back;
}

bool broker_store_is_empty(const struct broker_store *store) {
    const struct places *places = &store->places;
    return places->first_part == places->end_part && places->first_step == places->next_step;
}

// ---- reading -----------------------------------------------------------------------------------

static uint64_t hash_of(int64_t number, struct bytes records) {
    return hash_bytes(records, HASH_SEED ^ (uint64_t)number);
}

struct reading {
    broker_store_reader *read;
    void *context;
    const char *what;  // "step" or "part"
    const char *query; // for rows of number, hash and records, from a number on, before another
    bool goes_on;
};

// Whether the row is what was written, and makes sense.
static bool is_right(const struct reading *reading, sqlite3_stmt *row, uint64_t *bytes) {
    int64_t number = sqlite3_column_int64(row, 0);
    const void *data = sqlite3_column_blob(row, 2);
    struct bytes records = bytes_make(data, (size_t)sqlite3_column_bytes(row, 2));
    *bytes += records.size;
    return (uint64_t)sqlite3_column_int64(row, 1) == hash_of(number, records) &&
           reading->read(reading->context, records);
}

// Rows with these numbers, without a gap.
static bool read_rows(struct broker_store *store, const struct reading *reading, int64_t from,
                      int64_t end, uint64_t *bytes) {
    sqlite3_stmt *row = prepare(store, reading->query);
    if (row == NULL) {
        return false;
    }
    sqlite3_bind_int64(row, 1, from);
    sqlite3_bind_int64(row, 2, end);
    bool is_good = true;
    int code = SQLITE_ROW;
    while ((is_good || reading->goes_on) && (code = sqlite3_step(row)) == SQLITE_ROW) {
        bool is_next = sqlite3_column_int64(row, 0) == from;
        if (!is_right(reading, row, bytes) || !is_next) {
            note_damage(store, reading->what, from);
            is_good = false;
        }
        from = sqlite3_column_int64(row, 0) + 1;
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        note_failure(store);
        is_good = false;
    } else if (is_good && from != end) {
        note_damage(store, reading->what, from);
        is_good = false;
    }
    sqlite3_finalize(row);
    return is_good;
}

bool broker_store_read(struct broker_store *store, bool goes_on, broker_store_reader *read,
                       void *context, struct broker_store_error *error) {
    struct reading parts = {.read = read,
                            .context = context,
                            .what = "part",
                            .query = "SELECT part, hash, records FROM snapshot"
                                     " WHERE part >= ? AND part < ? ORDER BY part",
                            .goes_on = goes_on};
    struct reading steps = {.read = read,
                            .context = context,
                            .what = "step",
                            .query = "SELECT step, hash, records FROM journal"
                                     " WHERE step >= ? AND step < ? ORDER BY step",
                            .goes_on = goes_on};
    struct places *places = &store->places;
    places->sizes = (struct broker_store_sizes){0};
    bool is_good =
        read_rows(store, &parts, places->first_part, places->end_part, &places->sizes.snapshot);
    if (is_good || goes_on) {
        is_good = read_rows(store, &steps, places->first_step, places->next_step,
                            &places->sizes.journal) &&
                  is_good;
    }
    *error = store->error;
    return is_good;
}

bool broker_store_check(struct broker_store *store, struct broker_store_error *error) {
    sqlite3_stmt *statement = prepare(store, "PRAGMA integrity_check(1)");
    bool is_good = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    if (!is_good) {
        note_failure(store);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        is_good = false;
        store->error.is_damaged = true;
        (void)store_error_set(&store->error.said,
                              "store %s: is damaged: %s; put a copy in its place, or save what can "
                              "be read with broker --export",
                              store->name, (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    *error = store->error;
    return is_good;
}

// ---- writing -----------------------------------------------------------------------------------

static bool add_row(struct broker_store *store, enum statement statement, int64_t number,
                    struct bytes records) {
    ASSERT(records.size <= BROKER_STORE_ROW_MAX);
    sqlite3_stmt *prepared = store->statements[statement];
    sqlite3_bind_int64(prepared, 1, number);
    sqlite3_bind_int64(prepared, 2, (sqlite3_int64)hash_of(number, records));
    sqlite3_bind_blob64(prepared, 3, records.data, records.size, SQLITE_STATIC);
    return run(store, statement);
}

static bool add_step(struct broker_store *store, struct bytes steps) {
    struct places *places = &store->places;
    if (steps.size == 0) {
        return true;
    }
    places->sizes.journal += steps.size;
    return add_row(store, ADD_STEP, places->next_step++, steps);
}

static void begin_snapshot(struct places *places) {
    places->is_making = true;
    places->making_from = places->next_part;
    places->cut = places->next_step;
    places->sizes.journal = 0;
    places->making_bytes = 0;
}

static bool add_part(struct broker_store *store, struct bytes part) {
    struct places *places = &store->places;
    if (part.size == 0) {
        return true;
    }
    ASSERT(places->is_making);
    places->making_bytes += part.size;
    return add_row(store, ADD_PART, places->next_part++, part);
}

static bool end_snapshot(struct broker_store *store) {
    struct places *places = &store->places;
    ASSERT(places->is_making);
    places->is_making = false;
    places->first_part = places->making_from;
    places->end_part = places->next_part;
    places->first_step = places->cut;
    places->sizes.snapshot = places->making_bytes;
    sqlite3_stmt *prepared = store->statements[SET_STATE];
    sqlite3_bind_int64(prepared, 1, places->first_part);
    sqlite3_bind_int64(prepared, 2, places->end_part);
    sqlite3_bind_int64(prepared, 3, places->first_step);
    return run(store, SET_STATE);
}

// Removes at most so many of the rows from *oldest on, before `end`.
static bool remove_some(struct broker_store *store, enum statement statement, int64_t *oldest,
                        int64_t end, int64_t most) {
    if (*oldest >= end) {
        return true;
    }
    int64_t from = *oldest;
    store->places.gives_back = true;
    *oldest = end - from > most ? from + most : end;
    sqlite3_stmt *prepared = store->statements[statement];
    sqlite3_bind_int64(prepared, 1, from);
    sqlite3_bind_int64(prepared, 2, *oldest - 1);
    return run(store, statement);
}

static bool remove_old(struct broker_store *store, int64_t most) {
    struct places *places = &store->places;
    return remove_some(store, REMOVE_STEPS, &places->oldest_step, places->first_step, most) &&
           remove_some(store, REMOVE_PARTS, &places->oldest_part, places->first_part, most);
}

// When much is free, of what was in use once.
static bool give_back(struct broker_store *store) {
    int64_t free_pages = 0;
    int64_t pages = 0;
    char text[64];
    if (!store->places.gives_back) {
        return true;
    }
    if (!ask(store, "PRAGMA freelist_count", &free_pages, 1) ||
        !ask(store, "PRAGMA page_count", &pages, 1)) {
        return false;
    }
    if (free_pages < FREE_PAGES_MIN + (pages - free_pages) / 8) {
        store->places.gives_back = false;
        return true;
    }
    (void)snprintf(text, sizeof text, "PRAGMA incremental_vacuum(%d)", VACUUMED_AT_ONCE);
    return tell(store, text);
}

static bool write_turn(struct broker_store *store, const struct broker_store_turn *turn) {
    bool is_idle = turn->steps.size == 0 && turn->part.size == 0;
    bool is_good = add_step(store, turn->steps);
    if (turn->begins_snapshot) {
        begin_snapshot(&store->places);
    }
    return is_good && add_part(store, turn->part) &&
           (!turn->ends_snapshot || end_snapshot(store)) &&
           remove_old(store, is_idle ? REMOVED_IDLY : REMOVED_AT_ONCE) && give_back(store);
}

bool broker_store_commit(struct broker_store *store, const struct broker_store_turn *turn) {
    struct places before = store->places;
    if (run(store, BEGIN) && write_turn(store, turn) && run(store, COMMIT)) {
        return true;
    }
    struct broker_store_error why = store->error;
    if (sqlite3_get_autocommit(store->database) == 0) {
        (void)run(store, ROLLBACK);
    }
    store->error = why;
    store->places = before;
    return false;
}

// ---- the log -----------------------------------------------------------------------------------

// The file of the log, as SQLite has it open; NULL: it is not.
static sqlite3_file *log_file(const struct broker_store *store) {
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(store->database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    return code == SQLITE_OK && file != NULL && file->pMethods != NULL ? file : NULL;
}

static bool write_zeros(sqlite3_file *file, int64_t from, int64_t end) {
    static const uint8_t zeros[ZEROS_BYTES];
    bool is_good = true;
    for (; is_good && from < end; from += ZEROS_BYTES) {
        is_good = file->pMethods->xWrite(file, zeros, ZEROS_BYTES, from) == SQLITE_OK;
    }
    return is_good &&
           file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) == SQLITE_OK;
}

// A sync that finds the file as long as before has less to do. Zeros are no page of the log to
// SQLite, whatever it finds behind them. A log that was written back begins anew in the same file,
// so that this happens only until it was full once. A full disk is told by the commit that needs
// it.
static void lengthen_log(struct broker_store *store) {
    const int64_t end = LOG_HEAD_BYTES + (int64_t)store->log_pages * LOG_PAGE_BYTES;
    sqlite3_file *file = NULL;
    bool is_enough = end + (int64_t)LOG_PAGES_FEW * LOG_PAGE_BYTES <= store->log_bytes;
    if (is_enough || store->log_written > LOG_PAGES_FEW || (file = log_file(store)) == NULL) {
        return;
    }
    sqlite3_int64 size = 0;
    if (file->pMethods->xFileSize(file, &size) != SQLITE_OK) {
        return;
    }
    int64_t from = size > end ? size : end;
    if (size < end + LOG_AHEAD_BYTES / 2 && write_zeros(file, from, from + LOG_AHEAD_BYTES)) {
        size = from + LOG_AHEAD_BYTES;
    }
    store->log_bytes = size;
}

void broker_store_tidy(struct broker_store *store) {
    if (store->log_pages < LOG_PAGES_MAX) {
        lengthen_log(store);
        return;
    }
    // What fails here is tried again behind the next commit, and SQLite keeps the log until then.
    int code =
        sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->log_pages = code == SQLITE_OK ? 0 : store->log_pages;
}

const char *broker_store_trouble(const struct broker_store *store) {
    return store->error.said.text;
}

struct broker_store_sizes broker_store_sizes(const struct broker_store *store) {
    return store->places.sizes;
}
