#include "medium/stream/wrap/stream_proxy.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/assert.h"
#include "base/decimal.h"

// ---- who may say it -----------------------------------------------------------------------------

static struct in6_addr mapped(const void *four) {
    struct in6_addr six = {.s6_addr = {[10] = 0xff, [11] = 0xff}};
    memcpy(six.s6_addr + 12, four, 4);
    return six;
}

// "10.0.0.0/8"
static bool read_network(const char *text, struct stream_proxy_network *network) {
    char host[INET6_ADDRSTRLEN];
    struct in_addr four;
    uint64_t bits = 0;
    size_t size = strcspn(text, "/");
    if (size >= sizeof host) {
        return false;
    }
    memcpy(host, text, size);
    host[size] = '\0';
    bool is_four = inet_pton(AF_INET, host, &four) == 1;
    if (is_four) {
        network->address = mapped(&four);
    } else if (inet_pton(AF_INET6, host, &network->address) != 1) {
        return false;
    }
    bool has_bits = text[size] == '/';
    if (has_bits && !decimal_read(bytes_of_text(text + size + 1), is_four ? 32 : 128, &bits)) {
        return false;
    }
    network->bits = (uint8_t)(!has_bits ? 128 : is_four ? 96 + bits : bits);
    return true;
}

bool stream_proxy_sources_read(const char *text, struct stream_proxy_sources *sources) {
    char item[INET6_ADDRSTRLEN + 8];
    *sources = (struct stream_proxy_sources){0};
    for (;; text++) {
        size_t size = strcspn(text, "+");
        if (size >= sizeof item || sources->count == STREAM_PROXY_SOURCES_MAX) {
            return false;
        }
        memcpy(item, text, size);
        item[size] = '\0';
        if (strcmp(item, "unix") == 0) {
            sources->has_unix = true;
        } else if (read_network(item, &sources->networks[sources->count])) {
            sources->count++;
        } else {
            return false;
        }
        text += size;
        if (*text == '\0') {
            return true;
        }
    }
}

static bool has(const struct stream_proxy_network *network, const struct in6_addr *address) {
    unsigned bytes = network->bits / 8u;
    unsigned rest = network->bits % 8u;
    uint8_t mask = (uint8_t)(0xff00u >> rest);
    return memcmp(network->address.s6_addr, address->s6_addr, bytes) == 0 &&
           (rest == 0 || ((network->address.s6_addr[bytes] ^ address->s6_addr[bytes]) & mask) == 0);
}

bool stream_proxy_sources_have(const struct stream_proxy_sources *sources,
                               const struct sockaddr_storage *address) {
    struct in6_addr six;
    if (address->ss_family == AF_INET) {
        six = mapped(&((const struct sockaddr_in *)address)->sin_addr);
    } else if (address->ss_family == AF_INET6) {
        six = ((const struct sockaddr_in6 *)address)->sin6_addr;
    } else {
        return sources->has_unix;
    }
    for (unsigned i = 0; i < sources->count; i++) {
        if (has(&sources->networks[i], &six)) {
            return true;
        }
    }
    return false;
}

// ---- what it says -------------------------------------------------------------------------------

#define SIGNATURE_SIZE 12u
#define FRONT_SIZE 16u // of version 2, up to the addresses

static const uint8_t signature[SIGNATURE_SIZE] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                  0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
static const uint8_t word[] = {'P', 'R', 'O', 'X', 'Y', ' '};

static enum stream_proxy_state fail(struct stream_proxy *proxy, const char *why) {
    proxy->fault = why;
    proxy->state = STREAM_PROXY_FAILED;
    return STREAM_PROXY_FAILED;
}

static void name_four(struct stream_proxy *proxy, const void *address, uint16_t port) {
    struct sockaddr_in *four = (struct sockaddr_in *)&proxy->address;
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    memcpy(&four->sin_addr, address, sizeof four->sin_addr);
    proxy->names_address = true;
}

static void name_six(struct stream_proxy *proxy, const void *address, uint16_t port) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&proxy->address;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    memcpy(&six->sin6_addr, address, sizeof six->sin6_addr);
    proxy->names_address = true;
}

// ---- version 1 ----------------------------------------------------------------------------------

// Cuts the next word off the front; it ends with a space or the text.
static struct bytes next_word(struct bytes *text) {
    const uint8_t *space = text->size == 0 ? NULL : memchr(text->data, ' ', text->size);
    size_t size = space == NULL ? text->size : (size_t)(space - text->data);
    struct bytes found = bytes_make(text->data, size);
    size_t taken = space == NULL ? size : size + 1;
    *text = bytes_make(text->data + taken, text->size - taken);
    return found;
}

static bool read_address(struct bytes text, int family, void *address) {
    char copy[INET6_ADDRSTRLEN];
    if (text.size >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return strlen(copy) == text.size && inet_pton(family, copy, address) == 1;
}

// "192.0.2.1 192.0.2.2 53211 1883"
static bool read_addresses(struct stream_proxy *proxy, struct bytes text, int family) {
    struct in6_addr from; // or an IPv4 one, which is smaller
    struct in6_addr to;
    uint64_t port;
    uint64_t own_port;
    bool is_right = read_address(next_word(&text), family, &from) &&
                    read_address(next_word(&text), family, &to) &&
                    decimal_read(next_word(&text), UINT16_MAX, &port) &&
                    decimal_read(text, UINT16_MAX, &own_port);
    if (is_right && family == AF_INET) {
        name_four(proxy, &from, (uint16_t)port);
    } else if (is_right) {
        name_six(proxy, &from, (uint16_t)port);
    }
    return is_right;
}

static enum stream_proxy_state end_line(struct stream_proxy *proxy) {
    struct bytes text = bytes_make(proxy->bytes + sizeof word, proxy->count - sizeof word - 2);
    struct bytes family = next_word(&text);
    bool is_right =
        bytes_equal(family, BYTES_LITERAL("UNKNOWN")) ||
        (bytes_equal(family, BYTES_LITERAL("TCP4")) && read_addresses(proxy, text, AF_INET)) ||
        (bytes_equal(family, BYTES_LITERAL("TCP6")) && read_addresses(proxy, text, AF_INET6));
    if (!is_right) {
        return fail(proxy, "its PROXY header of version 1 is malformed");
    }
    proxy->state = STREAM_PROXY_DONE;
    return STREAM_PROXY_DONE;
}

static enum stream_proxy_state take_line_byte(struct stream_proxy *proxy) {
    unsigned last = proxy->count - 1u;
    if (last < sizeof word) {
        return proxy->bytes[last] == word[last] ? STREAM_PROXY_HEADER
                                                : fail(proxy, "it begins with no PROXY header");
    }
    if (proxy->bytes[last] == '\n') {
        return proxy->bytes[last - 1] == '\r'
                   ? end_line(proxy)
                   : fail(proxy, "its PROXY header of version 1 is malformed");
    }
    return proxy->count < STREAM_PROXY_LINE_MAX
               ? STREAM_PROXY_HEADER
               : fail(proxy, "its PROXY header of version 1 is longer than 107 bytes");
}

// ---- version 2 ----------------------------------------------------------------------------------

enum command { COMMAND_LOCAL, COMMAND_PROXY };

#define TYPE_CRC32C 0x03
#define CRC32C_REVERSED 0x82f63b78u

static void add_to_sum(struct stream_proxy_sum *sum, uint8_t byte) {
    uint32_t value = ~sum->sum ^ byte;
    for (unsigned bit = 0; bit < 8; bit++) {
        value = value >> 1 ^ (CRC32C_REVERSED & (0u - (value & 1u)));
    }
    sum->sum = ~value;
}

static void take_head(struct stream_proxy_sum *sum, uint8_t byte) {
    sum->head[sum->head_count++] = byte;
    if (sum->head_count < sizeof sum->head) {
        return;
    }
    sum->head_count = 0;
    sum->value_left = (uint16_t)(sum->head[1] << 8 | sum->head[2]);
    if (sum->head[0] == TYPE_CRC32C) {
        sum->is_malformed =
            sum->is_malformed || sum->is_named || sum->value_left != sizeof sum->named;
        sum->is_named = true;
    }
}

// A byte behind the front. The checksum itself counts as zero.
static void take_summed(struct stream_proxy_sum *sum, uint8_t byte) {
    uint8_t counted = byte;
    if (sum->addresses_left > 0) {
        sum->addresses_left--;
    } else if (sum->value_left > 0) {
        sum->value_left--;
        if (sum->head[0] == TYPE_CRC32C) {
            sum->named = sum->named << 8 | byte;
            counted = 0;
        }
    } else {
        take_head(sum, byte);
    }
    add_to_sum(sum, counted);
}

static bool is_summed_right(const struct stream_proxy_sum *sum) {
    bool is_whole = !sum->is_malformed && sum->value_left == 0 && sum->head_count == 0;
    return !sum->is_named || (is_whole && sum->named == sum->sum);
}

// By family and kind; 0: the protocol does not know it.
static unsigned addresses_size(uint8_t family) {
    switch (family) {
    case 0x11: // TCP and UDP over IPv4
    case 0x12:
        return 12;
    case 0x21: // over IPv6
    case 0x22:
        return 36;
    case 0x31: // Unix sockets
    case 0x32:
        return 216;
    default:
        return 0;
    }
}

static unsigned rest_size(const struct stream_proxy *proxy) {
    return proxy->bytes[14] * 256u + proxy->bytes[15];
}

// The first 16 bytes are there.
static enum stream_proxy_state check_front(struct stream_proxy *proxy) {
    uint8_t command = proxy->bytes[12] & 0x0f;
    uint8_t family = proxy->bytes[13];
    if (proxy->bytes[12] >> 4 != 2 || command > COMMAND_PROXY) {
        return fail(proxy, "its PROXY header is of an unknown version or command");
    }
    if (command == COMMAND_PROXY && family != 0 && addresses_size(family) == 0) {
        return fail(proxy, "its PROXY header names an unknown family of addresses");
    }
    if (command == COMMAND_PROXY && rest_size(proxy) < addresses_size(family)) {
        return fail(proxy, "its PROXY header is too short for its addresses");
    }
    if (FRONT_SIZE + rest_size(proxy) > STREAM_PROXY_BYTES_MAX) {
        return fail(proxy, "its PROXY header is longer than 4096 bytes");
    }
    proxy->left = (uint16_t)rest_size(proxy);
    proxy->sum.addresses_left = (uint16_t)addresses_size(family);
    for (unsigned i = 0; i < FRONT_SIZE; i++) {
        add_to_sum(&proxy->sum, proxy->bytes[i]);
    }
    return STREAM_PROXY_HEADER;
}

static uint16_t port_at(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

// All of it was there.
static enum stream_proxy_state end_block(struct stream_proxy *proxy) {
    const uint8_t *from = proxy->bytes + FRONT_SIZE;
    bool is_local = (proxy->bytes[12] & 0x0f) == COMMAND_LOCAL;
    if (!is_summed_right(&proxy->sum)) {
        return fail(proxy, "the checksum of its PROXY header is wrong");
    }
    if (!is_local && proxy->bytes[13] == 0x11) {
        name_four(proxy, from, port_at(from + 8));
    } else if (!is_local && proxy->bytes[13] == 0x21) {
        name_six(proxy, from, port_at(from + 32));
    }
    proxy->state = STREAM_PROXY_DONE;
    return STREAM_PROXY_DONE;
}

static enum stream_proxy_state take_block_byte(struct stream_proxy *proxy) {
    unsigned last = proxy->count - 1u;
    if (last < SIGNATURE_SIZE) {
        return proxy->bytes[last] == signature[last]
                   ? STREAM_PROXY_HEADER
                   : fail(proxy, "it begins with no PROXY header");
    }
    if (proxy->count < FRONT_SIZE) {
        return STREAM_PROXY_HEADER;
    }
    if (proxy->count == FRONT_SIZE && check_front(proxy) == STREAM_PROXY_FAILED) {
        return STREAM_PROXY_FAILED;
    }
    return proxy->left == 0 ? end_block(proxy) : STREAM_PROXY_HEADER;
}

// ---- the whole ----------------------------------------------------------------------------------

static enum stream_proxy_state take_byte(struct stream_proxy *proxy, uint8_t byte) {
    bool is_skipped = proxy->count >= FRONT_SIZE && proxy->bytes[0] == signature[0];
    if (is_skipped) {
        proxy->left--;
        take_summed(&proxy->sum, byte);
    }
    if (proxy->count < sizeof proxy->bytes) {
        proxy->bytes[proxy->count++] = byte;
    }
    if (is_skipped) {
        return proxy->left == 0 ? end_block(proxy) : STREAM_PROXY_HEADER;
    }
    return proxy->bytes[0] == signature[0] ? take_block_byte(proxy) : take_line_byte(proxy);
}

enum stream_proxy_state stream_proxy_take(struct stream_proxy *proxy, struct bytes *bytes) {
    while (proxy->state == STREAM_PROXY_HEADER && bytes->size > 0) {
        uint8_t byte = bytes->data[0];
        *bytes = bytes_make(bytes->data + 1, bytes->size - 1);
        (void)take_byte(proxy, byte);
    }
    ASSERT(proxy->count <= sizeof proxy->bytes);
    return (enum stream_proxy_state)proxy->state;
}
