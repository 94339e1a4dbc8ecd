#include "scenario/reduce/reduce.h"

#include "base/assert.h"
#include "scenario/reduce/simpler.h"
#include "scenario/units.h"

#define SIMPLER_MAX 64u // of one text, one after the other

struct reduction {
    struct outline *outline;
    const struct reduce_port *port;
    const struct reduce_options *options;
    struct buffer text;
    uint32_t *chosen; // parts that are taken away at a level
    uint32_t tries;
    bool has_changed;
    bool has_stopped; // early
};

static bool is_over(const struct reduction *reduction) {
    return reduction->tries >= reduction->options->tries_max;
}

// Whether it goes wrong as it is now.
static bool fails(struct reduction *reduction) {
    if (is_over(reduction)) {
        return false;
    }
    reduction->tries++;
    reduction->text.size = 0;
    outline_write(reduction->outline, &reduction->text);
    bool is_wrong =
        reduction->port->fails(reduction->port->context, buffer_bytes(&reduction->text));
    reduction->has_changed = reduction->has_changed || is_wrong;
    return is_wrong;
}

// ---- taking away --------------------------------------------------------------------------------

// Optional parts that stand in `level` other ones and are there. How many.
static uint32_t choose(struct reduction *reduction, uint32_t level) {
    const struct outline *outline = reduction->outline;
    uint32_t ends[YAML_DEPTH_MAX + 1];
    uint32_t depth = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < outline->count; i++) {
        const struct outline_part *part = &outline->parts[i];
        while (depth > 0 && i >= ends[depth - 1]) {
            depth--;
        }
        if (part->is_gone) {
            i = part->end - 1;
        } else if (part->is_optional && depth == level) {
            reduction->chosen[count++] = i;
            i = part->end - 1;
        } else if (part->is_optional) {
            ASSERT(depth < YAML_DEPTH_MAX);
            ends[depth++] = part->end;
        }
    }
    return count;
}

static void set_gone(struct reduction *reduction, uint32_t from, uint32_t count, bool is_gone) {
    ASSERT(from + count <= reduction->outline->count);
    for (uint32_t i = from; i < from + count; i++) {
        reduction->outline->parts[reduction->chosen[i]].is_gone = is_gone;
    }
}

// The last ones first: what stands behind tends to need what stands before.
static void take_away(struct reduction *reduction, uint32_t count, uint32_t chunk) {
    for (uint32_t end = count; end > 0;) {
        uint32_t size = chunk < end ? chunk : end;
        uint32_t from = end - size;
        bool is_there = false;
        for (uint32_t i = from; i < end; i++) {
            is_there = is_there || !reduction->outline->parts[reduction->chosen[i]].is_gone;
        }
        if (is_there) {
            set_gone(reduction, from, size, true);
            if (!fails(reduction)) {
                set_gone(reduction, from, size, false);
            }
        }
        end = from;
    }
}

static void take_away_at(struct reduction *reduction, uint32_t level) {
    uint32_t count = choose(reduction, level);
    for (uint32_t chunk = count; chunk > 0; chunk /= 2) {
        take_away(reduction, count, chunk);
        count = choose(reduction, level);
        chunk = chunk > 2 * count ? 2 * count : chunk;
    }
}

// ---- simpler texts ------------------------------------------------------------------------------

// Whether one of the simpler texts goes wrong as well; it then stands there.
static bool make_simpler(struct reduction *reduction, struct outline_part *part) {
    struct bytes before = part->text;
    struct buffer text;
    buffer_init(&text, reduction->outline->arena.memory);
    bool is_simpler = false;
    for (unsigned i = 0; !is_simpler && simpler_text(part->row, before, i, &text); i++) {
        part->text = buffer_bytes(&text);
        is_simpler = fails(reduction);
        part->text = is_simpler ? arena_copy(&reduction->outline->arena, part->text) : before;
        text.size = 0;
    }
    buffer_deinit(&text);
    return is_simpler;
}

static void make_texts_simpler(struct reduction *reduction) {
    struct outline *outline = reduction->outline;
    for (uint32_t i = 0; i < outline->count; i++) {
        struct outline_part *part = &outline->parts[i];
        if (part->is_gone) {
            ASSERT(part->end > i); // a part ends behind what is in it
            i = part->end - 1;
            continue;
        }
        bool has_text = part->kind == YAML_SCALAR && part->row != NULL;
        for (unsigned times = 0; has_text && times < SIMPLER_MAX && make_simpler(reduction, part);
             times++) {
        }
    }
}

// ---- the whole ----------------------------------------------------------------------------------

// It ends when it has gone wrong, with no calm behind it. Faults that were to come later stand in
// the way of this, so it is tried until it is done.
static void stop_early(struct reduction *reduction) {
    struct outline *outline = reduction->outline;
    uint32_t stop = outline_find(outline, "stop", 0);
    if (reduction->has_stopped || reduction->options->stop_ns == 0 || stop == UINT32_MAX) {
        return;
    }
    const uint32_t without[] = {outline_find(outline, "calm", 0),
                                outline_find(outline, "rest within", 0)};
    struct bytes before = outline->parts[stop].text;
    struct buffer text;
    buffer_init(&text, outline->arena.memory);
    units_append_time(&text, reduction->options->stop_ns);
    outline->parts[stop].text = arena_copy(&outline->arena, buffer_bytes(&text));
    buffer_deinit(&text);
    for (unsigned i = 0; i < 2; i++) {
        if (without[i] != UINT32_MAX) {
            outline->parts[without[i]].is_gone = true;
        }
    }
    reduction->has_stopped = fails(reduction);
    if (reduction->has_stopped) {
        return;
    }
    outline->parts[stop].text = before;
    for (unsigned i = 0; i < 2; i++) {
        if (without[i] != UINT32_MAX) {
            outline->parts[without[i]].is_gone = false;
        }
    }
}

uint32_t reduce_outline(struct outline *outline, const struct reduce_port *port,
                        const struct reduce_options *options) {
    struct reduction reduction = {.outline = outline, .port = port, .options = options};
    buffer_init(&reduction.text, outline->arena.memory);
    reduction.chosen = arena_take(&outline->arena, outline->count * sizeof *reduction.chosen);
    do {
        reduction.has_changed = false;
        stop_early(&reduction);
        for (uint32_t level = 0; level <= YAML_DEPTH_MAX && !is_over(&reduction); level++) {
            take_away_at(&reduction, level);
        }
        make_texts_simpler(&reduction);
    } while (reduction.has_changed && !is_over(&reduction));
    buffer_deinit(&reduction.text);
    return reduction.tries;
}
