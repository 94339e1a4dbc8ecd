// The addresses of a network: takes one for this process, and sees to those of the dead.
//
// Each process that holds an address watches the process of the next higher one, the highest that
// of the lowest. So a death is noticed at once, by one watcher, at a cost that does not grow with
// the number of sessions. Whoever finds an address whose lock is gone writes `left` in its name.
#ifndef MEDIUM_FILE_ADDRESS_CLAIMS_H
#define MEDIUM_FILE_ADDRESS_CLAIMS_H

#include "medium/file/claims_file.h"
#include "medium/file/file_alarm.h"
#include "medium/file/network_writer.h"

// Our own claim, and the one process whose death wakes us: that of the next higher address. When
// the claims have changed (`generation`) another one is chosen.
struct address_claims {
    struct claims_file *file;      // borrowed
    struct network_writer *writer; // borrowed
    struct file_alarm *alarm;      // borrowed
    uint32_t address;              // ours; 0: none
    struct claim_record record;    // ours
    uint64_t claims_id;            // of the claims file in which it is held
    uint64_t generation;           // of the claims when the watched process was chosen
    pid_t watched;                 // 0: none
    pid_t useless;                 // ended, but its lock lives on in a child: not to be watched
};

// All of these ask for the append lock, in step with the file (network_writer_sync with `create`).

// See file_network_claim.
bool address_claims_take(struct address_claims *claims, uint32_t *address, const char *kind,
                         uint64_t unix_time, struct file_network_error *error);
void address_claims_release(struct address_claims *claims);

// After the claims file was made anew. False: another took our address meanwhile; we have none.
bool address_claims_retake(struct address_claims *claims);

// Watches the next one who lives, after the claims have changed. Writes `left` for those found dead
// on the way and frees their addresses. False: that could not be done; it is tried again next time.
bool address_claims_watch(struct address_claims *claims, uint64_t unix_time,
                          struct file_network_error *error);

// The watched process has ended, or so it seems.
void address_claims_note_end(struct address_claims *claims);

// As address_claims_watch, after looking at every address for dead ones.
bool address_claims_tend(struct address_claims *claims, uint64_t unix_time,
                         struct file_network_error *error);

#endif
