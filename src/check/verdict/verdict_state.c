#include "check/verdict/verdict_state.h"

void *verdict_places_grow(struct memory *memory, void *items, struct verdict_places *places,
                          size_t size) {
    if (places->free != VERDICT_NONE) {
        return items;
    }
    ASSERT(places->count < VERDICT_NONE - 1);
    return memory_grow_little(memory, items, &places->capacity, places->count + 1, size);
}

uint32_t verdict_places_take(struct verdict_places *places, const void *items, size_t size) {
    uint32_t place = places->free;
    if (place == VERDICT_NONE) {
        return places->count++;
    }
    memcpy(&places->free, (const uint8_t *)items + place * size, sizeof places->free);
    return place;
}

void verdict_places_give(struct verdict_places *places, void *items, uint32_t place, size_t size) {
    memcpy((uint8_t *)items + place * size, &places->free, sizeof places->free);
    places->free = place;
}

void verdict_note(struct verdict *verdict, const struct verdict_event *event) {
    ASSERT(event->at >= verdict->now);
    verdict->now = event->at;
    uint64_t sequence = verdict->counts.events++;
    struct verdict_event *noted = &verdict->ring[sequence & (verdict->options.ring - 1)];
    *noted = *event;
    noted->sequence = sequence;
}

// ---- what led to a finding --------------------------------------------------------------------

static bool is_about_session(const struct verdict_event *event) {
    return event->kind == VERDICT_EVENT_CONNECTED || event->kind == VERDICT_EVENT_ENDED ||
           event->kind == VERDICT_EVENT_SUBSCRIBED || event->kind == VERDICT_EVENT_UNSUBSCRIBED ||
           event->kind == VERDICT_EVENT_PACKET;
}

// Whether the event tells a reader something of the finding: what befell the message, what else of
// its stream the subscriber got, and what became of both sessions.
static bool is_of_finding(const struct verdict *verdict, const struct verdict_finding *finding,
                          const struct verdict_event *event) {
    if (event->kind == VERDICT_EVENT_CRASHED) {
        return true;
    }
    bool is_message = finding->stream != VERDICT_NONE && event->stream == finding->stream;
    if (is_message && event->number == finding->number) {
        return true;
    }
    if (is_message && event->kind == VERDICT_EVENT_DELIVERED) {
        return event->client == finding->client;
    }
    bool is_known = finding->stream < verdict->streams.places.count;
    uint32_t publisher = is_known ? verdict->streams.items[finding->stream].client : VERDICT_NONE;
    bool is_client = finding->client != VERDICT_NONE && event->client == finding->client;
    bool is_publisher = publisher != VERDICT_NONE && event->client == publisher;
    return is_about_session(event) && (is_client || is_publisher);
}

// Gathers them from the newest back, and turns them round.
static void gather_events(const struct verdict *verdict, struct verdict_finding *finding) {
    uint64_t events = verdict->counts.events;
    uint64_t kept = events < verdict->options.ring ? events : verdict->options.ring;
    uint32_t count = 0;
    uint32_t packets = 0;
    for (uint64_t back = 1; back <= kept && count < VERDICT_FINDING_EVENTS; back++) {
        const struct verdict_event *event =
            &verdict->ring[(events - back) & (verdict->options.ring - 1)];
        bool is_packet = event->kind == VERDICT_EVENT_PACKET;
        if (back == 1 || ((!is_packet || packets < VERDICT_FINDING_PACKETS) &&
                          is_of_finding(verdict, finding, event))) {
            finding->events[count++] = *event;
            packets += is_packet;
        }
    }
    finding->event_count = count;
    for (uint32_t i = 0; i < count / 2; i++) {
        struct verdict_event swapped = finding->events[i];
        finding->events[i] = finding->events[count - 1 - i];
        finding->events[count - 1 - i] = swapped;
    }
}

void verdict_broken(struct verdict *verdict, enum check_rule rule,
                    const struct verdict_about *about) {
    if (verdict->is_over) {
        return;
    }
    verdict->counts.broken[rule]++;
    if (verdict->finding_count == VERDICT_FINDINGS) {
        return;
    }
    if (verdict->findings == NULL) {
        verdict->findings =
            memory_allocate(verdict->memory, VERDICT_FINDINGS * sizeof *verdict->findings);
    }
    struct verdict_finding *finding = &verdict->findings[verdict->finding_count++];
    *finding = (struct verdict_finding){
        .rule = rule,
        .at = verdict->now,
        .sequence = verdict->counts.events == 0 ? 0 : verdict_sequence(verdict),
        .stream = about->mark.stream,
        .number = about->mark.number,
        .client = about->client,
        .topic = about->topic,
    };
    gather_events(verdict, finding);
}
