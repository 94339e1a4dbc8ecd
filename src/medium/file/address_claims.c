#include "medium/file/address_claims.h"

#include "medium/file/foreign_scan.h"
#include "medium/file/network_error.h"
#include "packet/packet.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/assert.h"

typedef struct claim_record records[CLAIMS_ADDRESSES + 1];

static bool fail_at_file(const struct address_claims *claims, struct file_network_error *error) {
    return network_error_set_errno(error, claims->file->path, "cannot be used");
}

// ---- the dead ----------------------------------------------------------------------------------

static bool is_dead(const struct address_claims *claims, const records all, uint32_t address) {
    return all[address].state == CLAIM_OURS && address != claims->address &&
           !claims_file_is_held_by_other(claims->file, address);
}

static bool append_left(struct address_claims *claims, uint32_t address, const char *kind,
                        uint64_t unix_time, struct file_network_error *error) {
    struct packet packet = {.time_stamp = unix_time, .sender = address, .type = PACKET_LEFT};
    packet_add(&packet, bytes_of_text(kind));
    packet.signature = packet_signature(&packet);
    uint8_t line[256];
    size_t size = packet_format(&packet, line, sizeof line);
    ASSERT(size > 0);
    return network_writer_append(claims->writer, bytes_make(line, size), error);
}

// The line comes before the record: to die in between repeats the line, which does no harm.
static bool bury(struct address_claims *claims, records all, uint32_t address, uint64_t unix_time,
                 struct file_network_error *error) {
    if (!network_writer_sync(claims->writer, 0, true, error)) {
        return false;
    }
    foreign_scan(claims->file);
    all[address].kind[sizeof all[address].kind - 1] = '\0';
    if (!append_left(claims, address, all[address].kind, unix_time, error)) {
        return false;
    }
    all[address] = (struct claim_record){.state = CLAIM_FREE};
    return claims_file_write_record(claims->file, address, &all[address]) ||
           fail_at_file(claims, error);
}

static bool bury_all(struct address_claims *claims, records all, uint64_t unix_time,
                     struct file_network_error *error) {
    for (uint32_t address = 1; address <= CLAIMS_ADDRESSES; address++) {
        if (is_dead(claims, all, address) && !bury(claims, all, address, unix_time, error)) {
            return false;
        }
    }
    return true;
}

// ---- watching ----------------------------------------------------------------------------------

static uint32_t next_alive(const struct address_claims *claims, const records all) {
    if (claims->address == 0) {
        return 0;
    }
    for (uint32_t step = 1; step < CLAIMS_ADDRESSES; step++) {
        uint32_t address = (claims->address - 1 + step) % CLAIMS_ADDRESSES + 1;
        if (all[address].state == CLAIM_OURS) {
            return address;
        }
    }
    return 0;
}

// If its lock is held after the watch began, the process was alive then, and the watch is on the
// right one. Where a process cannot be watched (it is of another pid namespace, or its lock lives
// on in a child), the regular checks find its end.
static bool watch_if_alive(struct address_claims *claims, uint32_t address, pid_t process) {
    claims->watched = process == claims->useless ? 0 : process;
    (void)file_alarm_watch_process(claims->alarm, claims->watched);
    return claims_file_is_held_by_other(claims->file, address);
}

bool address_claims_watch(struct address_claims *claims, uint64_t unix_time,
                          struct file_network_error *error) {
    records all;
    if (!claims_file_read_records(claims->file, all)) {
        return fail_at_file(claims, error);
    }
    uint32_t next;
    while ((next = next_alive(claims, all)) != 0 &&
           !watch_if_alive(claims, next, (pid_t)all[next].process)) {
        if (!bury(claims, all, next, unix_time, error)) {
            return false;
        }
    }
    if (next == 0) {
        claims->watched = 0;
        (void)file_alarm_watch_process(claims->alarm, 0);
    }
    claims->generation = claims->file->header.generation;
    return true;
}

void address_claims_note_end(struct address_claims *claims) {
    claims->useless = claims->watched;
    claims->watched = 0;
}

bool address_claims_tend(struct address_claims *claims, uint64_t unix_time,
                         struct file_network_error *error) {
    records all;
    if (!claims_file_read_records(claims->file, all)) {
        return fail_at_file(claims, error);
    }
    return bury_all(claims, all, unix_time, error) &&
           address_claims_watch(claims, unix_time, error);
}

// ---- ours --------------------------------------------------------------------------------------

static bool fail_taken(const struct address_claims *claims, uint32_t address,
                       const struct claim_record *record, struct file_network_error *error) {
    if (record->state == CLAIM_FOREIGN) {
        return network_error_set(error,
                                 "%s: address %u is taken by a %.7s that joined without a claim; "
                                 "choose another with --address, or, if that program is gone, "
                                 "append its `left` line to the file",
                                 claims->writer->path, address, record->kind);
    }
    return network_error_set(error,
                             "%s: address %u is taken by a %.7s, process %u; choose another with "
                             "--address, or leave it out for any free one",
                             claims->writer->path, address, record->kind, record->process);
}

// Any free one whose lock nobody has, each with the same chance.
static uint32_t take_any(const struct address_claims *claims, const records all) {
    uint32_t free_ones[CLAIMS_ADDRESSES];
    uint32_t count = 0;
    for (uint32_t address = 1; address <= CLAIMS_ADDRESSES; address++) {
        if (all[address].state == CLAIM_FREE) {
            free_ones[count++] = address;
        }
    }
    while (count > 0) {
        uint32_t random = 0;
        (void)getrandom(&random, sizeof random, 0);
        uint32_t pick = random % count;
        if (claims_file_take_address(claims->file, free_ones[pick])) {
            return free_ones[pick];
        }
        free_ones[pick] = free_ones[--count];
    }
    return 0;
}

static uint32_t choose(const struct address_claims *claims, const records all, uint32_t wanted,
                       struct file_network_error *error) {
    if (wanted != 0) {
        if (all[wanted].state == CLAIM_FREE && claims_file_take_address(claims->file, wanted)) {
            return wanted;
        }
        (void)fail_taken(claims, wanted, &all[wanted], error);
        return 0;
    }
    uint32_t taken = take_any(claims, all);
    if (taken == 0) {
        (void)network_error_set(error,
                                "%s: all %u addresses are taken; end a session, or name another "
                                "network with --network",
                                claims->writer->path, CLAIMS_ADDRESSES);
    }
    return taken;
}

bool address_claims_take(struct address_claims *claims, uint32_t *address, const char *kind,
                         uint64_t unix_time, struct file_network_error *error) {
    ASSERT(claims->address == 0);
    if (*address > CLAIMS_ADDRESSES) {
        return network_error_set(error, "address %u is out of range; choose one of 1 to %u",
                                 *address, CLAIMS_ADDRESSES);
    }
    records all;
    foreign_scan(claims->file);
    if (!claims_file_read_records(claims->file, all)) {
        return fail_at_file(claims, error);
    }
    uint32_t taken = 0;
    if (bury_all(claims, all, unix_time, error)) {
        taken = choose(claims, all, *address, error);
    }
    if (taken == 0) {
        return false;
    }
    claims->record = (struct claim_record){
        .state = CLAIM_OURS, .process = (uint32_t)getpid(), .since = unix_time};
    (void)snprintf(claims->record.kind, sizeof claims->record.kind, "%s", kind);
    if (!claims_file_write_record(claims->file, taken, &claims->record)) {
        claims_file_release_address(claims->file, taken);
        return fail_at_file(claims, error);
    }
    claims->address = *address = taken;
    claims->claims_id = claims->file->id;
    return true;
}

void address_claims_release(struct address_claims *claims) {
    foreign_scan(claims->file);
    struct claim_record record = {.state = CLAIM_FREE};
    (void)claims_file_write_record(claims->file, claims->address, &record);
    claims_file_release_address(claims->file, claims->address);
    claims->address = 0;
}

bool address_claims_retake(struct address_claims *claims) {
    bool taken = claims_file_take_address(claims->file, claims->address) &&
                 claims_file_write_record(claims->file, claims->address, &claims->record);
    claims->claims_id = claims->file->id;
    if (!taken) {
        claims->address = 0;
    }
    return taken;
}
