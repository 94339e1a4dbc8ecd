#include "medium/capture/capture_frame.h"

#include "medium/capture/tap_format.h"

#define ETHERNET_BYTES 14
#define ETHERNET_TYPE 12 // where it stands
#define VLAN_BYTES 4
#define VLANS_MAX 4
#define COOKED_BYTES 16
#define COOKED_TYPE 14
#define COOKED_2_BYTES 20
#define COOKED_2_TYPE 0
#define LOOPBACK_BYTES 4
#define EXTENSIONS_MAX 8 // headers between IPv6 and TCP

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd
#define TYPE_VLAN 0x8100
#define TYPE_VLAN_OUTER 0x88a8
#define TYPE_VLAN_OLD 0x9100

#define NEXT_HOP_BY_HOP 0
#define NEXT_ROUTING 43
#define NEXT_FRAGMENT 44
#define NEXT_OPTIONS 60

// Numbers of tcpdump.org. Those of raw IP differ between systems.
enum link_type {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW_BSD = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_RAW = PCAPNG_LINK_RAW,
    LINK_LOOP = 108,
    LINK_COOKED = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_COOKED_2 = 276,
};

// What stands before IP: its bytes, and where among them the type of what follows; -1: nowhere,
// and the first four bits of IP tell.
static const struct link_row {
    uint16_t link;
    uint8_t bytes;
    int8_t type;
} links[] = {
    {LINK_NULL, LOOPBACK_BYTES, -1},
    {LINK_ETHERNET, ETHERNET_BYTES, ETHERNET_TYPE},
    {LINK_RAW_BSD, 0, -1},
    {LINK_RAW_OPENBSD, 0, -1},
    {LINK_RAW, 0, -1},
    {LINK_LOOP, LOOPBACK_BYTES, -1},
    {LINK_COOKED, COOKED_BYTES, COOKED_TYPE},
    {LINK_IPV4, 0, -1},
    {LINK_IPV6, 0, -1},
    {LINK_COOKED_2, COOKED_2_BYTES, COOKED_2_TYPE},
};

static const struct link_row *find_link(uint32_t link) {
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        if (links[i].link == link) {
            return &links[i];
        }
    }
    return NULL;
}

bool capture_frame_knows(uint32_t link) {
    return find_link(link) != NULL;
}

static uint16_t read_short(const uint8_t *at) {
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read_long(const uint8_t *at) {
    return (uint32_t)read_short(at) << 16 | read_short(at + 2);
}

static bool skip(struct bytes *bytes, size_t size) {
    if (size > bytes->size) {
        return false;
    }
    *bytes = bytes_make(bytes->data + size, bytes->size - size);
    return true;
}

// ---- TCP --------------------------------------------------------------------------------------

// `whole`: how many bytes the segment had before the capture cut it.
static enum capture_frame_result read_tcp(struct bytes tcp, size_t whole,
                                          struct capture_segment *segment) {
    size_t head = tcp.size >= TCP_BYTES ? (size_t)(tcp.data[12] >> 4) * 4 : 0;
    if (head < TCP_BYTES || head > tcp.size) {
        return CAPTURE_FRAME_BROKEN;
    }
    memcpy(segment->ends.ports, tcp.data, sizeof segment->ends.ports);
    segment->sequence = read_long(tcp.data + 4);
    segment->acknowledged = read_long(tcp.data + 8);
    segment->flags = tcp.data[13];
    segment->payload = bytes_make(tcp.data + head, tcp.size - head);
    segment->missing = (uint32_t)(whole - tcp.size);
    return CAPTURE_FRAME_TCP;
}

// What stands behind a head of IP: `whole` bytes, of which some may be missing, and behind which
// the link may have put others.
static enum capture_frame_result read_behind(struct bytes rest, size_t whole,
                                             struct capture_segment *segment) {
    size_t size = rest.size < whole ? rest.size : whole;
    return read_tcp(bytes_make(rest.data, size), whole, segment);
}

// ---- IP ---------------------------------------------------------------------------------------

static enum capture_frame_result read_ipv4(struct bytes packet, struct capture_segment *segment) {
    size_t head = packet.size >= IPV4_BYTES ? (size_t)(packet.data[0] & 0x0f) * 4 : 0;
    if (head < IPV4_BYTES || head > packet.size) {
        return CAPTURE_FRAME_BROKEN;
    }
    if (packet.data[9] != IP_PROTOCOL_TCP) {
        return CAPTURE_FRAME_OTHER;
    }
    if ((read_short(packet.data + 6) & 0x3fff) != 0) {
        return CAPTURE_FRAME_FRAGMENT;
    }
    memcpy(segment->ends.addresses[0], packet.data + 12, 4);
    memcpy(segment->ends.addresses[1], packet.data + 16, 4);
    // 0: the device was to fill it in, as it sends larger packets than the network has.
    size_t length = read_short(packet.data + 2);
    length = length == 0 ? packet.size : length;
    return length < head ? CAPTURE_FRAME_BROKEN
                         : read_behind(bytes_make(packet.data + head, packet.size - head),
                                       length - head, segment);
}

static bool is_extension(uint8_t next) {
    return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_OPTIONS;
}

static enum capture_frame_result read_ipv6(struct bytes packet, struct capture_segment *segment) {
    struct bytes rest = packet;
    if (!skip(&rest, IPV6_BYTES)) {
        return CAPTURE_FRAME_BROKEN;
    }
    segment->ends.is_v6 = 1;
    memcpy(segment->ends.addresses, packet.data + 8, sizeof segment->ends.addresses);
    uint8_t next = packet.data[6];
    size_t length = read_short(packet.data + 4);
    length = length == 0 ? rest.size : length;
    for (int count = 0; is_extension(next) && count < EXTENSIONS_MAX; count++) {
        size_t bytes = rest.size >= 2 ? (size_t)(rest.data[1] + 1) * 8 : 0;
        uint8_t following = rest.size >= 2 ? rest.data[0] : next;
        if (bytes == 0 || bytes > length || !skip(&rest, bytes)) {
            return CAPTURE_FRAME_BROKEN;
        }
        length -= bytes;
        next = following;
    }
    return next == NEXT_FRAGMENT     ? CAPTURE_FRAME_FRAGMENT
           : next == IP_PROTOCOL_TCP ? read_behind(rest, length, segment)
                                     : CAPTURE_FRAME_OTHER;
}

// ---- links ------------------------------------------------------------------------------------

static bool is_vlan(uint16_t type) {
    return type == TYPE_VLAN || type == TYPE_VLAN_OUTER || type == TYPE_VLAN_OLD;
}

// The type behind tags of VLANs, which are taken off.
static bool pass_vlans(struct bytes *rest, uint16_t *type) {
    for (int count = 0; is_vlan(*type) && count < VLANS_MAX; count++) {
        if (rest->size < VLAN_BYTES) {
            return false;
        }
        *type = read_short(rest->data + 2);
        (void)skip(rest, VLAN_BYTES);
    }
    return true;
}

static uint16_t type_by_version(struct bytes packet) {
    unsigned version = packet.size > 0 ? packet.data[0] >> 4 : 0;
    return version == 4 ? TYPE_IPV4 : version == 6 ? TYPE_IPV6 : 0;
}

enum capture_frame_result capture_frame_read(uint32_t link, struct bytes frame,
                                             struct capture_segment *segment) {
    const struct link_row *row = find_link(link);
    struct bytes rest = frame;
    *segment = (struct capture_segment){.sequence = 0};
    if (row == NULL || !skip(&rest, row->bytes)) {
        return CAPTURE_FRAME_BROKEN;
    }
    uint16_t type = row->type < 0 ? type_by_version(rest) : read_short(frame.data + row->type);
    if (!pass_vlans(&rest, &type)) {
        return CAPTURE_FRAME_BROKEN;
    }
    return type == TYPE_IPV4   ? read_ipv4(rest, segment)
           : type == TYPE_IPV6 ? read_ipv6(rest, segment)
                               : CAPTURE_FRAME_OTHER;
}
