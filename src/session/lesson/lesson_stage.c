#include "session/lesson/lesson_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/live_page.h"
#include "shell/printable.h"

#define READ_BYTES 16384
#define LINE_MAX_BYTES PIPE_BUF // of what is typed

// ---- the folder and signals -----------------------------------------------------------------

static bool make_folder(struct lesson_stage *stage) {
    const char *place = getenv("TMPDIR");
    int size = snprintf(stage->folder, sizeof stage->folder, "%s/mqttsim-lesson-XXXXXX",
                        place != NULL && place[0] != '\0' ? place : "/tmp");
    if (size < 0 || (size_t)size >= sizeof stage->folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdtemp(stage->folder) != NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

static sigset_t taken_signals(void) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGPIPE); // who ends before it is typed to is noticed otherwise
    return set;
}

bool lesson_stage_open(struct lesson_stage *stage, struct memory *memory) {
    *stage = (struct lesson_stage){.memory = memory};
    sigset_t set = taken_signals();
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)sigdelset(&set, SIGPIPE);
    stage->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (stage->signals < 0) {
        return false;
    }
    if (!make_folder(stage)) {
        int error = errno;
        (void)close(stage->signals);
        errno = error;
        return false;
    }
    return true;
}

// ---- starting -------------------------------------------------------------------------------

// A command line taken apart at blanks; what stands in '...' or "..." is one word. The words are
// ended by a NUL each and point into `storage`.
struct arguments {
    struct buffer storage;
    size_t starts[LESSON_ARGUMENTS_MAX];
    unsigned count;
};

static bool split(struct bytes command, struct arguments *arguments) {
    uint8_t quote = 0;
    bool inside = false;
    for (size_t i = 0; i < command.size; i++) {
        uint8_t byte = command.data[i];
        bool ends = quote == 0 && byte == ' ';
        if (!inside && !ends) {
            if (arguments->count == LESSON_ARGUMENTS_MAX) {
                return false;
            }
            arguments->starts[arguments->count++] = arguments->storage.size;
        }
        if (ends && inside) {
            buffer_append_byte(&arguments->storage, 0);
        } else if (quote == 0 && (byte == '\'' || byte == '"')) {
            quote = byte;
        } else if (quote != 0 && byte == quote) {
            quote = 0;
        } else if (!ends) {
            buffer_append_byte(&arguments->storage, byte);
        }
        inside = !ends;
    }
    buffer_append_byte(&arguments->storage, 0);
    return quote == 0 && arguments->count > 0;
}

static _Noreturn void become(const char *path, char **words, const char *folder) {
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0); // Ctrl-C is for the lesson
    if (chdir(folder) == 0) {
        execv(path, words);
    }
    perror(path);
    _exit(127);
}

// False with errno set.
static bool launch(struct lesson_stage *stage, struct lesson_program *program, const char *path,
                   char **words) {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0) {
        return false;
    }
    if (pipe2(out, O_CLOEXEC) != 0) {
        (void)close(in[0]);
        (void)close(in[1]);
        return false;
    }
    pid_t id = fork();
    if (id == 0) {
        (void)dup2(in[0], STDIN_FILENO);
        (void)dup2(out[1], STDOUT_FILENO);
        (void)dup2(out[1], STDERR_FILENO);
        become(path, words, stage->folder);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    (void)fcntl(in[1], F_SETFL, O_NONBLOCK);
    (void)fcntl(out[0], F_SETFL, O_NONBLOCK);
    program->id = id > 0 ? id : 0;
    program->in = in[1];
    program->out = out[0];
    return id > 0;
}

struct lesson_program *lesson_stage_find(struct lesson_stage *stage, struct bytes name) {
    for (unsigned i = 0; i < stage->count; i++) {
        if (bytes_equal(bytes_of_text(stage->programs[i].name), name)) {
            return &stage->programs[i];
        }
    }
    return NULL;
}

static void close_ends(struct lesson_program *program) {
    if (program->in >= 0) {
        (void)close(program->in);
    }
    if (program->out >= 0) {
        (void)close(program->out);
    }
    program->in = program->out = -1;
}

static void collect(struct lesson_program *program, int options) {
    int status = 0;
    if (program->id > 0 && waitpid(program->id, &status, options) == program->id) {
        program->id = 0;
        program->has_ended = true;
        program->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

static void end_now(struct lesson_program *program) {
    if (program->id > 0) {
        (void)kill(program->id, SIGKILL);
        collect(program, 0);
    }
    close_ends(program);
}

// A place for a program of that name, with nothing heard of it yet.
static struct lesson_program *take_place(struct lesson_stage *stage, struct bytes name) {
    struct lesson_program *program = lesson_stage_find(stage, name);
    if (program == NULL) {
        ASSERT(stage->count < LESSON_PROGRAMS_MAX + 1 && name.size <= LESSON_NAME_MAX);
        program = &stage->programs[stage->count++];
    } else {
        end_now(program);
        buffer_deinit(&program->heard);
    }
    *program = (struct lesson_program){.in = -1, .out = -1};
    memcpy(program->name, name.data, name.size);
    buffer_init(&program->heard, stage->memory);
    return program;
}

static bool is_at_work(struct lesson_stage *stage, struct bytes name) {
    const struct lesson_program *program = lesson_stage_find(stage, name);
    return program != NULL && program->id > 0;
}

static struct lesson_program *start_words(struct lesson_stage *stage, struct bytes name,
                                          struct arguments *arguments, struct buffer *complaint) {
    char path[PATH_MAX];
    char *words[LESSON_ARGUMENTS_MAX + 1] = {0};
    for (unsigned i = 0; i < arguments->count; i++) {
        words[i] = (char *)arguments->storage.data + arguments->starts[i];
    }
    if (!live_page_find_program(bytes_of_text(words[0]), path)) {
        printable_format(complaint, "there is no program %s beside this one", words[0]);
        return NULL;
    }
    struct lesson_program *program = take_place(stage, name);
    if (!launch(stage, program, path, words)) {
        printable_format(complaint, "%s does not start: %s", words[0], strerror(errno));
        return NULL;
    }
    return program;
}

struct lesson_program *lesson_stage_start(struct lesson_stage *stage, struct bytes name,
                                          struct bytes command, bool fed,
                                          struct buffer *complaint) {
    struct arguments arguments = {0};
    struct lesson_program *program = NULL;
    buffer_init(&arguments.storage, stage->memory);
    if (is_at_work(stage, name)) {
        printable_format(complaint, "%.*s runs already; end or kill it first", (int)name.size,
                         (const char *)name.data);
    } else if (!split(command, &arguments)) {
        printable_format(complaint, "the command line has a quotation mark that is not closed, or "
                                    "too many words");
    } else {
        program = start_words(stage, name, &arguments, complaint);
    }
    if (program != NULL && !fed) {
        (void)close(program->in);
        program->in = -1;
    }
    buffer_deinit(&arguments.storage);
    return program;
}

// ---- files ----------------------------------------------------------------------------------

static int hexadecimal(uint8_t digit) {
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                          : -1;
}

// What the escape that the text begins with stands for; *taken is its size. A backslash that
// begins none stands for itself.
static uint8_t unescape(struct bytes text, size_t *taken) {
    *taken = 2;
    if (text.size >= 2 && text.data[1] == 't') {
        return '\t';
    }
    if (text.size >= 2 && text.data[1] == '\\') {
        return '\\';
    }
    if (text.size >= 4 && text.data[1] == 'x' && hexadecimal(text.data[2]) >= 0 &&
        hexadecimal(text.data[3]) >= 0) {
        *taken = 4;
        return (uint8_t)(16 * hexadecimal(text.data[2]) + hexadecimal(text.data[3]));
    }
    *taken = 1;
    return '\\';
}

static void append_unescaped(struct buffer *out, struct bytes line) {
    for (size_t i = 0, taken = 1; i < line.size; i += taken) {
        struct bytes rest = bytes_make(line.data + i, line.size - i);
        taken = 1;
        buffer_append_byte(out, line.data[i] == '\\' ? unescape(rest, &taken) : line.data[i]);
    }
    buffer_append_byte(out, '\n');
}

bool lesson_stage_append(struct lesson_stage *stage, struct bytes file, struct bytes line) {
    char path[PATH_MAX];
    struct buffer text;
    int size = snprintf(path, sizeof path, "%s/%.*s", stage->folder, (int)file.size,
                        (const char *)file.data);
    ASSERT(size > 0 && file.size <= LESSON_NAME_MAX);
    errno = ENAMETOOLONG;
    int target = (size_t)size < sizeof path
                     ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
                     : -1;
    if (target < 0) {
        return false;
    }
    buffer_init(&text, stage->memory);
    append_unescaped(&text, line);
    bool written = write(target, text.data, text.size) == (ssize_t)text.size;
    buffer_deinit(&text);
    return close(target) == 0 && written;
}

// ---- hearing --------------------------------------------------------------------------------

static void hear(struct lesson_program *program) {
    uint8_t *room = buffer_reserve(&program->heard, READ_BYTES);
    ssize_t got = read(program->out, room, READ_BYTES);
    if (got > 0 && program->heard.size < LESSON_HEARD_MAX) {
        program->heard.size += (size_t)got;
    } else if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        (void)close(program->out);
        program->out = -1;
        collect(program, 0);
    }
}

static void take_signal(struct lesson_stage *stage) {
    struct signalfd_siginfo signal;
    while (read(stage->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        stage->interrupted = true;
    }
}

bool lesson_stage_hear(struct lesson_stage *stage, int also, int wait_ms) {
    struct pollfd places[LESSON_PROGRAMS_MAX + 4];
    for (unsigned i = 0; i < stage->count; i++) {
        places[i] = (struct pollfd){.fd = stage->programs[i].out, .events = POLLIN};
    }
    struct pollfd *signals = &places[stage->count];
    struct pollfd *other = &places[stage->count + 1];
    *signals = (struct pollfd){.fd = stage->signals, .events = POLLIN};
    *other = (struct pollfd){.fd = also, .events = POLLIN};
    struct pollfd *page = &places[stage->count + 2];
    *page = (struct pollfd){.fd = stage->page != NULL ? stage->page->socket : -1, .events = POLLIN};
    if (poll(places, stage->count + 3, wait_ms) <= 0) {
        return false;
    }
    if (page->revents != 0) {
        lesson_page_serve(stage->page);
    }
    if (signals->revents != 0) {
        take_signal(stage);
    }
    for (unsigned i = 0; i < stage->count; i++) {
        if (places[i].revents != 0) {
            hear(&stage->programs[i]);
        }
    }
    return other->revents != 0;
}

// ---- talking --------------------------------------------------------------------------------

bool lesson_program_type(struct lesson_program *program, struct bytes line) {
    char text[LINE_MAX_BYTES];
    int size = snprintf(text, sizeof text, "%.*s\n", (int)line.size, (const char *)line.data);
    return program->in >= 0 && size > 0 && (size_t)size < sizeof text &&
           write(program->in, text, (size_t)size) == size; // a pipe takes so much whole or not
}

bool lesson_program_take_line(struct lesson_program *program, struct bytes *line) {
    if (program->taken == program->heard.size) {
        return false;
    }
    struct bytes rest =
        bytes_make(program->heard.data + program->taken, program->heard.size - program->taken);
    if (memchr(rest.data, '\n', rest.size) == NULL && program->out >= 0) {
        return false;
    }
    *line = lesson_take_line(&rest);
    program->taken = program->heard.size - rest.size;
    return true;
}

void lesson_program_signal(struct lesson_program *program, int number) {
    program->was_killed = program->was_killed || number == SIGKILL;
    program->is_frozen = number == SIGSTOP || (program->is_frozen && number != SIGCONT);
    if (program->id > 0) {
        (void)kill(program->id, number);
    }
}

void lesson_stage_close(struct lesson_stage *stage) {
    for (unsigned i = 0; i < stage->count; i++) {
        end_now(&stage->programs[i]);
        buffer_deinit(&stage->programs[i].heard);
    }
    (void)close(stage->signals);
    (void)nftw(stage->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    sigset_t set = taken_signals();
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}
