#include "scenario/value.h"

#include "base/assert.h"
#include "base/decimal.h"

static const struct value_function functions[] = {
    {"abs", 1, 1, false, "abs(X)", "without its sign"},
    {"min", 2, 8, false, "min(X, Y, ...)", "the least"},
    {"max", 2, 8, false, "max(X, Y, ...)", "the greatest"},
    {"round", 1, 2, false, "round(X, STEP)", "to the nearest multiple of STEP, or of 1"},
    {"sin", 1, 1, false, "sin(TURNS)", "a sine with a period of 1: sin(t/24h) has one of a day"},
    {"noise", 1, 1, false, "noise(DEVIATION)", "normal, with a mean of 0"},
    {"uniform", 2, 2, false, "uniform(LEAST, MOST)", "anything in between, each as likely"},
    {"normal", 2, 2, false, "normal(MEAN, DEVIATION)",
     "normal, by the sum of twelve numbers: never more than 6 deviations off"},
    {"counter", 0, 2, false, "counter(FIRST, STEP)", "1, 2, 3 ..., or as FIRST and STEP say"},
    {"walk", 3, 3, true, "walk(LEAST, MOST, STEP)",
     "a random walk between two bounds with steps of up to STEP"},
    {"sine", 3, 3, false, "sine(MEAN, HEIGHT, PERIOD)", "MEAN + HEIGHT * sin(t / PERIOD)"},
    {"steps", 2, 16, false, "steps(TIME, X, Y, ...)", "each for TIME, then the next; texts, too"},
    {"choice", 1, 16, false, "choice(X, Y, ...)", "one of them, each as likely; texts, too"},
    {"anomaly", 3, 4, true, "anomaly(X, SHARE, Y, TIMES)",
     "X, but Y in a share of cases, TIMES in a row each (1)"},
};

const struct value_function *value_function(unsigned index) {
    return index < sizeof functions / sizeof *functions ? &functions[index] : NULL;
}

// ---- numbers ------------------------------------------------------------------------------------

// What is no number, and what is beyond the bounds, does not go on.
static double bounded(double number) {
    if (!(number == number)) {
        return 0;
    }
    return number > VALUE_MOST ? VALUE_MOST : number < -VALUE_MOST ? -VALUE_MOST : number;
}

static double floor_of(double number) {
    double whole = (double)(int64_t)bounded(number);
    return whole > number ? whole - 1 : whole;
}

// The series of Taylor in a quarter turn either way: the first term left out is below 1e-11.
double value_sine_of_turns(double turns) {
    double part = turns - floor_of(turns);
    double quarter = part <= 0.25 ? part : part <= 0.75 ? 0.5 - part : part - 1;
    double angle = quarter * 6.283185307179586;
    double square = angle * angle;
    double sum = 0;
    for (int n = 15; n >= 3; n -= 2) {
        sum = -(1 + sum) * square / (n * (n - 1));
    }
    return angle * (1 + sum);
}

static double uniform_of(struct fault_random *random) {
    return (double)(fault_random_next(random) >> 11) / 9007199254740992.0;
}

static double normal_of(struct fault_random *random) {
    double sum = 0;
    for (int i = 0; i < 12; i += 2) {
        uint64_t bits = fault_random_next(random);
        sum += (double)(bits >> 32) / 4294967296.0 + (double)(bits & 0xffffffffu) / 4294967296.0;
    }
    return sum - 6;
}

// ---- functions ----------------------------------------------------------------------------------

struct call {
    const struct value_step *step;
    const struct value_input *input;
    const struct value *arguments;
};

static double argument(const struct call *call, unsigned index) {
    return call->arguments[index].number;
}

static double seconds_of(const struct value_input *input) {
    return (double)input->time_ns / 1e9;
}

static double divided(double a, double b) {
    return b == 0 ? 0 : a / b;
}

static double walk(const struct call *call) {
    double *place = &call->input->state[call->step->slot];
    double least = argument(call, 0);
    double most = argument(call, 1);
    double draw = uniform_of(call->input->random);
    *place = call->input->n <= 1 ? least + (most - least) * draw
                                 : *place + argument(call, 2) * (2 * draw - 1);
    *place = *place > most ? most : *place < least ? least : *place;
    return *place;
}

static struct value steps_of(const struct call *call) {
    double turns = floor_of(divided(seconds_of(call->input), argument(call, 0)));
    unsigned count = call->step->arguments - 1u;
    unsigned index = turns < 0 ? 0 : (unsigned)((uint64_t)turns % count);
    return call->arguments[1 + index];
}

static struct value anomaly(const struct call *call) {
    double *left = &call->input->state[call->step->slot];
    double draw = uniform_of(call->input->random);
    if (call->input->n <= 1) {
        *left = 0;
    }
    if (*left < 1 && draw < argument(call, 1)) {
        *left = call->step->arguments > 3 ? argument(call, 3) : 1;
    }
    if (*left < 1) {
        return call->arguments[0];
    }
    *left -= 1;
    return call->arguments[2];
}

static double extreme(const struct call *call, bool is_most) {
    double best = argument(call, 0);
    for (unsigned i = 1; i < call->step->arguments; i++) {
        double other = argument(call, i);
        best = (other > best) == is_most ? other : best;
    }
    return best;
}

static double rounded(const struct call *call) {
    double step = call->step->arguments > 1 ? argument(call, 1) : 1;
    return floor_of(divided(argument(call, 0), step) + 0.5) * step;
}

static double counted(const struct call *call) {
    double first = call->step->arguments > 0 ? argument(call, 0) : 1;
    double step = call->step->arguments > 1 ? argument(call, 1) : 1;
    return first + ((double)call->input->n - 1) * step;
}

static double number_called(const struct call *call) {
    struct fault_random *random = call->input->random;
    switch ((unsigned)call->step->operation) {
    case VALUE_ABS:
        return argument(call, 0) < 0 ? -argument(call, 0) : argument(call, 0);
    case VALUE_MIN:
        return extreme(call, false);
    case VALUE_MAX:
        return extreme(call, true);
    case VALUE_ROUND:
        return rounded(call);
    case VALUE_SIN:
        return value_sine_of_turns(argument(call, 0));
    case VALUE_NOISE:
        return argument(call, 0) * normal_of(random);
    case VALUE_UNIFORM:
        return argument(call, 0) + (argument(call, 1) - argument(call, 0)) * uniform_of(random);
    case VALUE_NORMAL:
        return argument(call, 0) + argument(call, 1) * normal_of(random);
    case VALUE_COUNTER:
        return counted(call);
    case VALUE_WALK:
        return walk(call);
    default:
        break;
    }
    ASSERT(call->step->operation == VALUE_SINE);
    double turns = divided(seconds_of(call->input), argument(call, 2));
    return argument(call, 0) + argument(call, 1) * value_sine_of_turns(turns);
}

static struct value of_number(double number) {
    return (struct value){.number = bounded(number)};
}

static struct value called(const struct call *call) {
    switch ((unsigned)call->step->operation) {
    case VALUE_STEPS:
        return steps_of(call);
    case VALUE_CHOICE:
        return call->arguments[fault_random_below(call->input->random, call->step->arguments)];
    case VALUE_ANOMALY:
        return anomaly(call);
    default:
        return of_number(number_called(call));
    }
}

// ---- running ------------------------------------------------------------------------------------

static double combined(enum value_operation operation, double a, double b) {
    switch ((unsigned)operation) {
    case VALUE_ADD:
        return a + b;
    case VALUE_SUBTRACT:
        return a - b;
    case VALUE_MULTIPLY:
        return a * b;
    case VALUE_DIVIDE:
        return divided(a, b);
    default:
        return a - floor_of(divided(a, b)) * b; // VALUE_REMAINDER
    }
}

static struct value pushed(const struct value_step *step, const struct value_input *input) {
    switch ((unsigned)step->operation) {
    case VALUE_TEXT:
        return (struct value){.is_text = true, .text = step->text};
    case VALUE_T:
        return of_number(seconds_of(input));
    case VALUE_I:
        return of_number((double)input->i);
    case VALUE_N:
        return of_number((double)input->n);
    default:
        return of_number(step->number);
    }
}

struct value value_next(const struct value_program *program, const struct value_input *input) {
    struct value stack[VALUE_STACK_MAX] = {0};
    unsigned size = 0;
    ASSERT(program->count > 0);
    for (uint32_t i = 0; i < program->count; i++) {
        const struct value_step *step = &program->steps[i];
        if (step->operation <= VALUE_N) {
            ASSERT(size < VALUE_STACK_MAX);
            stack[size++] = pushed(step, input);
        } else if (step->operation < VALUE_NEGATE) {
            ASSERT(size >= 2);
            size--;
            stack[size - 1] =
                of_number(combined(step->operation, stack[size - 1].number, stack[size].number));
        } else if (step->operation == VALUE_NEGATE) {
            stack[size - 1] = of_number(-stack[size - 1].number);
        } else {
            ASSERT(size >= step->arguments && size - step->arguments < VALUE_STACK_MAX);
            size -= step->arguments;
            stack[size] = called(&(struct call){step, input, &stack[size]});
            size++;
        }
    }
    ASSERT(size == 1);
    return stack[0];
}

// ---- as text ------------------------------------------------------------------------------------

struct bytes value_text(const struct value_program *program, const struct value *value,
                        uint8_t room[static VALUE_TEXT_MAX]) {
    static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    if (value->is_text) {
        return value->text;
    }
    double size = value->number < 0 ? -value->number : value->number;
    uint64_t scaled = (uint64_t)(size * powers[program->decimals] + 0.5);
    uint64_t part = scaled % powers[program->decimals];
    uint8_t *out = room;
    if (value->number < 0 && scaled > 0) {
        *out++ = '-';
    }
    out = decimal_write(out, scaled / powers[program->decimals]);
    if (part > 0) {
        *out++ = '.';
        for (unsigned digit = program->decimals; part > 0; digit--) {
            *out++ = (uint8_t)('0' + part / powers[digit - 1]);
            part %= powers[digit - 1];
        }
    }
    return bytes_make(room, (size_t)(out - room));
}
