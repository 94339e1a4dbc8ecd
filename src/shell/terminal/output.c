#include "shell/terminal/output.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "shell/printable.h"

bool output_init(struct output *output) {
    *output = (struct output){.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    pthread_mutex_init(&output->lock, NULL);
    memory_init(&output->memory);
    buffer_init(&output->bytes, &output->memory);
    buffer_init(&output->chunks, &output->memory);
    return output->wake >= 0;
}

void output_deinit(struct output *output) {
    buffer_deinit(&output->bytes);
    buffer_deinit(&output->chunks);
    pthread_mutex_destroy(&output->lock);
    close(output->wake);
}

void output_wake(struct output *output) {
    uint64_t one = 1;
    (void)!write(output->wake, &one, sizeof one); // when it is at its limit, it is readable already
}

void output_add(struct output *output, enum output_stream stream, struct bytes line) {
    struct output_chunk chunk = {.stream = stream};
    pthread_mutex_lock(&output->lock);
    size_t before = output->bytes.size;
    printable_append_page(&output->bytes, line);
    buffer_append_byte(&output->bytes, '\n');
    chunk.size = output->bytes.size - before;
    buffer_append(&output->chunks, bytes_make(&chunk, sizeof chunk));
    pthread_mutex_unlock(&output->lock);
}

void output_add_record(struct output *output, struct bytes record) {
    const struct output_chunk chunk = {.stream = OUTPUT_LOG, .size = record.size};
    pthread_mutex_lock(&output->lock);
    buffer_append(&output->bytes, record);
    buffer_append(&output->chunks, bytes_make(&chunk, sizeof chunk));
    pthread_mutex_unlock(&output->lock);
}

void output_announce(struct output *output) {
    pthread_mutex_lock(&output->lock);
    bool news = output->bytes.size > 0 && !output->announced;
    output->announced = output->announced || news;
    pthread_mutex_unlock(&output->lock);
    if (news) {
        output_wake(output);
    }
}

bool output_is_full(struct output *output) {
    pthread_mutex_lock(&output->lock);
    bool full = output->bytes.size >= OUTPUT_BYTES_MAX;
    pthread_mutex_unlock(&output->lock);
    return full;
}

bool output_is_hurried(struct output *output) {
    pthread_mutex_lock(&output->lock);
    bool hurried = output->hurried;
    pthread_mutex_unlock(&output->lock);
    return hurried;
}

void output_finish(struct output *output, bool hurried) {
    pthread_mutex_lock(&output->lock);
    output->finished = true;
    output->hurried = hurried;
    pthread_mutex_unlock(&output->lock);
    output_wake(output);
}

bool output_take(struct output *output, struct buffer *bytes, struct buffer *chunks) {
    uint64_t count;
    (void)!read(output->wake, &count, sizeof count); // not readable: nothing new, which is fine
    pthread_mutex_lock(&output->lock);
    bool more = !output->finished; // if it is, all that will ever come is taken now
    buffer_append(bytes, buffer_bytes(&output->bytes));
    buffer_append(chunks, buffer_bytes(&output->chunks));
    output->bytes.size = output->chunks.size = 0;
    output->announced = false;
    if (output->finished) {
        output_wake(output); // stays readable: whoever waits again is not to wait for ever
    }
    pthread_mutex_unlock(&output->lock);
    return more;
}
