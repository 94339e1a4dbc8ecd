#include "session/simulate/search/simulate_ladder.h"

#include "mqtt/packet.h"

#define WIDTH 80
#define HEAD 13
#define LEFT 15   // columns of the three lanes
#define MIDDLE 46 //
#define RIGHT 77
#define TEXT 96
#define SECOND 1e9

struct ladder {
    const struct sim_finding *finding;
    uint32_t publisher; // or who the finding is about; VERDICT_NONE: nobody
    uint32_t subscriber;
    FILE *out;
};

// One line: lanes, and what happens between or on them.
struct rung {
    char line[WIDTH + 1];
};

// Of one of the two.
static void name_of(const struct ladder *ladder, uint32_t client, char text[static TEXT]) {
    const struct sim_finding *finding = ladder->finding;
    const struct sim_name *name =
        client == finding->what.client ? &finding->client : &finding->published;
    (void)snprintf(text, TEXT, "%.*s", (int)name->size, (const char *)name->text);
}

static void put(struct rung *rung, int column, const char *text) {
    for (; *text != '\0' && column < WIDTH; text++, column++) {
        if (column >= 0) {
            rung->line[column] = *text;
        }
    }
}

static struct rung begin(const struct ladder *ladder, uint64_t at) {
    struct rung rung;
    char time[TEXT];
    memset(rung.line, ' ', WIDTH);
    rung.line[WIDTH] = '\0';
    (void)snprintf(time, sizeof time, "%12.6f s", (double)at / SECOND);
    put(&rung, 0, time);
    put(&rung, LEFT, "|");
    put(&rung, MIDDLE, "|");
    if (ladder->subscriber != VERDICT_NONE) {
        put(&rung, RIGHT, "|");
    }
    return rung;
}

static void finish(const struct ladder *ladder, struct rung *rung) {
    int end = WIDTH;
    while (end > 0 && rung->line[end - 1] == ' ') {
        end--;
    }
    (void)fprintf(ladder->out, "%.*s\n", end, rung->line);
}

// ---- what happens between two lanes -------------------------------------------------------------

static void arrow(struct rung *rung, int from, int to, const char *text) {
    int left = from < to ? from : to;
    int right = from < to ? to : from;
    for (int column = left + 1; column < right; column++) {
        rung->line[column] = '-';
    }
    rung->line[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
    int size = (int)strlen(text);
    int room = right - left - 7;
    int start = left + 4 + (size < room ? (room - size) / 2 : 0);
    char part[TEXT];
    (void)snprintf(part, sizeof part, " %.*s ", size < room ? size : room, text);
    put(rung, start - 1, part);
}

// On a lane, with the text beside it.
static void mark(struct rung *rung, int lane, const char *text) {
    int size = (int)strlen(text);
    int room = lane == RIGHT ? RIGHT - MIDDLE - 3 : MIDDLE - LEFT - 3;
    char part[TEXT];
    (void)snprintf(part, sizeof part, "%.*s", size < room ? size : room, text);
    rung->line[lane] = '*';
    put(rung, lane == RIGHT ? lane - 1 - (size < room ? size : room) : lane + 2, part);
}

static const char *flags_text(const struct verdict_event *event) {
    static const char *const texts[] = {"", " dup", " retain", " dup retain"};
    return texts[event->flags & 3];
}

static int lane_of(const struct ladder *ladder, uint32_t client) {
    return client == ladder->publisher ? LEFT : client == ladder->subscriber ? RIGHT : -1;
}

static void print_packet(const struct ladder *ladder, const struct verdict_event *event,
                         struct rung *rung) {
    char text[TEXT];
    char id[TEXT] = "";
    char qos[TEXT] = "";
    int lane = lane_of(ladder, event->client);
    if (event->number > 0) {
        (void)snprintf(id, sizeof id, " %u", event->number);
    }
    if (event->topic == MQTT_PUBLISH) {
        (void)snprintf(qos, sizeof qos, " qos %u%s", event->qos, flags_text(event));
    }
    (void)snprintf(text, sizeof text, "%s%.8s%.32s", mqtt_type_name(event->topic), id, qos);
    if (lane > 0) {
        bool is_up = (event->flags & 4) != 0;
        arrow(rung, is_up ? lane : MIDDLE, is_up ? MIDDLE : lane, text);
    }
}

static void print_event(const struct ladder *ladder, const struct verdict_event *event) {
    struct rung rung = begin(ladder, event->at);
    const char *name = verdict_event_text((enum verdict_event_kind)event->kind);
    char text[TEXT];
    int lane = lane_of(ladder, event->client);
    switch ((enum verdict_event_kind)event->kind) {
    case VERDICT_EVENT_PUBLISH:
        (void)snprintf(text, sizeof text, "%s no. %u qos %u", name, event->number, event->qos);
        mark(&rung, LEFT, text);
        break;
    case VERDICT_EVENT_TAKEN:
        (void)snprintf(text, sizeof text, "%s no. %u qos %u", name, event->number, event->qos);
        arrow(&rung, LEFT, MIDDLE, text);
        break;
    case VERDICT_EVENT_ACKNOWLEDGED:
        (void)snprintf(text, sizeof text, "%s no. %u", name, event->number);
        arrow(&rung, MIDDLE, LEFT, text);
        break;
    case VERDICT_EVENT_DELIVERED:
        (void)snprintf(text, sizeof text, "%s no. %u qos %u%s", name, event->number, event->qos,
                       flags_text(event));
        if (lane > 0) {
            arrow(&rung, MIDDLE, lane, text);
        } else {
            mark(&rung, MIDDLE, text);
        }
        break;
    case VERDICT_EVENT_LOST:
        (void)snprintf(text, sizeof text, "%s no. %u: %s", name, event->number,
                       verdict_loss_text((enum verdict_loss)event->qos));
        mark(&rung, MIDDLE, text);
        break;
    case VERDICT_EVENT_CONNECTED:
    case VERDICT_EVENT_ENDED:
    case VERDICT_EVENT_SUBSCRIBED:
    case VERDICT_EVENT_UNSUBSCRIBED:
        mark(&rung, lane > 0 ? lane : MIDDLE, name);
        break;
    case VERDICT_EVENT_PACKET:
        print_packet(ladder, event, &rung);
        break;
    case VERDICT_EVENT_CRASHED:
        mark(&rung, MIDDLE, name);
        break;
    }
    finish(ladder, &rung);
}

// ---- its head -----------------------------------------------------------------------------------

static void print_lanes(const struct ladder *ladder) {
    struct rung rung;
    char name[TEXT];
    memset(rung.line, ' ', WIDTH);
    rung.line[WIDTH] = '\0';
    if (ladder->publisher != VERDICT_NONE) {
        name_of(ladder, ladder->publisher, name);
        name[MIDDLE - LEFT - 8] = '\0';
        put(&rung, LEFT, name);
    }
    put(&rung, MIDDLE - 3, "broker");
    if (ladder->subscriber != VERDICT_NONE) {
        name_of(ladder, ladder->subscriber, name);
        name[RIGHT - MIDDLE - 8] = '\0';
        put(&rung, RIGHT + 1 - (int)strlen(name), name);
    }
    finish(ladder, &rung);
}

// Words in lines behind the head, of at most 80 columns.
static void print_wrapped(FILE *out, const char *text) {
    int column = HEAD;
    (void)fprintf(out, "%*s", HEAD, "");
    while (*text != '\0') {
        int size = (int)strcspn(text, " ");
        if (column > HEAD && column + 1 + size >= WIDTH) {
            (void)fprintf(out, "\n%*s", HEAD, "");
            column = HEAD;
        }
        column += fprintf(out, "%s%.*s", column > HEAD ? " " : "", size, text);
        text += size;
        text += *text == ' ';
    }
    (void)fprintf(out, "\n");
}

static void print_head(const struct sim_finding *finding, FILE *out) {
    const struct check_rule_text *rule = check_rule_text(finding->what.rule);
    char text[3 * TEXT];
    (void)fprintf(out, "%-*s%s at %.6f s\n", HEAD, "broken", rule->name,
                  (double)finding->what.at / SECOND);
    (void)snprintf(text, sizeof text, "%s%s%s%s", rule->demand, rule->statement[0] ? " [" : "",
                   rule->statement, rule->statement[0] ? "]" : "");
    print_wrapped(out, text);
    if (finding->topic.size > 0) {
        (void)snprintf(text, sizeof text, "message no. %u of topic %.*s", finding->what.number,
                       (int)finding->topic.size, (const char *)finding->topic.data);
        print_wrapped(out, text);
    }
}

void simulate_ladder_print(const struct sim_finding *finding, FILE *out) {
    const struct verdict_finding *what = &finding->what;
    struct ladder ladder = {.finding = finding, .publisher = finding->publisher, .out = out};
    ladder.subscriber = what->client == ladder.publisher ? VERDICT_NONE : what->client;
    if (ladder.publisher == VERDICT_NONE) {
        ladder.publisher = what->client;
        ladder.subscriber = VERDICT_NONE;
    }
    print_head(finding, out);
    (void)fprintf(out, "\n");
    print_lanes(&ladder);
    for (uint32_t i = 0; i < what->event_count; i++) {
        print_event(&ladder, &what->events[i]);
    }
}
