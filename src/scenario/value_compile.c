#include "scenario/value_compile.h"

#include "base/assert.h"

#define DEPTH_MAX 16
#define DECIMALS_USUAL 2

// The text and how far it was read; the steps so far; how deep the stack of values and the
// brackets are. With the first mistake `wrong` is set, and all goes back from there.
struct compiler {
    struct bytes text;
    size_t at;
    struct value_step steps[VALUE_STEPS_MAX];
    uint32_t count;
    unsigned stack;
    unsigned depth;
    unsigned slots;
    unsigned decimals;
    const char *wrong;
    size_t wrong_at;
};

// What an expression comes to; a text cannot be added to anything.
enum type { FAILED, NUMBER, TEXT };

static enum type fail(struct compiler *compiler, size_t at, const char *why) {
    if (compiler->wrong == NULL) {
        compiler->wrong = why;
        compiler->wrong_at = at;
    }
    return FAILED;
}

// The byte here; 0 at the end.
static uint8_t here(const struct compiler *compiler) {
    return compiler->at < compiler->text.size ? compiler->text.data[compiler->at] : 0;
}

// The next one that is no blank.
static uint8_t peek(struct compiler *compiler) {
    while (here(compiler) == ' ') {
        compiler->at++;
    }
    return here(compiler);
}

static bool take(struct compiler *compiler, char sign) {
    if (peek(compiler) != (uint8_t)sign) {
        return false;
    }
    compiler->at++;
    return true;
}

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static enum type emit(struct compiler *compiler, struct value_step step) {
    bool pushes = step.operation <= VALUE_N;
    if (compiler->count == VALUE_STEPS_MAX || (pushes && compiler->stack == VALUE_STACK_MAX)) {
        return fail(compiler, compiler->at, "has too many parts");
    }
    compiler->steps[compiler->count++] = step;
    if (pushes) {
        compiler->stack++;
    } else if (step.operation < VALUE_NEGATE) {
        ASSERT(compiler->stack >= 2);
        compiler->stack--;
    } else if (step.operation > VALUE_NEGATE) {
        if (step.arguments == 0 && compiler->stack == VALUE_STACK_MAX) {
            return fail(compiler, compiler->at, "has too many parts");
        }
        ASSERT(compiler->stack >= step.arguments);
        compiler->stack = compiler->stack + 1 - step.arguments;
    }
    ASSERT(compiler->stack > 0 && compiler->stack <= VALUE_STACK_MAX);
    return NUMBER;
}

static struct bytes take_letters(struct compiler *compiler) {
    size_t start = compiler->at;
    while (compiler->at < compiler->text.size && is_letter(compiler->text.data[compiler->at])) {
        compiler->at++;
    }
    return bytes_make(compiler->text.data + start, compiler->at - start);
}

// ---- numbers, with a unit of time or a percent sign ---------------------------------------------

static double unit_of(struct bytes word) {
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"us", 0.000001}};
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++) {
        if (bytes_equal(word, bytes_of_text(units[i].name))) {
            return units[i].seconds;
        }
    }
    return 0;
}

// A percent sign behind a number, and not the remainder of a division by what follows.
static bool take_percent(struct compiler *compiler) {
    size_t before = compiler->at;
    if (!take(compiler, '%')) {
        return false;
    }
    uint8_t next = peek(compiler);
    if (next == 0 || next == ',' || next == ')' || next == '+' || next == '-' || next == '*' ||
        next == '/') {
        return true;
    }
    compiler->at = before;
    return false;
}

// True for a unit, and where there is none.
static bool take_unit(struct compiler *compiler, double *number) {
    if (take_percent(compiler)) {
        *number /= 100;
        return true;
    }
    if (!is_letter(peek(compiler))) {
        return true;
    }
    size_t start = compiler->at;
    double seconds = unit_of(take_letters(compiler));
    *number *= seconds;
    return seconds > 0 ||
           fail(compiler, start, "is no unit; allowed: us, ms, s, min, h, d, %") != FAILED;
}

static enum type read_number(struct compiler *compiler) {
    size_t start = compiler->at;
    double number = 0;
    double scale = 1;
    unsigned decimals = 0;
    for (; is_digit(here(compiler)); compiler->at++) {
        number = number * 10 + (here(compiler) - '0');
    }
    if (here(compiler) == '.') {
        compiler->at++;
        for (; is_digit(here(compiler)); compiler->at++, decimals++) {
            scale *= 10;
            number = number * 10 + (here(compiler) - '0');
        }
    }
    if (decimals > VALUE_DECIMALS_MAX || !(number / scale <= VALUE_MOST)) {
        return fail(compiler, start, "is beyond 10^12, or has more than 6 decimals");
    }
    number /= scale;
    if (!take_unit(compiler, &number)) {
        return FAILED;
    }
    compiler->decimals = decimals > compiler->decimals ? decimals : compiler->decimals;
    return emit(compiler, (struct value_step){.operation = VALUE_NUMBER, .number = number});
}

static enum type read_text(struct compiler *compiler) {
    size_t start = compiler->at++;
    const uint8_t *first = compiler->text.data + compiler->at;
    const uint8_t *end = memchr(first, '"', compiler->text.size - compiler->at);
    if (end == NULL) {
        return fail(compiler, start, "has no quote at its end");
    }
    struct bytes text = bytes_make(first, (size_t)(end - first));
    compiler->at += text.size + 1;
    enum type type = emit(compiler, (struct value_step){.operation = VALUE_TEXT, .text = text});
    return type == FAILED ? FAILED : TEXT;
}

// ---- functions ----------------------------------------------------------------------------------

static enum type read_sum(struct compiler *compiler);

static bool may_have_text(enum value_operation operation, unsigned argument) {
    return operation == VALUE_CHOICE || (operation == VALUE_STEPS && argument > 0) ||
           (operation == VALUE_ANOMALY && (argument == 0 || argument == 2));
}

// Behind the opening bracket. FAILED, or what the function comes to.
static enum type read_arguments(struct compiler *compiler, struct value_step *step, unsigned most) {
    enum type type = NUMBER;
    if (take(compiler, ')')) {
        return type;
    }
    do {
        (void)peek(compiler);
        size_t start = compiler->at;
        enum type own = read_sum(compiler);
        if (own == FAILED) {
            return FAILED;
        }
        if (own == TEXT && !may_have_text(step->operation, step->arguments)) {
            return fail(compiler, start, "is a text, where a number has to stand");
        }
        type = own == TEXT ? TEXT : type;
        step->arguments++;
        if (step->arguments > most) {
            return fail(compiler, start, "is more than the function takes");
        }
    } while (take(compiler, ','));
    return take(compiler, ')') ? type
                               : fail(compiler, compiler->at, "is not the ) that is missing here");
}

static enum type read_call(struct compiler *compiler, unsigned index, size_t start) {
    const struct value_function *function = value_function(index);
    struct value_step step = {.operation = (enum value_operation)(VALUE_ABS + index)};
    enum type type = read_arguments(compiler, &step, function->most);
    if (type == FAILED) {
        return FAILED;
    }
    if (step.arguments < function->least) {
        return fail(compiler, start, "needs more arguments than these");
    }
    if (function->has_state) {
        if (compiler->slots == VALUE_SLOTS_MAX) {
            return fail(compiler, start, "is one function with a memory too many: 8 at most");
        }
        step.slot = (uint8_t)compiler->slots++;
    }
    return emit(compiler, step) == FAILED ? FAILED : type;
}

static enum type read_word(struct compiler *compiler) {
    size_t start = compiler->at;
    struct bytes word = take_letters(compiler);
    static const char variables[] = "tin";
    for (unsigned i = 0; i < 3 && word.size == 1; i++) {
        if (word.data[0] == (uint8_t)variables[i]) {
            return emit(compiler,
                        (struct value_step){.operation = (enum value_operation)(VALUE_T + i)});
        }
    }
    for (unsigned i = 0; value_function(i) != NULL; i++) {
        if (bytes_equal(word, bytes_of_text(value_function(i)->name))) {
            return take(compiler, '(')
                       ? read_call(compiler, i, start)
                       : fail(compiler, start, "is a function: brackets have to follow");
        }
    }
    return fail(compiler, start,
                "is no word of expressions; allowed: t, i, n, abs, min, max, round, sin, noise, "
                "uniform, normal, counter, walk, sine, steps, choice, anomaly");
}

// ---- sums and products --------------------------------------------------------------------------

static enum type read_bracket(struct compiler *compiler) {
    enum type type = read_sum(compiler);
    return type == FAILED || take(compiler, ')')
               ? type
               : fail(compiler, compiler->at, "is not the ) that is missing here");
}

static enum type read_factor(struct compiler *compiler) {
    uint8_t next = peek(compiler);
    if (is_digit(next)) {
        return read_number(compiler);
    }
    if (is_letter(next)) {
        return read_word(compiler);
    }
    if (next == '"') {
        return read_text(compiler);
    }
    if (take(compiler, '(')) {
        return read_bracket(compiler);
    }
    return fail(compiler, compiler->at, "does not fit: a number, a function or a ( stands here");
}

static enum type read_signed(struct compiler *compiler) {
    size_t start = compiler->at;
    bool is_negative = take(compiler, '-');
    enum type type = read_factor(compiler);
    if (type == FAILED || !is_negative) {
        return type;
    }
    return type == TEXT ? fail(compiler, start, "is a sign before a text")
                        : emit(compiler, (struct value_step){.operation = VALUE_NEGATE});
}

struct sign {
    char sign;
    enum value_operation operation;
};

static const struct sign product_signs[] = {
    {'*', VALUE_MULTIPLY}, {'/', VALUE_DIVIDE}, {'%', VALUE_REMAINDER}, {0, VALUE_NUMBER}};
static const struct sign sum_signs[] = {{'+', VALUE_ADD}, {'-', VALUE_SUBTRACT}, {0, VALUE_NUMBER}};

// One operand after the other, with one of the signs between them.
static enum type read_chain(struct compiler *compiler, const struct sign *signs,
                            enum type (*read_operand)(struct compiler *)) {
    enum type type = read_operand(compiler);
    while (type != FAILED) {
        const struct sign *sign = signs;
        size_t start = compiler->at;
        while (sign->sign != 0 && !take(compiler, sign->sign)) {
            sign++;
        }
        if (sign->sign == 0) {
            break;
        }
        enum type right = read_operand(compiler);
        if (right == FAILED) {
            return FAILED;
        }
        if (type == TEXT || right == TEXT) {
            return fail(compiler, start, "is a sign between texts, which cannot be reckoned with");
        }
        type = emit(compiler, (struct value_step){.operation = sign->operation});
    }
    return type;
}

static enum type read_product(struct compiler *compiler) {
    return read_chain(compiler, product_signs, read_signed);
}

static enum type read_sum(struct compiler *compiler) {
    if (compiler->depth == DEPTH_MAX) {
        return fail(compiler, compiler->at, "is more than 16 brackets deep");
    }
    compiler->depth++;
    enum type type = read_chain(compiler, sum_signs, read_product);
    compiler->depth--;
    return type;
}

const char *value_compile(struct value_program *program, struct arena *arena, struct bytes text,
                          size_t *at) {
    struct compiler compiler = {.text = text, .decimals = DECIMALS_USUAL};
    *program = (struct value_program){.source = text};
    *at = 0;
    if (read_sum(&compiler) != FAILED && peek(&compiler) != 0) {
        (void)fail(&compiler, compiler.at, "is left over behind the expression");
    }
    if (compiler.wrong == NULL && compiler.at < text.size) {
        (void)fail(&compiler, compiler.at, "cannot stand in an expression");
    }
    if (compiler.wrong != NULL) {
        *at = compiler.wrong_at < text.size ? compiler.wrong_at : text.size;
        return compiler.wrong;
    }
    ASSERT(compiler.stack == 1);
    program->count = compiler.count;
    program->slots = (uint8_t)compiler.slots;
    program->decimals = (uint8_t)compiler.decimals;
    program->steps = arena_take(arena, compiler.count * sizeof *program->steps);
    memcpy(program->steps, compiler.steps, compiler.count * sizeof *program->steps);
    return NULL;
}
