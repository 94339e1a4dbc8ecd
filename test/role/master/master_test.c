#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "role/master/master.h"
#include "role/memory_journal.h"

// ---- a master and its usual requests ----------------------------------------------------------

#define SECOND UINT64_C(1000000000)
#define SECRET_A (const uint8_t *)"aaaaaaaaaaaaaaaa"
#define SECRET_B (const uint8_t *)"bbbbbbbbbbbbbbbb"
#define NO_SECRET (const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct master_limits usual = {.gates = 4,
                                           .mailbox_packets = 5,
                                           .mailbox_bytes = 40,
                                           .silence = 30 * SECOND,
                                           .classic_silence = 10 * SECOND};

struct fixture {
    struct memory memory;
    struct master master;
    struct buffer lines;
    uint64_t now;
};

static void begin(struct fixture *f, const struct master_limits *limits) {
    memory_init(&f->memory);
    master_init(&f->master, &f->memory, limits);
    master_start(&f->master, NULL);
    buffer_init(&f->lines, &f->memory);
    f->now = 1000 * SECOND;
}

static void end(struct fixture *f) {
    buffer_deinit(&f->lines);
    master_deinit(&f->master);
    assert_int_equal(f->memory.blocks_in_use, 0);
    assert_int_equal(f->memory.bytes_in_use, 0);
}

static struct gate_answer lease(struct fixture *f, uint32_t gate, const uint8_t *secret) {
    return master_lease(&f->master, (struct master_holder){gate, secret}, f->now);
}

// Uploads one packet for each gate of the list that ends with UINT32_MAX; its line is its number.
static struct gate_answer upload(struct fixture *f, uint32_t gate, const uint8_t *secret,
                                 uint64_t first, const uint32_t *receivers) {
    struct master_packet packets[16];
    char lines[16][24];
    uint32_t count = 0;
    for (; receivers[count] != UINT32_MAX; count++) {
        int size = snprintf(lines[count], sizeof lines[count], "%" PRIu64 "\n", (first + count));
        packets[count] =
            (struct master_packet){receivers[count], bytes_make(lines[count], (size_t)size)};
    }
    struct master_batch batch = {first, packets, count};
    return master_upload(&f->master, (struct master_holder){gate, secret}, &batch, f->now);
}

#define UPLOAD(f, gate, secret, first, ...) \
    upload(f, gate, secret, first, (const uint32_t[]){__VA_ARGS__, UINT32_MAX})

static struct gate_answer take(struct fixture *f, uint32_t gate, const uint8_t *secret,
                               uint64_t acknowledged, uint64_t bytes_max) {
    f->lines.size = 0;
    struct master_taking taking = {acknowledged, bytes_max, &f->lines};
    return master_take(&f->master, (struct master_holder){gate, secret}, &taking, f->now);
}

#define ASSERT_LINES(f, text) assert_bytes_equal(buffer_bytes(&(f)->lines), bytes_of_text(text))

static void assert_taken(struct fixture *f, const char *lines, uint64_t last, uint64_t missing,
                         struct gate_answer answer) {
    assert_int_equal(answer.status, GATE_OK);
    ASSERT_LINES(f, lines);
    assert_int_equal(answer.last, last);
    assert_int_equal(answer.missing, missing);
}

// ---- leases -----------------------------------------------------------------------------------

static void leases_are_made_resumed_and_refused(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    assert_int_equal(lease(&f, 7, SECRET_A).status, GATE_NEW);
    assert_int_equal(lease(&f, 7, SECRET_B).status, GATE_TAKEN);
    assert_int_equal(UPLOAD(&f, 7, SECRET_A, 1, 9, 9).uploaded, 2);
    struct gate_answer again = lease(&f, 7, SECRET_A);
    assert_int_equal(again.status, GATE_OK);
    assert_int_equal(again.uploaded, 2);
    assert_int_equal(lease(&f, 4294967, SECRET_A).status, GATE_NO_LEASE);
    assert_int_equal(take(&f, 7, SECRET_B, 0, 100).status, GATE_NO_LEASE);
    assert_int_equal(take(&f, 8, SECRET_A, 0, 100).status, GATE_NO_LEASE);
    end(&f);
}

static void free_gates_are_given_from_the_lowest(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_NEW);
    assert_int_equal(lease(&f, 0, SECRET_A).gate, 1);
    assert_int_equal(lease(&f, 0, SECRET_A).gate, 3);
    assert_int_equal(lease(&f, 0, SECRET_A).gate, 4);
    assert_int_equal(lease(&f, 0, SECRET_A).status, GATE_FULL);
    assert_int_equal(lease(&f, 9, SECRET_A).status, GATE_FULL);
    struct master_holder second = {2, SECRET_B};
    assert_int_equal(master_give_back(&f.master, second, f.now).status, GATE_OK);
    assert_int_equal(master_give_back(&f.master, second, f.now).status, GATE_NO_LEASE);
    assert_int_equal(lease(&f, 0, SECRET_A).gate, 2);
    end(&f);
}

static void a_silent_gate_goes_with_its_mailbox(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    UPLOAD(&f, 1, SECRET_A, 1, 2);
    f.now += 30 * SECOND - 1;
    assert_int_equal(master_renew(&f.master, (struct master_holder){2, SECRET_B}, f.now).status,
                     GATE_OK);
    f.now += 1;
    assert_int_equal(take(&f, 1, SECRET_A, 0, 100).status, GATE_NO_LEASE);
    assert_taken(&f, "1\n", 1, 0, take(&f, 2, SECRET_B, 0, 100));
    f.now += 30 * SECOND;
    struct gate_answer again = lease(&f, 1, SECRET_A);
    assert_int_equal(again.status, GATE_NEW);
    assert_int_equal(again.uploaded, 0);
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_NEW);
    assert_taken(&f, "", 0, 0, take(&f, 2, SECRET_B, 0, 100));
    end(&f);
}

static void a_clock_that_goes_back_stands_still(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    f.now -= 500 * SECOND;
    assert_int_equal(lease(&f, 1, SECRET_A).status, GATE_OK);
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_NEW);
    f.now += 500 * SECOND + 30 * SECOND - 1;
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_OK);
    end(&f);
}

// ---- uploads ----------------------------------------------------------------------------------

static void a_repeated_batch_counts_once(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    assert_int_equal(UPLOAD(&f, 1, SECRET_A, 1, 2, 2).accepted, 2);
    struct gate_answer again = UPLOAD(&f, 1, SECRET_A, 1, 2, 2);
    assert_int_equal(again.accepted, 0);
    assert_int_equal(again.uploaded, 2);
    struct gate_answer overlapping = UPLOAD(&f, 1, SECRET_A, 2, 2, 2);
    assert_int_equal(overlapping.accepted, 1);
    assert_int_equal(overlapping.uploaded, 3);
    struct gate_answer gap = UPLOAD(&f, 1, SECRET_A, 5, 2);
    assert_int_equal(gap.status, GATE_GAP);
    assert_int_equal(gap.uploaded, 3);
    assert_int_equal(UPLOAD(&f, 1, SECRET_A, UINT64_MAX, 2).status, GATE_GAP);
    assert_int_equal(UPLOAD(&f, 1, SECRET_B, 4, 2).status, GATE_NO_LEASE);
    assert_taken(&f, "1\n2\n3\n", 3, 0, take(&f, 2, SECRET_B, 0, 100));
    end(&f);
}

static void packets_go_where_they_are_addressed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    lease(&f, 3, SECRET_B);
    struct gate_answer answer = UPLOAD(&f, 1, SECRET_A, 1, 2, 0, 0, 3, 9, 2, 1);
    assert_int_equal(answer.accepted, 7);
    assert_int_equal(answer.unreachable, 1);
    assert_taken(&f, "1\n2\n3\n6\n", 4, 0, take(&f, 2, SECRET_B, 0, 100));
    assert_taken(&f, "2\n3\n4\n", 3, 0, take(&f, 3, SECRET_B, 0, 100));
    assert_taken(&f, "7\n", 1, 0, take(&f, 1, SECRET_A, 0, 100));
    end(&f);
}

static void a_broadcast_is_kept_once(void **state) {
    (void)state;
    struct fixture f;
    struct master_limits many = usual;
    many.gates = 1000;
    many.mailbox_bytes = 100000;
    begin(&f, &many);
    for (uint32_t i = 1; i <= 1000; i++) {
        lease(&f, i, SECRET_A);
    }
    static char line[10000];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    struct master_packet packet = {0, bytes_make(line, sizeof line)};
    struct master_batch batch = {1, &packet, 1};
    size_t before = f.memory.bytes_in_use;
    master_upload(&f.master, (struct master_holder){1, SECRET_A}, &batch, f.now);
    assert_true(f.memory.bytes_in_use - before < 10000 + 1000 * 64);
    for (uint32_t i = 1; i <= 1000; i++) {
        assert_int_equal(take(&f, i, SECRET_A, 0, 1).last, i != 1);
        take(&f, i, SECRET_A, 1, 1);
    }
    buffer_deinit(&f.lines);
    assert_true(f.memory.bytes_in_use - before < 64); // scratch for the next batch
    end(&f);
}

// ---- mailboxes --------------------------------------------------------------------------------

static void packets_go_when_they_are_acknowledged(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    UPLOAD(&f, 1, SECRET_A, 1, 1, 1, 1);
    assert_taken(&f, "1\n2\n", 2, 0, take(&f, 1, SECRET_A, 0, 5));
    assert_taken(&f, "1\n", 1, 0, take(&f, 1, SECRET_A, 0, 0));
    assert_taken(&f, "2\n3\n", 3, 0, take(&f, 1, SECRET_A, 1, 4));
    assert_taken(&f, "2\n3\n", 3, 0, take(&f, 1, SECRET_A, 0, 100));
    assert_taken(&f, "2\n3\n", 3, 0, take(&f, 1, SECRET_A, 4, 100));
    assert_taken(&f, "2\n3\n", 3, 0, take(&f, 1, SECRET_A, UINT64_MAX, 100));
    assert_taken(&f, "", 3, 0, take(&f, 1, SECRET_A, 3, 100));
    assert_taken(&f, "", 3, 0, take(&f, 1, SECRET_A, 0, 100));
    UPLOAD(&f, 1, SECRET_A, 4, 1);
    assert_taken(&f, "4\n", 4, 0, take(&f, 1, SECRET_A, 3, 100));
    end(&f);
}

// What is lost, as text: its cause, then its line.
struct losses {
    char text[128];
};

static void note_loss(void *context, enum master_loss loss, struct bytes line) {
    struct losses *losses = context;
    size_t used = strlen(losses->text);
    (void)snprintf(losses->text + used, sizeof losses->text - used, "%u:%.*s ", loss,
                   (int)line.size - 1, (const char *)line.data);
}

static void each_loss_has_its_cause(void **state) {
    (void)state;
    struct fixture f;
    struct losses losses = {""};
    begin(&f, &usual);
    master_set_watch(&f.master, &(struct master_watch){note_loss, &losses});
    lease(&f, 1, SECRET_A);
    UPLOAD(&f, 1, SECRET_A, 1, 1, 9, 1, 1);
    assert_string_equal(losses.text, "1:2 "); // nobody holds gate 9
    assert_taken(&f, "1\n3\n", 2, 0, take(&f, 1, SECRET_A, 0, 4));
    losses.text[0] = '\0';
    master_limit_mailbox(&f.master, 1, 0);
    assert_string_equal(losses.text, "");
    master_limit_mailbox(&f.master, 1, 2);
    assert_string_equal(losses.text, "3:1 "); // its holder may have it
    losses.text[0] = '\0';
    UPLOAD(&f, 1, SECRET_A, 5, 1, 1);
    assert_string_equal(losses.text, "3:3 0:4 ");
    losses.text[0] = '\0';
    master_give_back(&f.master, (struct master_holder){1, SECRET_A}, f.now);
    assert_string_equal(losses.text, "2:5 2:6 ");
    end(&f);
}

static void a_full_mailbox_loses_its_oldest_and_says_so(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    UPLOAD(&f, 1, SECRET_A, 1, 1, 1, 1);
    assert_taken(&f, "1\n2\n3\n", 3, 0, take(&f, 1, SECRET_A, 0, 100));
    UPLOAD(&f, 1, SECRET_A, 4, 1, 1, 1, 1);
    // The answer was lost: 1 and 2 are missing. It was not: they are not.
    assert_taken(&f, "3\n4\n5\n6\n7\n", 7, 2, take(&f, 1, SECRET_A, 0, 100));
    assert_taken(&f, "4\n5\n6\n7\n", 7, 0, take(&f, 1, SECRET_A, 3, 100));
    assert_int_equal(master_gate_at(&f.master, 0)->dropped, 2);
    UPLOAD(&f, 1, SECRET_A, 8, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assert_taken(&f, "12\n13\n14\n15\n16\n", 16, 4, take(&f, 1, SECRET_A, 7, 100));
    assert_taken(&f, "", 16, 0, take(&f, 1, SECRET_A, 16, 100));
    end(&f);
}

static void bytes_are_limited_too(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    struct master_packet packets[] = {{1, BYTES_LITERAL("123456789012345678\n")},
                                      {1, BYTES_LITERAL("123456789012345678\n")},
                                      {1, BYTES_LITERAL("12\n")}};
    struct master_batch batch = {1, packets, 3};
    struct master_holder holder = {1, SECRET_A};
    master_upload(&f.master, holder, &batch, f.now);
    assert_int_equal(master_gate_at(&f.master, 0)->mailbox.bytes, 22);
    assert_int_equal(take(&f, 1, SECRET_A, 0, 100).missing, 1);
    struct master_packet large = {
        1, BYTES_LITERAL("12345678901234567890123456789012345678901234567890\n")};
    struct master_batch second = {4, &large, 1};
    master_upload(&f.master, holder, &second, f.now);
    assert_taken(&f, "", 4, 4, take(&f, 1, SECRET_A, 0, 100));
    assert_taken(&f, "", 4, 0, take(&f, 1, SECRET_A, 4, 100));
    end(&f);
}

// ---- classic ----------------------------------------------------------------------------------

static struct gate_answer pop(struct fixture *f, uint32_t gate) {
    f->lines.size = 0;
    return master_pop(&f->master, gate, &f->lines, f->now);
}

static void classic_gates_need_no_secret_and_open_no_other(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    lease(&f, 1, SECRET_A);
    assert_int_equal(pop(&f, 2).status, GATE_OK);
    assert_int_equal(pop(&f, 1).status, GATE_NO_LEASE);
    assert_int_equal(pop(&f, 0).status, GATE_NO_LEASE);
    assert_int_equal(take(&f, 2, NO_SECRET, 0, 100).status, GATE_NO_LEASE);
    assert_int_equal(lease(&f, 2, NO_SECRET).status, GATE_TAKEN);
    UPLOAD(&f, 1, SECRET_A, 1, 2, 2);
    assert_int_equal(pop(&f, 2).status, GATE_OK);
    ASSERT_LINES(&f, "1\n");
    pop(&f, 2);
    ASSERT_LINES(&f, "2\n");
    pop(&f, 2);
    ASSERT_LINES(&f, "");
    struct master_packet packet = {1, BYTES_LITERAL("put\n")};
    struct master_batch batch = {0, &packet, 1};
    assert_int_equal(master_put(&f.master, 1, &batch, f.now).status, GATE_NO_LEASE);
    assert_int_equal(master_put(&f.master, 2, &batch, f.now).status, GATE_OK);
    assert_int_equal(master_put(&f.master, 3, &batch, f.now).status, GATE_OK);
    assert_taken(&f, "put\nput\n", 2, 0, take(&f, 1, SECRET_A, 0, 100));
    f.now += 10 * SECOND;
    assert_int_equal(UPLOAD(&f, 1, SECRET_A, 3, 2).unreachable, 1);
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_NEW);
    end(&f);
}

// ---- at random, beside a naive model
// -------------------------------------------------------------

#define MODEL_GATES 6u // the highest gate that is asked for
#define MODEL_PACKETS 9u
#define MODEL_BYTES 60u

struct model_packet {
    uint64_t number;
    char line[16];
};

struct model_gate {
    bool is_held;
    bool is_classic;
    uint8_t secret;
    uint64_t heard;
    uint64_t uploaded;
    uint64_t acknowledged;
    uint64_t next;
    uint64_t dropped;
    uint32_t count;
    struct model_packet packets[MODEL_PACKETS + 1];
};

struct model {
    struct fixture f;
    struct model_gate gates[MODEL_GATES + 1];
    uint64_t random;
    uint64_t lines;
};

static const struct master_limits model_limits = {.gates = 4,
                                                  .mailbox_packets = MODEL_PACKETS,
                                                  .mailbox_bytes = MODEL_BYTES,
                                                  .silence = 30,
                                                  .classic_silence = 10};

static uint64_t below(struct model *model, uint64_t limit) {
    return support_random(&model->random) % limit;
}

static uint32_t held_count(const struct model *model) {
    uint32_t count = 0;
    for (uint32_t i = 1; i <= MODEL_GATES; i++) {
        count += model->gates[i].is_held;
    }
    return count;
}

static void expire(struct model *model) {
    for (uint32_t i = 1; i <= MODEL_GATES; i++) {
        struct model_gate *gate = &model->gates[i];
        uint64_t silence = gate->is_classic ? 10 : 30;
        gate->is_held = gate->is_held && model->f.now - gate->heard < silence;
    }
}

static void remove_first(struct model_gate *gate) {
    memmove(gate->packets, gate->packets + 1, --gate->count * sizeof gate->packets[0]);
}

static size_t bytes_of(const struct model_gate *gate) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < gate->count; i++) {
        bytes += strlen(gate->packets[i].line);
    }
    return bytes;
}

static void model_deliver(struct model_gate *gate, const char *line) {
    struct model_packet *packet = &gate->packets[gate->count++];
    packet->number = gate->next++;
    memcpy(packet->line, line, sizeof packet->line);
    while (gate->count > MODEL_PACKETS || bytes_of(gate) > MODEL_BYTES) {
        remove_first(gate);
        gate->dropped++;
    }
}

// Returns whether nobody can get it.
static bool model_send(struct model *model, uint32_t sender, uint32_t receiver, const char *line) {
    if (receiver != 0) {
        bool is_held = receiver <= MODEL_GATES && model->gates[receiver].is_held;
        if (is_held) {
            model_deliver(&model->gates[receiver], line);
        }
        return !is_held;
    }
    for (uint32_t i = 1; i <= MODEL_GATES; i++) {
        if (i != sender && model->gates[i].is_held) {
            model_deliver(&model->gates[i], line);
        }
    }
    return false;
}

static void begin_gate(struct model *model, uint32_t gate, bool is_classic, uint8_t secret) {
    model->gates[gate] = (struct model_gate){.is_held = true,
                                             .is_classic = is_classic,
                                             .secret = secret,
                                             .heard = model->f.now,
                                             .next = 1};
}

static const uint8_t *secret_of(uint8_t number) {
    static const char texts[3][17] = {"0000000000000000", "1111111111111111", "2222222222222222"};
    return (const uint8_t *)texts[number];
}

// The gate if the secret opens it, heard.
static struct model_gate *model_hold(struct model *model, uint32_t gate, uint8_t secret) {
    struct model_gate *own = &model->gates[gate];
    if (!own->is_held || own->is_classic || own->secret != secret) {
        return NULL;
    }
    own->heard = model->f.now;
    return own;
}

static void try_lease(struct model *model, uint32_t gate, uint8_t secret) {
    struct gate_answer answer = lease(&model->f, gate, secret_of(secret));
    uint32_t wanted = gate;
    for (; wanted == 0 || (gate == 0 && model->gates[wanted].is_held); wanted++) {
    }
    struct model_gate *own = gate == 0 ? NULL : model_hold(model, gate, secret);
    if (own != NULL) {
        assert_int_equal(answer.status, GATE_OK);
        assert_int_equal(answer.uploaded, own->uploaded);
    } else if (gate != 0 && model->gates[gate].is_held) {
        assert_int_equal(answer.status, GATE_TAKEN);
    } else if (held_count(model) == model_limits.gates) {
        assert_int_equal(answer.status, GATE_FULL);
    } else {
        assert_int_equal(answer.status, GATE_NEW);
        assert_int_equal(answer.gate, wanted);
        begin_gate(model, wanted, false, secret);
    }
}

struct lines {
    struct master_packet packets[12];
    char texts[12][16];
    uint32_t count;
};

static void make_lines(struct model *model, struct lines *lines) {
    lines->count = (uint32_t)below(model, 12) + 1;
    for (uint32_t i = 0; i < lines->count; i++) {
        bool is_run = i > 0 && below(model, 3) > 0;
        uint32_t gate =
            is_run ? lines->packets[i - 1].gate : (uint32_t)below(model, MODEL_GATES + 2);
        int size = snprintf(lines->texts[i], sizeof lines->texts[i], "%.*s%llu\n",
                            (int)below(model, 7), "......", (unsigned long long)model->lines++);
        lines->packets[i] = (struct master_packet){gate, bytes_make(lines->texts[i], (size_t)size)};
    }
}

static uint32_t model_send_all(struct model *model, uint32_t gate, const struct lines *lines,
                               uint64_t known) {
    uint32_t unreachable = 0;
    for (uint64_t i = known; i < lines->count; i++) {
        unreachable += model_send(model, gate, lines->packets[i].gate, lines->texts[i]);
    }
    return unreachable;
}

static void try_upload(struct model *model, uint32_t gate, uint8_t secret) {
    struct lines lines;
    make_lines(model, &lines);
    uint64_t back = below(model, 4) == 0 ? below(model, 6) : 0;
    uint64_t uploaded = model->gates[gate].uploaded;
    uint64_t first = uploaded + 1 > back ? uploaded + 1 - back : 1;
    first += below(model, 10) == 0;
    struct master_batch batch = {first, lines.packets, lines.count};
    struct master_holder holder = {gate, secret_of(secret)};
    struct gate_answer answer = master_upload(&model->f.master, holder, &batch, model->f.now);
    struct model_gate *own = model_hold(model, gate, secret);
    if (own == NULL) {
        assert_int_equal(answer.status, GATE_NO_LEASE);
    } else if (first > uploaded + 1) {
        assert_int_equal(answer.status, GATE_GAP);
        assert_int_equal(answer.uploaded, uploaded);
    } else {
        uint64_t known = uploaded + 1 - first;
        known = known < lines.count ? known : lines.count;
        own->uploaded += lines.count - known;
        assert_int_equal(answer.status, GATE_OK);
        assert_int_equal(answer.uploaded, own->uploaded);
        assert_int_equal(answer.accepted, lines.count - known);
        assert_int_equal(answer.unreachable, model_send_all(model, gate, &lines, known));
    }
}

static void try_put(struct model *model, uint32_t gate) {
    struct lines lines;
    make_lines(model, &lines);
    struct master_batch batch = {0, lines.packets, lines.count};
    struct gate_answer answer = master_put(&model->f.master, gate, &batch, model->f.now);
    struct model_gate *own = &model->gates[gate];
    if (own->is_held && !own->is_classic) {
        assert_int_equal(answer.status, GATE_NO_LEASE);
        return;
    }
    own->heard = model->f.now;
    assert_int_equal(answer.status, GATE_OK);
    assert_int_equal(answer.unreachable, model_send_all(model, gate, &lines, 0));
}

// The text of the oldest packets, as many as fit, or one; and the number of the last.
static uint64_t model_read(const struct model_gate *gate, uint64_t bytes_max, char *text) {
    size_t size = 0;
    uint32_t i = 0;
    for (; i < gate->count; i++) {
        size_t more = strlen(gate->packets[i].line);
        if (i > 0 && size + more > bytes_max) {
            break;
        }
        memcpy(text + size, gate->packets[i].line, more + 1);
        size += more;
    }
    text[size] = 0;
    return i > 0 ? gate->packets[i - 1].number : gate->next - 1;
}

static void try_take(struct model *model, uint32_t gate, uint8_t secret) {
    uint64_t next = model->gates[gate].next;
    uint64_t acknowledged = below(model, 2) == 0 ? 0 : below(model, next + 2);
    uint64_t bytes_max = below(model, 2) == 0 ? 1000 : below(model, 40);
    struct gate_answer answer = take(&model->f, gate, secret_of(secret), acknowledged, bytes_max);
    struct model_gate *own = model_hold(model, gate, secret);
    if (own == NULL) {
        assert_int_equal(answer.status, GATE_NO_LEASE);
        return;
    }
    if (acknowledged < own->next && acknowledged > own->acknowledged) {
        own->acknowledged = acknowledged;
    }
    while (own->count > 0 && own->packets[0].number <= own->acknowledged) {
        remove_first(own);
    }
    char text[MODEL_PACKETS * 16 + 1];
    uint64_t last = model_read(own, bytes_max, text);
    uint64_t before = own->count > 0 ? own->packets[0].number - 1 : own->next - 1;
    assert_taken(&model->f, text, last, before - own->acknowledged, answer);
}

static void try_pop(struct model *model, uint32_t gate) {
    struct gate_answer answer = pop(&model->f, gate);
    struct model_gate *own = &model->gates[gate];
    char text[MODEL_PACKETS * 16 + 1] = "";
    if (own->is_held && !own->is_classic) {
        assert_int_equal(answer.status, GATE_NO_LEASE);
    } else if (!own->is_held && held_count(model) == model_limits.gates) {
        assert_int_equal(answer.status, GATE_FULL);
    } else {
        assert_int_equal(answer.status, GATE_OK);
        if (!own->is_held) {
            begin_gate(model, gate, true, 0);
        }
        own->heard = model->f.now;
        own->acknowledged = model_read(own, 0, text);
        if (own->count > 0) {
            remove_first(own);
        }
    }
    ASSERT_LINES(&model->f, text);
}

static void try_give_back(struct model *model, uint32_t gate, uint8_t secret) {
    struct master_holder holder = {gate, secret_of(secret)};
    struct gate_answer answer = master_give_back(&model->f.master, holder, model->f.now);
    struct model_gate *own = model_hold(model, gate, secret);
    assert_int_equal(answer.status, own == NULL ? GATE_NO_LEASE : GATE_OK);
    if (own != NULL) {
        own->is_held = false;
    }
}

static void assert_same_gates(const struct model *model) {
    const struct master *master = &model->f.master;
    assert_int_equal(master->gates_count, held_count(model));
    for (uint32_t i = 0; i < master->gates_used; i++) {
        const struct master_gate *gate = master_gate_at(master, i);
        if (gate != NULL) {
            const struct model_gate *own = &model->gates[gate->gate];
            assert_true(own->is_held);
            assert_int_equal(gate->is_classic, own->is_classic);
            assert_int_equal(gate->heard, own->heard);
            assert_int_equal(gate->uploaded, own->uploaded);
            assert_int_equal(gate->acknowledged, own->acknowledged);
            assert_int_equal(gate->dropped, own->dropped);
            assert_int_equal(gate->mailbox.lines, own->count);
            assert_int_equal(gate->mailbox.bytes, bytes_of(own));
            assert_int_equal(mailbox_last(&gate->mailbox), own->next - 1);
        }
    }
}

static void step(struct model *model) {
    uint32_t gate = (uint32_t)below(model, MODEL_GATES) + 1;
    uint8_t secret = below(model, 8) == 0 ? (uint8_t)below(model, 3) : (uint8_t)(gate % 3);
    model->f.now += below(model, 3);
    expire(model);
    switch (below(model, 12)) {
    case 0:
        try_lease(model, below(model, 4) == 0 ? 0 : gate, secret);
        break;
    case 1:
        try_pop(model, gate);
        break;
    case 2:
        try_put(model, gate);
        break;
    case 3:
        if (below(model, 8) == 0) {
            try_give_back(model, gate, secret);
        }
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        try_take(model, gate, secret);
        break;
    default:
        try_upload(model, gate, secret);
        break;
    }
    master_drop_silent(&model->f.master, model->f.now);
    master_check(&model->f.master);
    assert_same_gates(model);
}

static void agrees_with_a_naive_model(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct model *model = calloc(1, sizeof *model);
        model->random = seed * 1000000;
        begin(&model->f, &model_limits);
        for (int i = 0; i < 1000; i++) {
            step(model);
        }
        end(&model->f);
        free(model);
    }
}

// ---- written down and restored ----------------------------------------------------------------

static void begin_kept(struct fixture *f, struct memory_journal *journal,
                       const struct master_limits *limits) {
    begin(f, limits);
    memory_journal_init(journal, master_journal_kinds);
    master_start(&f->master, &journal->journal);
}

static void end_kept(struct fixture *f, struct memory_journal *journal) {
    memory_journal_deinit(journal);
    end(f);
}

static void restore(void *context, const struct journal_record *record) {
    struct master *master = context;
    assert_true(master_restore(master, record));
}

// The master dies, and another one comes up from what is durable.
static void kill_master(struct fixture *f, struct memory_journal *journal) {
    struct master_limits limits = f->master.limits;
    master_deinit(&f->master);
    memory_journal_kill(journal);
    master_init(&f->master, &f->memory, &limits);
    memory_journal_restore(journal, restore, &f->master);
    master_start(&f->master, &journal->journal);
}

static void write_step(struct fixture *f, struct memory_journal *journal) {
    master_settle(&f->master);
    memory_journal_write(journal);
}

static void assert_journal(struct memory_journal *journal, const char *expected) {
    char *text = memory_journal_text(journal);
    assert_string_equal(text, expected);
    free(text);
    memory_journal_cut(journal);
}

static void a_journal_hears_of_each_change_once(void **state) {
    (void)state;
    struct fixture f;
    struct memory_journal journal;
    begin_kept(&f, &journal, &usual);
    f.now = 9;
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    write_step(&f, &journal);
    assert_journal(&journal, "lease 1 1 0 9 0 0 0 1 1 aaaaaaaaaaaaaaaa;"
                             "lease 2 2 0 9 0 0 0 1 1 bbbbbbbbbbbbbbbb;");
    UPLOAD(&f, 1, SECRET_A, 1, 0, 2);
    assert_journal(&journal, "block 1 1\n;delivered 2 1 1;block 2 2\n;delivered 2 2 2;");
    take(&f, 2, SECRET_B, 1, 100);
    write_step(&f, &journal);
    assert_journal(&journal, "gone 1;lease 1 1 0 9 2 0 0 1 1 aaaaaaaaaaaaaaaa;"
                             "lease 2 2 0 9 0 1 0 2 2 bbbbbbbbbbbbbbbb;");
    take(&f, 2, SECRET_B, 1, 100);
    write_step(&f, &journal);
    assert_journal(&journal, ""); // that it was heard is not kept
    master_give_back(&f.master, (struct master_holder){2, SECRET_B}, f.now);
    write_step(&f, &journal);
    assert_journal(&journal, "gone 2;ended 2;");
    end_kept(&f, &journal);
}

// In the order of the records, a gate is there before what is delivered to it.
static void a_gate_and_its_first_packets_may_be_of_one_step(void **state) {
    (void)state;
    struct fixture f;
    struct memory_journal journal;
    begin_kept(&f, &journal, &usual);
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    UPLOAD(&f, 1, SECRET_A, 1, 2);
    write_step(&f, &journal);
    kill_master(&f, &journal);
    assert_taken(&f, "1\n", 1, 0, take(&f, 2, SECRET_B, 0, 100));
    end_kept(&f, &journal);
}

static bool restore_one(struct fixture *f, unsigned kind, const uint64_t *numbers, size_t count,
                        const char *text) {
    struct journal_record record = {.kind = kind, .text = {bytes_of_text(text)}};
    memcpy(record.number, numbers, count * sizeof *numbers);
    return master_restore(&f->master, &record);
}

#define RESTORE(f, kind, text, ...)                       \
    restore_one(f, kind, (const uint64_t[]){__VA_ARGS__}, \
                sizeof(const uint64_t[]){__VA_ARGS__} / sizeof(uint64_t), text)

static void a_restored_master_goes_on(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    const char *secret = (const char *)SECRET_A;
    assert_true(RESTORE(&f, MASTER_BLOCK, "a\nb\nc\n", 9));
    assert_true(RESTORE(&f, MASTER_LEASED, secret, 5, 7, 0, 0, 3, 10, 0, 12));
    assert_true(RESTORE(&f, MASTER_DELIVERED, "", 5, 11, 9));
    assert_true(RESTORE(&f, MASTER_DELIVERED, "", 5, 14, 9));
    master_start(&f.master, NULL);
    // However long the master was away, its gates are heard at the first request.
    f.now += 1000000 * SECOND;
    assert_taken(&f, "b\nc\na\nb\nc\n", 16, 1, take(&f, 7, SECRET_A, 0, 100));
    assert_int_equal(UPLOAD(&f, 7, SECRET_A, 4, 9).uploaded, 4);
    assert_int_equal(lease(&f, 7, SECRET_B).status, GATE_TAKEN);
    f.now += 30 * SECOND;
    assert_int_equal(lease(&f, 7, SECRET_B).status, GATE_NEW);
    assert_int_equal(master_gate_at(&f.master, 0)->lease, 6);
    end(&f);
}

static void records_that_no_master_wrote_are_left_out(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, &usual);
    const char *secret = (const char *)SECRET_A;
    assert_true(RESTORE(&f, MASTER_BLOCK, "a\nb\nc\n", 9));
    assert_false(RESTORE(&f, MASTER_BLOCK, "a\n", 9)); // twice
    assert_false(RESTORE(&f, MASTER_BLOCK, "a", 10));  // no line
    assert_false(RESTORE(&f, MASTER_BLOCK, "", 10));
    assert_false(RESTORE(&f, MASTER_LEASED, secret, 5, 0, 0, 0, 0, 0, 0, 1));   // no gate
    assert_false(RESTORE(&f, MASTER_LEASED, "short", 5, 7, 0, 0, 0, 0, 0, 1));  // no secret
    assert_false(RESTORE(&f, MASTER_LEASED, secret, 5, 7, 0, 0, 0, 12, 0, 12)); // not yet come
    assert_true(RESTORE(&f, MASTER_LEASED, secret, 5, 7, 0, 0, 0, 10, 0, 12));
    assert_false(RESTORE(&f, MASTER_LEASED, secret, 6, 7, 0, 0, 0, 0, 0, 1));   // held already
    assert_false(RESTORE(&f, MASTER_LEASED, secret, 5, 8, 0, 0, 0, 10, 0, 12)); // another gate
    assert_false(RESTORE(&f, MASTER_LEASED, secret, 5, 7, 0, 0, 0, 10, 0, 13)); // a gap
    assert_false(RESTORE(&f, MASTER_DELIVERED, "", 5, 13, 9));                  // likewise
    assert_false(RESTORE(&f, MASTER_DELIVERED, "", 5, 9, 9));                   // gone before
    assert_false(RESTORE(&f, MASTER_DELIVERED, "", 5, 12, 8));                  // no block
    assert_false(RESTORE(&f, MASTER_DELIVERED, "", 4, 12, 9));                  // no lease
    assert_true(RESTORE(&f, MASTER_DELIVERED, "", 5, 11, 9));
    assert_false(RESTORE(&f, MASTER_DELIVERED, "", 5, 13, 9));
    assert_false(RESTORE(&f, MASTER_ENDED, "", 4));
    assert_false(RESTORE(&f, MASTER_RECORDS, "", 4));
    assert_true(RESTORE(&f, MASTER_ENDED, "", 5));
    assert_false(RESTORE(&f, MASTER_ENDED, "", 5));
    end(&f);
}

static void a_master_whose_journal_fails_promises_nothing(void **state) {
    (void)state;
    struct fixture f;
    struct memory_journal journal;
    begin_kept(&f, &journal, &usual);
    lease(&f, 1, SECRET_A);
    lease(&f, 2, SECRET_B);
    assert_true(UPLOAD(&f, 1, SECRET_A, 1, 2).is_promise);
    write_step(&f, &journal);
    memory_journal_fail(&journal);
    assert_int_equal(UPLOAD(&f, 1, SECRET_A, 2, 2).status, GATE_UNAVAILABLE);
    assert_int_equal(lease(&f, 3, SECRET_A).status, GATE_UNAVAILABLE);
    assert_int_equal(lease(&f, 1, SECRET_A).status, GATE_UNAVAILABLE);
    struct master_holder holder = {1, SECRET_A};
    assert_int_equal(master_give_back(&f.master, holder, f.now).status, GATE_UNAVAILABLE);
    struct gate_answer taken = take(&f, 2, SECRET_B, 0, 100);
    assert_taken(&f, "1\n", 1, 0, taken); // what promises nothing is still done
    assert_false(taken.is_promise);
    write_step(&f, &journal);
    assert_int_equal(UPLOAD(&f, 1, SECRET_A, 2, 2).uploaded, 2);
    end_kept(&f, &journal);
}

static void all_are_heard(struct model *model) {
    master_drop_silent(&model->f.master, model->f.now);
    for (uint32_t gate = 0; gate <= MODEL_GATES; gate++) {
        model->gates[gate].heard = model->f.now;
    }
}

// Killed after each step, the master comes back as the model has it; now and then from a snapshot.
static void killed_after_each_step_it_forgets_nothing(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct model *model = calloc(1, sizeof *model);
        struct memory_journal journal;
        model->random = seed * 3000000;
        begin_kept(&model->f, &journal, &model_limits);
        for (int i = 0; i < 300; i++) {
            step(model);
            write_step(&model->f, &journal);
            if (i % 20 == 19) {
                memory_journal_cut(&journal);
                master_snapshot(&model->f.master, memory_journal_take, &journal);
                memory_journal_write(&journal);
            }
            kill_master(&model->f, &journal);
            all_are_heard(model);
            assert_same_gates(model);
        }
        end_kept(&model->f, &journal);
        free(model);
    }
}

static struct gate_answer upload_large(struct fixture *f, uint32_t receiver, uint64_t first) {
    enum { LARGE = 10000 };
    static char line[LARGE];
    memset(line, 'x', LARGE - 1);
    line[LARGE - 1] = '\n';
    struct master_packet packet = {receiver, bytes_make(line, LARGE)};
    struct master_batch batch = {first, &packet, 1};
    return master_upload(&f->master, (struct master_holder){1, SECRET_A}, &batch, f->now);
}

// One mailbox is as large as it may be, then those of many gates fill up: each keeps the newest of
// what has come, in its part, that one too.
static void all_mailboxes_together_stay_within_the_memory(void **state) {
    (void)state;
    enum { GATES = 30, FIRST = 70, ROUNDS = 20 };
    struct master_limits limits = usual;
    struct fixture f;
    limits.gates = GATES;
    limits.mailbox_packets = 1000000;
    limits.mailbox_bytes = 1u << 30;
    begin(&f, &limits);
    f.memory.limit = 1u << 20;
    assert_int_equal(lease(&f, 1, SECRET_A).status, GATE_NEW);
    for (uint32_t gate = 2; gate <= GATES; gate++) {
        assert_int_equal(lease(&f, gate, SECRET_B).status, GATE_NEW);
    }
    uint64_t number = 1;
    while (number <= FIRST) {
        assert_int_equal(upload_large(&f, 2, number++).status, GATE_OK);
    }
    assert_int_equal(f.master.gates[1].dropped, 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (uint32_t gate = 3; gate <= GATES; gate++) {
            assert_int_equal(upload_large(&f, gate, number++).status, GATE_OK);
            assert_true(memory_used(&f.memory) <= f.memory.limit);
        }
    }
    for (uint32_t place = 1; place < GATES; place++) {
        const struct master_gate *gate = &f.master.gates[place];
        assert_int_equal(gate->dropped + gate->mailbox.lines, place == 1 ? FIRST : ROUNDS);
        assert_true(gate->dropped > 0);
    }
    end(&f);
}

// Packets of few bytes cost more than these.
static void small_packets_stay_within_the_memory(void **state) {
    (void)state;
    struct master_limits limits = usual;
    struct fixture f;
    limits.mailbox_packets = 1000000;
    limits.mailbox_bytes = 1u << 30;
    begin(&f, &limits);
    f.memory.limit = 1u << 20;
    assert_int_equal(lease(&f, 1, SECRET_A).status, GATE_NEW);
    assert_int_equal(lease(&f, 2, SECRET_B).status, GATE_NEW);
    for (uint64_t number = 1; number < 30000; number++) {
        const uint32_t receivers[] = {2, UINT32_MAX};
        assert_int_equal(upload(&f, 1, SECRET_A, number, receivers).status, GATE_OK);
        assert_true(memory_used(&f.memory) <= f.memory.limit);
    }
    assert_true(f.master.gates[1].dropped > 0);
    assert_true(f.master.gates[1].mailbox.lines > 1000);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leases_are_made_resumed_and_refused),
        cmocka_unit_test(free_gates_are_given_from_the_lowest),
        cmocka_unit_test(a_silent_gate_goes_with_its_mailbox),
        cmocka_unit_test(a_clock_that_goes_back_stands_still),
        cmocka_unit_test(a_repeated_batch_counts_once),
        cmocka_unit_test(packets_go_where_they_are_addressed),
        cmocka_unit_test(a_broadcast_is_kept_once),
        cmocka_unit_test(packets_go_when_they_are_acknowledged),
        cmocka_unit_test(a_full_mailbox_loses_its_oldest_and_says_so),
        cmocka_unit_test(each_loss_has_its_cause),
        cmocka_unit_test(bytes_are_limited_too),
        cmocka_unit_test(classic_gates_need_no_secret_and_open_no_other),
        cmocka_unit_test(agrees_with_a_naive_model),
        cmocka_unit_test(a_journal_hears_of_each_change_once),
        cmocka_unit_test(a_gate_and_its_first_packets_may_be_of_one_step),
        cmocka_unit_test(a_restored_master_goes_on),
        cmocka_unit_test(records_that_no_master_wrote_are_left_out),
        cmocka_unit_test(a_master_whose_journal_fails_promises_nothing),
        cmocka_unit_test(killed_after_each_step_it_forgets_nothing),
        cmocka_unit_test(all_mailboxes_together_stay_within_the_memory),
        cmocka_unit_test(small_packets_stay_within_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
