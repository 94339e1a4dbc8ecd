#include "shell/terminal/input.h"

void input_init(struct input *input) {
    *input = (struct input){0};
    pthread_mutex_init(&input->lock, NULL);
    memory_init(&input->memory);
    buffer_init(&input->lines, &input->memory);
}

void input_deinit(struct input *input) {
    buffer_deinit(&input->lines);
    pthread_mutex_destroy(&input->lock);
}

static size_t waiting(const struct input *input) {
    return input->lines.size - input->taken;
}

bool input_room_awaited(struct input *input) {
    pthread_mutex_lock(&input->lock);
    bool awaited = input->refused;
    input->refused = false;
    pthread_mutex_unlock(&input->lock);
    return awaited;
}

bool input_add(struct input *input, struct bytes line) {
    pthread_mutex_lock(&input->lock);
    bool room = waiting(input) == 0 || waiting(input) + line.size < INPUT_BYTES_MAX;
    input->refused = input->refused || !room;
    if (room) {
        buffer_append(&input->lines, bytes_make(&line.size, sizeof line.size));
        buffer_append(&input->lines, line);
    }
    pthread_mutex_unlock(&input->lock);
    return room;
}

void input_end(struct input *input) {
    pthread_mutex_lock(&input->lock);
    input->ended = true;
    pthread_mutex_unlock(&input->lock);
}

static enum input_state state_of(const struct input *input) {
    if (waiting(input) > 0) {
        return INPUT_LINE;
    }
    return input->ended ? INPUT_ENDED : INPUT_EMPTY;
}

enum input_state input_look(struct input *input) {
    pthread_mutex_lock(&input->lock);
    enum input_state state = state_of(input);
    pthread_mutex_unlock(&input->lock);
    return state;
}

enum input_state input_take(struct input *input, struct buffer *line) {
    line->size = 0;
    pthread_mutex_lock(&input->lock);
    enum input_state state = state_of(input);
    if (state == INPUT_LINE) {
        size_t size;
        const uint8_t *start = input->lines.data + input->taken;
        memcpy(&size, start, sizeof size);
        buffer_append(line, bytes_make(start + sizeof size, size));
        input->taken += sizeof size + size;
        if (waiting(input) < input->taken) { // moves each byte once at most
            buffer_consume(&input->lines, input->taken);
            input->taken = 0;
        }
    }
    pthread_mutex_unlock(&input->lock);
    return state;
}
