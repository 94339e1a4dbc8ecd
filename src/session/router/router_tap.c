#include "session/router/router_tap.h"

#include <stdlib.h>

#include "packet/packet.h"
#include "shell/clock.h"
#include "shell/printable.h"
#include "shell/tap_report.h"

// Of the first URL, if there are several.
static uint16_t port_of(const char *url) {
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    const char *end = host + strcspn(host, ",/");
    const char *colon = end;
    while (colon > host && *colon != ':' && *colon != ']') {
        colon--;
    }
    unsigned long port = *colon == ':' ? strtoul(colon + 1, NULL, 10) : 0;
    bool is_right = port > 0 && port <= UINT16_MAX;
    return is_right ? (uint16_t)port : strncmp(url, "https", 5) == 0 ? 443 : 80;
}

static struct tap_owner owner_of(const struct router_tap *tap, uint32_t address) {
    return (struct tap_owner){.kind = TAP_GATE_ROUTER, .address = address, .network = tap->network};
}

bool router_tap_open(struct router_tap *tap, const struct router_tap_options *options) {
    struct tap_error error;
    *tap = (struct router_tap){.tap = NULL};
    if (options->path == NULL) {
        return true;
    }
    tap->network = realpath(options->network, NULL);
    tap->tap = tap_gate_open(&(struct tap_gate_options){.path = options->path,
                                                        .bytes_max = options->bytes_max,
                                                        .owner = owner_of(tap, 0),
                                                        .port = port_of(options->master)},
                             clock_unix_nanoseconds(), &error);
    if (tap->tap == NULL) {
        printable_complain("router: --tap: %s\n", error.text);
    }
    return tap->tap != NULL;
}

void router_tap_close(struct router_tap *tap) {
    tap_close(tap->tap);
    free(tap->network);
}

void router_tap_began(struct router_tap *tap, uint32_t gate) {
    if (tap->tap != NULL) {
        struct tap_owner owner = owner_of(tap, packet_address_global(gate, 0));
        tap_set_owner(tap->tap, &owner);
    }
}

void router_tap_asks(struct router_tap *tap, const struct gate_request *request) {
    if (tap->tap != NULL) {
        char room[TAP_GATE_TEXT_SIZE];
        struct tap_gate gate = tap_gate_of_request(request, room);
        tap_gate_note(tap->tap, &gate, clock_unix_nanoseconds());
    }
}

void router_tap_answered(struct router_tap *tap, const struct gate_request *request,
                         const struct gate_answer *answer) {
    if (tap->tap != NULL) {
        char room[TAP_GATE_TEXT_SIZE];
        struct tap_gate gate = tap_gate_of_answer(request, answer, room);
        tap_gate_note(tap->tap, &gate, clock_unix_nanoseconds());
    }
}

void router_tap_flush(struct router_tap *tap, struct report *report) {
    tap_report_flush(tap->tap, report);
}

bool router_tap_follow(struct router_tap *tap, struct report *report) {
    tap_report_follow(tap->tap, report);
    return tap->tap != NULL;
}
