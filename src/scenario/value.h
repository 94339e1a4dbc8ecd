// Values that devices publish, as pure expressions of the time, of what was before, and of a stream
// of random numbers that is handed in:
//
//     21.5                              constant
//     counter(1)                        1, 2, 3 ...; counter(100, 5): 100, 105 ...
//     uniform(10, 20)                   anything in between
//     normal(20, 2)                     mean and deviation
//     walk(10, 60, 0.5)                 a random walk between bounds with steps up to 0.5
//     sine(20, 5, 24 h)                 mean, height, period
//     steps(1 h, 18, 21, 19)            each for an hour, again and again
//     choice("open", "closed")          texts or numbers, each as likely
//     anomaly(normal(20, 1), 0.1 %, 80) 80 in so many of all cases; with `, 5`: five times in a row
//     20 + 5*sin(t/24h) + noise(0.3)    t is the time since the start; sin has a period of 1
//
// In an expression a time is seconds; `t/24h` is a number. `i` is the device's number, `n` that of
// the publication. Signs: + - * / %, brackets, and a percent behind a number. Functions: table
// value_functions.
//
// An expression is compiled to a program for a stack, in the arena. Its state is a few numbers that
// the caller keeps for each device; nothing else is remembered. Sums, products and a sine of our
// own only, so equal seeds give equal values on every machine.
#ifndef SCENARIO_VALUE_H
#define SCENARIO_VALUE_H

#include "fault/random.h"
#include "scenario/arena.h"

enum value_operation {
    VALUE_NUMBER, // push
    VALUE_TEXT,
    VALUE_T,
    VALUE_I,
    VALUE_N,
    VALUE_ADD,
    VALUE_SUBTRACT,
    VALUE_MULTIPLY,
    VALUE_DIVIDE, // by 0: 0
    VALUE_REMAINDER,
    VALUE_NEGATE,
    // Functions, in the order of value_function.
    VALUE_ABS,
    VALUE_MIN,
    VALUE_MAX,
    VALUE_ROUND,
    VALUE_SIN,
    VALUE_NOISE,
    VALUE_UNIFORM,
    VALUE_NORMAL,
    VALUE_COUNTER,
    VALUE_WALK,
    VALUE_SINE,
    VALUE_STEPS,
    VALUE_CHOICE,
    VALUE_ANOMALY,
    VALUE_OPERATIONS,
};

struct value_step {
    enum value_operation operation;
    uint8_t arguments; // of a function
    uint8_t slot;      // of the state, where the function has one
    double number;
    struct bytes text;
};

struct value_program {
    struct bytes source;
    struct value_step *steps;
    uint32_t count;   // 0: there is no value
    uint8_t slots;    // of the state that each device needs
    uint8_t decimals; // how it is written, at most; 0 to VALUE_DECIMALS_MAX
};

#define VALUE_STEPS_MAX 128
#define VALUE_STACK_MAX 32
#define VALUE_SLOTS_MAX 8
#define VALUE_DECIMALS_MAX 6
#define VALUE_MOST 1e12   // no number is beyond it, either way
#define VALUE_TEXT_MAX 32 // bytes of a number as text

struct value_function {
    const char *name;
    uint8_t least; // arguments
    uint8_t most;
    bool has_state;
    const char *form; // "walk(LEAST, MOST, STEP)"
    const char *help;
};

// From VALUE_ABS on; NULL behind the last one.
const struct value_function *value_function(unsigned index);

struct value_input {
    uint64_t time_ns;
    uint64_t i; // as people count it
    uint64_t n; // from 1
    struct fault_random *random;
    double *state; // value_program.slots numbers; all 0 before n = 1
};

struct value {
    bool is_text;
    double number; // always finite
    struct bytes text;
};

// The value number n. To be called for each n in turn, from 1.
struct value value_next(const struct value_program *program, const struct value_input *input);

// The value as text: its own, or written at `room`. Valid as long as both.
struct bytes value_text(const struct value_program *program, const struct value *value,
                        uint8_t room[static VALUE_TEXT_MAX]);

// The sine of so many turns, to 1e-9, the same on every machine.
double value_sine_of_turns(double turns);

#endif
