#include "sim/account/outcome.h"

#include "base/assert.h"

// ---- a finding ----------------------------------------------------------------------------------

static void note_name(struct sim_name *name, const struct sim_world *world, uint32_t island,
                      uint32_t client) {
    uint8_t room[PLAN_NAME_MAX];
    struct bytes text = sim_world_client_name(world, island, client, room);
    ASSERT(text.size <= sizeof name->text);
    if (text.size > 0) {
        memcpy(name->text, text.data, text.size);
    }
    name->size = (uint32_t)text.size;
}

bool sim_finding_first(const struct sim_world *world, struct sim_finding *finding) {
    uint32_t island;
    const struct verdict_finding *first = sim_world_first_finding(world, &island);
    if (first == NULL) {
        return false;
    }
    *finding = (struct sim_finding){
        .what = *first,
        .island = sim_world_island_number(world, island),
        .publisher = verdict_publisher(sim_world_verdict(world, island), first->stream),
        .topic = sim_world_stream_topic(world, island, first->stream)};
    note_name(&finding->client, world, island, first->client);
    note_name(&finding->published, world, island, finding->publisher);
    return true;
}

// ---- taken from a world -------------------------------------------------------------------------

static struct histogram *histogram_if(struct memory *memory, bool is_wanted) {
    return is_wanted ? memory_allocate(memory, sizeof(struct histogram)) : NULL;
}

static void keep_finding(struct sim_outcome *outcome, const struct sim_finding *finding) {
    outcome->has_finding = true;
    outcome->finding = *finding;
    outcome->topic.size = 0;
    buffer_append(&outcome->topic, finding->topic);
    outcome->finding.topic = buffer_bytes(&outcome->topic);
}

void sim_outcome_init(struct sim_outcome *outcome, struct memory *memory,
                      const struct sim_world *world) {
    const struct plan *plan = sim_world_plan(world);
    struct sim_finding finding;
    outcome->plan = plan;
    outcome->memory = memory;
    outcome->has_finding = false;
    outcome->tallies = memory_allocate(memory, plan->group_count * sizeof *outcome->tallies);
    buffer_init(&outcome->topic, memory);
    sim_world_sum_up(world, &outcome->summary);
    for (uint32_t i = 0; i < plan->group_count; i++) {
        struct sim_tally *tally = &outcome->tallies[i];
        tally->latency = histogram_if(memory, plan_wants_latency(plan, i, false));
        tally->arriving = histogram_if(memory, plan_wants_latency(plan, i, true));
        sim_world_tally(world, i, tally);
    }
    if (sim_finding_first(world, &finding)) {
        keep_finding(outcome, &finding);
    }
}

static void free_histogram(struct memory *memory, struct histogram *histogram) {
    memory_free(memory, histogram, histogram == NULL ? 0 : sizeof *histogram);
}

void sim_outcome_deinit(struct sim_outcome *outcome) {
    for (uint32_t i = 0; i < outcome->plan->group_count; i++) {
        free_histogram(outcome->memory, outcome->tallies[i].latency);
        free_histogram(outcome->memory, outcome->tallies[i].arriving);
    }
    memory_free(outcome->memory, outcome->tallies,
                outcome->plan->group_count * sizeof *outcome->tallies);
    buffer_deinit(&outcome->topic);
}

struct sim_tally sim_outcome_groups(const struct sim_outcome *outcome) {
    struct sim_tally sum = {0};
    for (uint32_t i = 0; i < outcome->plan->group_count; i++) {
        sim_tally_add(&sum, &outcome->tallies[i]);
    }
    return sum;
}

// ---- written down -------------------------------------------------------------------------------
//
// The summary; each tally, with the histograms that the plan wants of it behind it; the size of the
// finding's topic with one added, or 0 where there is no finding; the finding and its topic.

static void write_part(struct buffer *out, const void *part, size_t size) {
    buffer_append(out, bytes_make(part, size));
}

void sim_outcome_write(const struct sim_outcome *outcome, struct buffer *out) {
    uint64_t finding = outcome->has_finding ? outcome->finding.topic.size + 1 : 0;
    write_part(out, &outcome->summary, sizeof outcome->summary);
    for (uint32_t i = 0; i < outcome->plan->group_count; i++) {
        struct sim_tally tally = outcome->tallies[i];
        const struct histogram *histograms[] = {tally.latency, tally.arriving};
        tally.latency = tally.arriving = NULL;
        write_part(out, &tally, sizeof tally);
        for (unsigned k = 0; k < sizeof histograms / sizeof *histograms; k++) {
            if (histograms[k] != NULL) {
                write_part(out, histograms[k], sizeof *histograms[k]);
            }
        }
    }
    write_part(out, &finding, sizeof finding);
    if (outcome->has_finding) {
        struct sim_finding plain = outcome->finding;
        plain.topic = (struct bytes){0};
        write_part(out, &plain, sizeof plain);
        buffer_append(out, outcome->finding.topic);
    }
}

// Where the reader stands; `is_short`: something was missing, and all that follows is zero.
struct reader {
    struct bytes rest;
    bool is_short;
};

static struct bytes take(struct reader *reader, uint64_t size) {
    struct bytes part = reader->rest;
    if (reader->is_short || part.size < size) {
        reader->is_short = true;
        return (struct bytes){0};
    }
    part.size = (size_t)size;
    reader->rest = bytes_make(reader->rest.data + size, reader->rest.size - (size_t)size);
    return part;
}

static void read_part(struct reader *reader, void *part, size_t size) {
    struct bytes bytes = take(reader, size);
    if (bytes.data == NULL) {
        memset(part, 0, size);
    } else {
        memcpy(part, bytes.data, size);
    }
}

static size_t tallies_bytes(const struct sim_outcome *outcome) {
    size_t size = outcome->plan->group_count * sizeof *outcome->tallies;
    for (uint32_t i = 0; i < outcome->plan->group_count; i++) {
        size += outcome->tallies[i].latency == NULL ? 0 : sizeof(struct histogram);
        size += outcome->tallies[i].arriving == NULL ? 0 : sizeof(struct histogram);
    }
    return size;
}

static void add_summary(struct sim_summary *sum, const struct sim_summary *other) {
    sim_counts_add(&sum->counts, &other->counts);
    for (unsigned i = 0; i < SIM_QOS; i++) {
        histogram_merge(&sum->latencies.of_qos[i], &other->latencies.of_qos[i]);
    }
    histogram_merge(&sum->latencies.answering, &other->latencies.answering);
    verdict_counts_add(&sum->verdicts, &other->verdicts);
    sum->events += other->events;
    sum->fingerprint += other->fingerprint;
    sum->open += other->open;
    sum->connected += other->connected;
    sum->findings += other->findings;
    sum->visits += other->visits;
    sum->unjudged += other->unjudged;
    sum->rest_ns = other->rest_ns > sum->rest_ns ? other->rest_ns : sum->rest_ns;
    sum->bytes += other->bytes;
}

// A histogram of the heap, for it is large.
static struct histogram *read_histogram(struct reader *reader, struct memory *memory,
                                        bool is_there) {
    struct histogram *histogram = histogram_if(memory, is_there);
    if (is_there) {
        read_part(reader, histogram, sizeof *histogram);
    }
    return histogram;
}

static void add_tally(struct sim_outcome *sum, struct sim_tally *own, struct reader *reader) {
    struct sim_tally tally;
    read_part(reader, &tally, sizeof tally);
    tally.latency = read_histogram(reader, sum->memory, own->latency != NULL);
    tally.arriving = read_histogram(reader, sum->memory, own->arriving != NULL);
    sim_tally_add(own, &tally);
    free_histogram(sum->memory, tally.latency);
    free_histogram(sum->memory, tally.arriving);
}

static bool is_earlier(const struct sim_finding *one, const struct sim_finding *other) {
    return one->what.at != other->what.at ? one->what.at < other->what.at
                                          : one->island < other->island;
}

static bool is_sound(const struct sim_finding *finding) {
    return finding->what.rule < CHECK_RULES &&
           finding->what.event_count <= VERDICT_FINDING_EVENTS &&
           finding->client.size <= PLAN_NAME_MAX && finding->published.size <= PLAN_NAME_MAX;
}

bool sim_outcome_add(struct sim_outcome *sum, struct bytes written) {
    struct reader reader = {.rest = written};
    struct sim_finding finding = {0};
    uint64_t has_finding;
    struct bytes summary = take(&reader, sizeof sum->summary);
    struct reader tallies = {.rest = take(&reader, tallies_bytes(sum))};
    read_part(&reader, &has_finding, sizeof has_finding);
    if (has_finding > 0) {
        read_part(&reader, &finding, sizeof finding);
        finding.topic = take(&reader, has_finding - 1);
    }
    if (reader.is_short || reader.rest.size > 0 || (has_finding > 0 && !is_sound(&finding))) {
        return false;
    }
    struct sim_summary *other = memory_allocate(sum->memory, sizeof *other);
    memcpy(other, summary.data, sizeof *other);
    add_summary(&sum->summary, other);
    memory_free(sum->memory, other, sizeof *other);
    for (uint32_t i = 0; i < sum->plan->group_count; i++) {
        add_tally(sum, &sum->tallies[i], &tallies);
    }
    ASSERT(!tallies.is_short && tallies.rest.size == 0);
    if (has_finding > 0 && (!sum->has_finding || is_earlier(&finding, &sum->finding))) {
        keep_finding(sum, &finding);
    }
    return true;
}
