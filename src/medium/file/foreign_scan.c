#include "medium/file/foreign_scan.h"

#include "medium/file/line_block.h"
#include "medium/file/network_writer.h"
#include "medium/file/safe_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"

// What follows the next tab.
static struct bytes next_field(struct bytes line) {
    const uint8_t *tab = line.size == 0 ? NULL : memchr(line.data, '\t', line.size);
    size_t size = tab == NULL ? 0 : (size_t)(line.data + line.size - tab) - 1;
    return bytes_make(tab == NULL ? NULL : tab + 1, size);
}

// Most lines are no announcements: they are told apart before anything is parsed.
static bool may_announce(struct bytes line) {
    struct bytes receiver = next_field(next_field(line));
    return bytes_starts_with(receiver, BYTES_LITERAL("0\tjoin\t")) ||
           bytes_starts_with(receiver, BYTES_LITERAL("0\tleft\t"));
}

// The kind ends up in messages to people: only words get there.
static void copy_kind(char out[8], struct bytes kind) {
    size_t size = kind.size < 7 ? kind.size : 7;
    memcpy(out, kind.data, size);
    for (size_t i = 0; i < size; i++) {
        if (out[i] < 'a' || out[i] > 'z') {
            (void)snprintf(out, 8, "device");
            return;
        }
    }
}

static void note(struct claims_file *claims, const struct packet *packet) {
    struct claim_record records[CLAIMS_ADDRESSES + 1];
    if (!claims_file_read_records(claims, records)) {
        return;
    }
    bool joins = packet->type == PACKET_JOIN;
    const struct claim_record *old = &records[packet->sender];
    if (old->state != (joins ? CLAIM_FREE : CLAIM_FOREIGN)) {
        return;
    }
    struct claim_record record = {.state = joins ? CLAIM_FOREIGN : CLAIM_FREE,
                                  .since = packet->time_stamp};
    if (joins && packet->element_count > 0) {
        copy_kind(record.kind, packet->element[0]);
    }
    (void)claims_file_write_record(claims, packet->sender, &record);
}

static void look_at(struct claims_file *claims, struct bytes line) {
    uint8_t scratch[LINE_CUT];
    struct packet packet;
    if (may_announce(line) && packet_parse(&packet, line, scratch) == PACKET_OK &&
        (packet.type == PACKET_JOIN || packet.type == PACKET_LEFT) &&
        packet.receiver == PACKET_EVERYONE && packet.sender >= 1 &&
        packet.sender <= CLAIMS_ADDRESSES) {
        note(claims, &packet);
    }
}

static int open_file_of(const struct claims_file *claims, const struct epoch *epoch) {
    char away[NETWORK_PATH_ROOM];
    network_rotated_path(away, claims->network_path, epoch->number);
    bool is_present = epoch->number == claims->header.epoch;
    int fd = safe_file_open(is_present ? claims->network_path : away, O_RDONLY, 0);
    struct file_status status;
    if (fd >= 0 &&
        (!file_status_of_fd(fd, &status) || !file_identity_equal(status.identity, epoch->file))) {
        close(fd);
        return -1;
    }
    return fd;
}

static uint64_t scan_file(struct claims_file *claims, struct line_block *block, int fd,
                          uint64_t from) {
    struct line_cursor cursor = {.fd = fd, .offset = from};
    uint64_t before;
    do {
        before = cursor.offset;
        (void)line_block_fill(block, &cursor);
        struct bytes line;
        while (line_block_next(block, &cursor, &line)) {
            look_at(claims, line);
        }
    } while (cursor.offset > before);
    return cursor.offset;
}

void foreign_scan(struct claims_file *claims) {
    struct claims_header *header = &claims->header;
    struct line_block block = {.data = malloc(LINE_BLOCK_BYTES)};
    ASSERT_MESSAGE(block.data != NULL, "out of memory");
    uint64_t oldest = header->epoch > CLAIMS_EPOCHS ? header->epoch - CLAIMS_EPOCHS + 1 : 1;
    uint64_t number = header->scanned_epoch > oldest ? header->scanned_epoch : oldest;
    uint64_t offset = number == header->scanned_epoch ? header->scanned_offset : 0;
    for (; number <= header->epoch; number++, offset = 0) {
        struct epoch epoch = claims_file_epoch(claims, number);
        int fd = epoch.number == 0 ? -1 : open_file_of(claims, &epoch);
        if (fd >= 0) {
            header->scanned_offset = scan_file(claims, &block, fd, offset);
            header->scanned_epoch = number;
            close(fd);
        }
    }
    free(block.data);
    (void)claims_file_save_header(claims);
}
