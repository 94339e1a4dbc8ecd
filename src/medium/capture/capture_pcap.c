#include "medium/capture/capture_pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#define HEAD_BYTES 24 // of the file
#define SECOND UINT64_C(1000000000)

struct capture_pcap {
    pcap_t *handle; // owns `file`
    FILE *file;
    uint32_t link;
    off_t offset; // behind the last whole frame
    char why[CAPTURE_PCAP_WHY_SIZE];
};

bool capture_pcap_begins(uint32_t magic) {
    static const uint32_t magics[] = {0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (magic == magics[i]) {
            return true;
        }
    }
    return false;
}

static FILE *open_again(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "rb");
    if (file == NULL && copy >= 0) {
        close(copy);
    }
    return file != NULL && fseeko(file, 0, SEEK_SET) == 0 ? file : NULL;
}

struct capture_pcap *capture_pcap_open(int fd, char why[static CAPTURE_PCAP_WHY_SIZE]) {
    struct stat status;
    char error[PCAP_ERRBUF_SIZE] = "";
    why[0] = '\0';
    if (fstat(fd, &status) != 0 || status.st_size < HEAD_BYTES) {
        return NULL;
    }
    struct capture_pcap *pcap = calloc(1, sizeof *pcap);
    FILE *file = pcap == NULL ? NULL : open_again(fd);
    pcap_t *handle =
        file == NULL
            ? NULL
            : pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
    if (handle == NULL) {
        (void)snprintf(why, CAPTURE_PCAP_WHY_SIZE, "%s",
                       error[0] != '\0' ? error : strerror(errno));
        if (file != NULL) {
            (void)fclose(file);
        }
        free(pcap);
        return NULL;
    }
    *pcap = (struct capture_pcap){.handle = handle,
                                  .file = file,
                                  .link = (uint32_t)pcap_datalink(handle),
                                  .offset = ftello(file)};
    return pcap;
}

void capture_pcap_close(struct capture_pcap *pcap) {
    if (pcap != NULL) {
        pcap_close(pcap->handle);
        free(pcap);
    }
}

uint64_t capture_pcap_offset(const struct capture_pcap *pcap) {
    return (uint64_t)pcap->offset;
}

const char *capture_pcap_error(const struct capture_pcap *pcap) {
    return pcap->why;
}

// Whether the file ends before the frame that could not be read does: it is still being written.
static bool ends_early(struct capture_pcap *pcap) {
    bool is_end = feof(pcap->file) != 0;
    clearerr(pcap->file);
    return fseeko(pcap->file, pcap->offset, SEEK_SET) == 0 && is_end;
}

enum capture_pcap_state capture_pcap_read(struct capture_pcap *pcap, unsigned most,
                                          struct tap_blocks *blocks,
                                          const struct tap_events *events) {
    for (unsigned i = 0; i < most; i++) {
        struct pcap_pkthdr *head;
        const u_char *data;
        if (pcap_next_ex(pcap->handle, &head, &data) != 1) {
            if (ends_early(pcap)) {
                return CAPTURE_PCAP_END;
            }
            (void)snprintf(pcap->why, sizeof pcap->why, "%s", pcap_geterr(pcap->handle));
            return CAPTURE_PCAP_BROKEN;
        }
        pcap->offset = ftello(pcap->file);
        struct tap_frame frame = {.link = pcap->link,
                                  .unix_ns = (uint64_t)head->ts.tv_sec * SECOND +
                                             (uint64_t)head->ts.tv_usec, // nanoseconds, as asked
                                  .bytes = bytes_make(data, head->caplen)};
        tap_blocks_frame(blocks, &frame, events);
    }
    return CAPTURE_PCAP_MORE;
}
