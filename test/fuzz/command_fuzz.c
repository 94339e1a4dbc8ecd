// Input: lists of commands, one a line. Each is taken apart and each part parsed: whatever the
// bytes, a part is either understood, with arguments that stand in the storage, or refused with one
// printable line that says what to type.
#include "base/assert.h"
#include "base/utf8.h"
#include "packet/packet.h"
#include "shell/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct command_row rows[] = {
    {"help", COMMAND_PLAIN, "help", "show this list", 0},
    {"conn", COMMAND_ADDRESS, "conn [address]", "connect with a broker", 1},
    {"must", COMMAND_ADDRESS | COMMAND_ADDRESS_REQUIRED, "must address", "an address", 2},
    {"subs", COMMAND_ADDRESS | COMMAND_TOPIC, "subs [address] topic", "subscribe", 3},
    {"publ", COMMAND_ADDRESS | COMMAND_TOPIC | COMMAND_VALUE, "publ [address] topic value",
     "publish an entry", 4},
};
static const struct command_table table = {rows, sizeof rows / sizeof *rows};

static void check_argument(struct bytes argument, const struct buffer *storage) {
    ASSERT(argument.data >= storage->data);
    ASSERT(argument.data + argument.size <= storage->data + storage->size);
}

static void check_command(const struct command *command, const struct buffer *storage) {
    unsigned arguments = command->row->arguments;
    ASSERT(command->address <= PACKET_ADDRESS_MAX);
    ASSERT(command->address == 0 || (arguments & COMMAND_ADDRESS) != 0);
    ASSERT(command->address != 0 || (arguments & COMMAND_ADDRESS_REQUIRED) == 0);
    ASSERT(command->topic.size == 0 || (arguments & COMMAND_TOPIC) != 0);
    ASSERT(command->value.size == 0 || (arguments & COMMAND_VALUE) != 0);
    check_argument(command->topic, storage);
    check_argument(command->value, storage);
}

static void check_message(struct bytes message) {
    ASSERT(message.size > 0 && message.size < 400);
    ASSERT(utf8_is_valid(message));
    for (size_t i = 0; i < message.size; i++) {
        ASSERT(message.data[i] >= 32 && message.data[i] != 127);
    }
    ASSERT(memmem(message.data, message.size, "; type", 6) != NULL);
}

static void check_part(struct bytes part, struct memory *memory) {
    struct buffer storage;
    struct buffer message;
    struct command command;
    buffer_init(&storage, memory);
    buffer_init(&message, memory);
    if (!command_parse(&table, part, &storage, &command, &message)) {
        check_message(buffer_bytes(&message));
    } else {
        ASSERT(message.size == 0);
        if (command.row != NULL) {
            check_command(&command, &storage);
        }
    }
    buffer_deinit(&storage);
    buffer_deinit(&message);
}

static void check_list(struct bytes list, struct memory *memory) {
    while (list.size > 0) {
        size_t before = list.size;
        struct bytes part = command_next(&list);
        size_t taken = before - list.size;
        ASSERT(taken > 0 && (taken == part.size || taken == part.size + 1));
        check_part(part, memory);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    memory_init(&memory);
    while (size > 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t line_size = end == NULL ? size : (size_t)(end - data);
        size_t taken = end == NULL ? size : line_size + 1;
        check_list(bytes_make(data, line_size), &memory);
        data += taken;
        size -= taken;
    }
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
