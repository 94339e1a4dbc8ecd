#include "role/memory_journal.h"

#include <stdio.h>
#include <stdlib.h>

#define TAKEN_BACK UINT32_MAX // in place of the kind

static struct bytes copy_of(struct bytes text) {
    uint8_t *copy = malloc(text.size + 1);
    assert_non_null(copy);
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    return bytes_make(copy, text.size);
}

static void assert_fits(const struct journal_record *record, const struct journal_kind *row) {
    assert_non_null(row->word);
    assert_in_range(strlen(row->word), 1, JOURNAL_WORD_MAX);
    for (unsigned i = row->numbers; i < JOURNAL_NUMBERS_MAX; i++) {
        assert_int_equal(record->number[i], 0);
    }
    for (unsigned i = row->texts; i < JOURNAL_TEXTS_MAX; i++) {
        assert_int_equal(record->text[i].size, 0);
    }
}

void memory_journal_take(void *context, const struct journal_record *record) {
    struct memory_journal *journal = context;
    assert_fits(record, &journal->kinds[record->kind]);
    if (journal->count == journal->capacity) {
        journal->capacity = journal->capacity * 2 + 16;
        journal->records = realloc(journal->records, journal->capacity * sizeof *journal->records);
        assert_non_null(journal->records);
    }
    struct journal_record *copy = &journal->records[journal->count++];
    *copy = *record;
    for (unsigned i = 0; i < JOURNAL_TEXTS_MAX; i++) {
        copy->text[i] = copy_of(record->text[i]);
    }
}

static void append(void *context, const struct journal_record *record) {
    struct memory_journal *journal = context;
    memory_journal_take(journal, record);
    if (journal->appended != NULL) {
        journal->appended(journal->context);
    }
}

static bool take_back(void *context, uint64_t number) {
    struct memory_journal *journal = context;
    uint64_t behind = journal->journal.appended - number;
    if (behind >= journal->count - journal->durable) {
        return false;
    }
    struct journal_record *record = &journal->records[journal->count - 1 - behind];
    assert_int_not_equal(record->kind, TAKEN_BACK);
    record->kind = TAKEN_BACK;
    journal->taken_back++;
    return true;
}

static void drop_from(struct memory_journal *journal, uint32_t from) {
    for (uint32_t i = from; i < journal->count; i++) {
        for (unsigned text = 0; text < JOURNAL_TEXTS_MAX; text++) {
            free((void *)(uintptr_t)journal->records[i].text[text].data);
        }
    }
    journal->count = from;
}

void memory_journal_init(struct memory_journal *journal, const struct journal_kind *kinds) {
    *journal =
        (struct memory_journal){.journal = {.append = append, .context = journal}, .kinds = kinds};
}

void memory_journal_let_take_back(struct memory_journal *journal) {
    journal->lets_take_back = true;
    journal->journal.take_back = take_back;
}

void memory_journal_deinit(struct memory_journal *journal) {
    drop_from(journal, 0);
    free(journal->records);
    journal->records = NULL;
}

void memory_journal_write(struct memory_journal *journal) {
    journal->durable = journal->count;
    journal_set_durable(&journal->journal, journal->journal.appended);
}

void memory_journal_fail(struct memory_journal *journal) {
    journal_set_failed(&journal->journal);
}

void memory_journal_kill(struct memory_journal *journal) {
    drop_from(journal, journal->durable);
    journal->journal = (struct journal){.append = append,
                                        .take_back = journal->lets_take_back ? take_back : NULL,
                                        .context = journal};
}

void memory_journal_restore(const struct memory_journal *journal, journal_receiver *take,
                            void *context) {
    for (uint32_t i = 0; i < journal->count; i++) {
        if (journal->records[i].kind != TAKEN_BACK) {
            take(context, &journal->records[i]);
        }
    }
}

void memory_journal_cut(struct memory_journal *journal) {
    drop_from(journal, 0);
    journal->durable = 0;
}

char *memory_journal_text(const struct memory_journal *journal) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (uint32_t i = 0; i < journal->count; i++) {
        const struct journal_record *record = &journal->records[i];
        if (record->kind == TAKEN_BACK) {
            continue;
        }
        const struct journal_kind *row = &journal->kinds[record->kind];
        fprintf(out, "%s", row->word);
        for (unsigned n = 0; n < row->numbers; n++) {
            fprintf(out, " %llu", (unsigned long long)record->number[n]);
        }
        for (unsigned t = 0; t < row->texts; t++) {
            fprintf(out, " %.*s", (int)record->text[t].size, (const char *)record->text[t].data);
        }
        fprintf(out, ";");
    }
    fclose(out);
    return text;
}
