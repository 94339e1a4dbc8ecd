// Networks of lines in the simulated world: what a device says reaches the others of its network
// after the latency of its link, as long as it is as a line of text.
//
// Lines to one device arrive in the order in which they were said, as those of a file do. A line is
// handed only to those whom it concerns: the device that it is addressed to, the router for what
// leads elsewhere, brokers and the router for the join and left of a client; all for those of a
// broker. Others would read it and do nothing.
//
// A lossy link loses lines, each receiver's by itself; nobody repeats them.
#ifndef SIM_LINK_LINES_H
#define SIM_LINK_LINES_H

#include "packet/packet.h"
#include "sim/island.h"

enum sim_line_kind { SIM_LINE_CLIENT, SIM_LINE_BROKER, SIM_LINE_ROUTER };

struct sim_line_end;
struct sim_network;

// Told of each line with a message that does not arrive: lost for that reason, or perhaps. `island`
// is where it is lost, `network` one in which its receiver's address is known.
struct sim_lines_loss {
    const struct packet *packet;
    struct mark mark;
    enum verdict_loss loss;
    bool is_perhaps;
};
struct sim_lines_watch {
    void (*lost)(struct sim_island *island, const struct sim_network *network,
                 const struct sim_lines_loss *loss);
};

// The networks with routers, found by their gates. Of a whole world.
struct sim_gates {
    struct map places;
    struct sim_network **networks;
    uint32_t count;
    uint32_t capacity;
};
void sim_gates_init(struct sim_gates *gates, struct memory *memory, uint64_t seed);
void sim_gates_deinit(struct sim_gates *gates);
// The network has that gate from now on.
void sim_gates_add(struct sim_gates *gates, struct sim_network *network, uint32_t gate);

// `members` by local address; that of the router is 0. The roles of all its clients have one port:
// what one sends or tells of names its address.
struct sim_network {
    struct sim_island *island;
    struct sim_lines_watch watch;
    struct role_port port;         // of clients; made with the first one (sim/device/life.c)
    struct sim_line_end **members; // `capacity` of them
    const struct sim_gates *gates; // of all networks with routers; NULL: it has none
    uint32_t index;                // in the plan
    uint32_t last;                 // the highest address in use
    uint32_t capacity;
    uint32_t gate; // of its router; 0: it has none
};

struct sim_line_end {
    struct sim_network *network;
    struct sim_node *node;
    uint64_t last_due;
    uint64_t busy_until; // its link
    uint32_t address;
    uint32_t drawn; // random numbers so far
    uint8_t kind;   // enum sim_line_kind
    bool is_bad;    // its link loses packets
};

void sim_network_init(struct sim_network *network, struct sim_island *island, uint32_t index);
void sim_network_deinit(struct sim_network *network);
// Who has the local address; NULL: nobody.
static inline struct sim_line_end *sim_network_member(const struct sim_network *network,
                                                      uint32_t address) {
    return address < network->capacity ? network->members[address] : NULL;
}

// The address is 1 more than the last one; of a router it is that of its gate. False: all are in
// use.
bool sim_lines_join(struct sim_network *network, struct sim_line_end *end, struct sim_node *node,
                    enum sim_line_kind kind);

// What clocks of the simulated world say, in UnixTime.
uint64_t sim_lines_clock(uint64_t now);

// Not before `leaves`. False: it is too long for a line.
bool sim_lines_send(struct sim_line_end *end, const struct packet *packet, uint64_t leaves);

// A line goes where nobody sees its mark: by its bytes it can be told what it bears.
void sim_lines_note_freight(struct sim_island *island, const struct packet *packet,
                            struct mark mark);

// A line on its way; the argument of its event. It is kept as the packet that it says, with the
// elements as they were sealed: packet_parse(packet_format(p)) is p again. Their bytes follow
// behind `element_bytes`, which has as many items as there are elements.
struct sim_line {
    uint32_t references;
    uint32_t size; // as text, without its LF
    uint32_t block_bytes;
    uint16_t signature;
    uint8_t type;
    uint8_t element_count;
    uint64_t time_stamp;
    struct mark mark; // of the message that it bears; stream VERDICT_NONE: none
    uint32_t sender;
    uint32_t receiver;
    uint32_t element_bytes[];
};

static inline struct sim_line *sim_line_of(const struct sim_event *event) {
    return (struct sim_line *)(uintptr_t)event->argument;
}
// The packet that it says, valid until the line is let go.
void sim_lines_read(const struct sim_line *line, struct packet *packet);
void sim_lines_let_go(struct sim_island *island, struct sim_line *line);

// The end of an address, as it is known in that network; NULL: nobody has it.
const struct sim_line_end *sim_lines_find(const struct sim_network *network, uint32_t address);
// What a line bears is lost.
void sim_lines_lose(const struct sim_network *network, const struct sim_line *line,
                    enum verdict_loss loss);
// Likewise, of lines as text that are lost on an island, at a router or the master.
void sim_lines_lose_text(struct sim_island *island, const struct sim_network *network,
                         struct bytes lines, enum verdict_loss loss, bool is_perhaps);

#endif
