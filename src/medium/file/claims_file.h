// The file beside the network's file, `network.claims`: what its sessions agree on.
//
//  - a header: the present epoch and what is known of it;
//  - a ring of the last epochs. An epoch is a life of the network's file, which begins when the
//    file is first seen, rotated, replaced or truncated. The file of epoch N that was rotated away
//    is called `network.N`;
//  - for each local address who holds it.
//
// Its locks (open file description locks, so that two networks of one process exclude each other as
// two processes do) are the truth, its bytes only say who it is. The append lock is held for the
// time of one operation, shared by those who only append; the lock of an address as long as the
// address. The kernel releases them when their owner dies. The file may be deleted at any time: who
// locks it next makes it again, and a changed `id` says that what was held must be taken again.
#ifndef MEDIUM_FILE_CLAIMS_FILE_H
#define MEDIUM_FILE_CLAIMS_FILE_H

#include "medium/file/file_status.h"
#include "medium/file/network_error.h"

#define CLAIMS_VERSION 1u
#define CLAIMS_ENDING ".claims"
#define CLAIMS_ADDRESSES 999u
#define CLAIMS_EPOCHS 64u // more than anyone keeps

enum epoch_kind { EPOCH_FIRST, EPOCH_ROTATED, EPOCH_REPLACED, EPOCH_TRUNCATED }; // how it began

struct epoch {
    uint64_t number; // 1 and up; 0: no such epoch
    uint64_t kind;
    struct file_identity file;
};

enum claim_state { CLAIM_FREE, CLAIM_OURS, CLAIM_FOREIGN }; // FOREIGN: known by its `join` only

struct claim_record {
    uint32_t state;
    uint32_t process;
    uint64_t since; // UnixTime
    char kind[8];
};

// The head of the file of claims, as it stands in the file: which file this is, how often it has
// changed, and how far the network's file is known to be whole and looked through. Changed under
// the file's lock only.
struct claims_header {
    char magic[8];
    uint32_t version;
    uint32_t addresses;
    uint64_t id;         // random: tells this file from one made in its place
    uint64_t generation; // counts the changes of claims
    uint64_t epoch;      // the present one
    struct file_identity file;
    uint64_t end; // every byte of the file up to here is whole lines; it was this big once
    uint64_t scanned_epoch; // up to here joins of other implementations have been looked for
    uint64_t scanned_offset;
};

struct claims_file {
    char *path;
    const char *network_path; // borrowed
    int fd;
    bool read_only;
    uint64_t id; // of the file that was last locked; 0: none
    struct file_identity identity;
    struct claims_header header; // true while locked
};

// Borrows network_path. Opens nothing yet.
void claims_file_init(struct claims_file *claims, const char *network_path, bool read_only);
void claims_file_deinit(struct claims_file *claims);

// Takes the append lock and reads the header; makes the file if there is none. With read_only the
// lock is shared with other lookers, and a file that is missing or unusable gives a header of
// zeros.
bool claims_file_lock(struct claims_file *claims, struct file_network_error *error);
void claims_file_unlock(struct claims_file *claims);

// The append lock shared with others who only append: no epoch begins meanwhile, but the header is
// not read. False: claims_file_lock is needed first.
bool claims_file_lock_to_append(const struct claims_file *claims);

// Without the lock, as a hint: whether this is still the file under the path; the header.
bool claims_file_is_present(const struct claims_file *claims);
bool claims_file_peek(const struct claims_file *claims, struct claims_header *header);

// The rest asks for the append lock.

bool claims_file_save_header(struct claims_file *claims);
bool claims_file_begin_epoch(struct claims_file *claims, enum epoch_kind kind,
                             struct file_identity file);
// number 0 if the ring does not reach back that far.
struct epoch claims_file_epoch(const struct claims_file *claims, uint64_t number);

// records[address], of which records[0] is not used.
bool claims_file_read_records(const struct claims_file *claims,
                              struct claim_record records[CLAIMS_ADDRESSES + 1]);
bool claims_file_write_record(struct claims_file *claims, uint32_t address,
                              const struct claim_record *record);

// The lock of an address, for good or until closed; false: another holds it.
bool claims_file_take_address(const struct claims_file *claims, uint32_t address);
void claims_file_release_address(const struct claims_file *claims, uint32_t address);
bool claims_file_is_held_by_other(const struct claims_file *claims, uint32_t address);

#endif
