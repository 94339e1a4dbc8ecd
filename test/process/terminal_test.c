// A session on a terminal: help, editing, history, completion, and updates that arrive while a line
// is being typed.
#include "mqtt.h"
#include "screen.h"

#include <sys/ioctl.h>
#include <termios.h>

#define UP "\033[A"
#define COLUMNS 80

static struct process *broker;
static struct process *client; // on the terminal
static struct process *other;  // publishes

static struct screen *draw(unsigned columns) {
    static struct screen screen;
    memset(&screen, 0, sizeof screen);
    screen.columns = columns;
    screen_write(&screen, process_text(&client->out), client->out.size);
    return &screen;
}

// Waits until the last row written to, where the cursor is, reads like this.
static void await_row(const char *text) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    struct screen *screen = draw(COLUMNS);
    while (strcmp(screen_row(screen, screen->row), text) != 0) {
        if (process_now_ms() > deadline || client->out.fd < 0) {
            screen_print(screen);
            (void)fprintf(stderr, "awaited in vain: %s\n", text);
            fail();
        }
        (void)process_pump(-1, PROCESS_TURN_MS);
        screen = draw(COLUMNS);
    }
}

// An update is written where the line being typed was wiped; its echo is not meant.
static void await_update(const char *text) {
    char written[256];
    (void)snprintf(written, sizeof written, "\033[J%s", text);
    process_await_out(client, written);
}

static void assert_row(int above_cursor, const char *text) {
    struct screen *screen = draw(COLUMNS);
    const char *row = screen_row(screen, screen->row - (unsigned)above_cursor);
    if (strcmp(row, text) != 0) {
        screen_print(screen);
    }
    assert_string_equal(row, text);
}

static void start_terminal(void) {
    client = process_start_terminal(
        &(struct process_options){.folder = process_folder,
                                  .words = (const char *const[]){"client", NULL}},
        SCREEN_ROWS, COLUMNS);
    await_row("client>");
}

static void start_all(void) {
    broker = process_start_broker("123");
    start_terminal();
    process_send(client, "conn\nsubs temp\n");
    process_await_out(client, "took the subscription");
    await_row("client>");
    other = process_start_client("conn\n");
    process_await_err(other, "connected with 123");
}

static void help_is_shown_at_the_start(void **state) {
    (void)state;
    start_terminal();
    client->out.mark = 0;
    process_await_out(client, "publ [address] topic value");
    process_await_out(client, "show devices, connections, subscriptions,");
}

static void commands_addresses_and_topics_are_completed(void **state) {
    (void)state;
    start_all();
    process_send(client, "dis\t");
    await_row("client> disc");
    process_send(client, "1\t\n");
    process_await_out(client, "connection with 123 ended: as you asked");
    await_row("client>");
    process_send(client, "co\t\t");
    await_row("client> conn 123");
    process_send(client, "\nsubs temp\n");
    process_await_out(client, "took the subscription");
    process_send(other, "publ temp 1\n");
    await_update("temp 1");
    process_send(client, "pu\tte\t23\n");
    await_update("temp 23");
    await_row("client>");
    // Several possibilities are listed and the line stays.
    process_send(client, "subs tempo\n");
    process_await_out(client, "took the subscription to \"tempo\"");
    process_send(client, "subs te\t");
    await_row("client> subs temp");
    process_send(client, "\t");
    process_await_out(client, "temp  tempo\r\n");
    await_row("client> subs temp");
    // A wildcard is for subscriptions only.
    process_send(client, "\025subs tempo/#\n");
    process_await_out(client, "took the subscription to \"tempo/#\"");
    await_row("client>");
    process_send(client, "publ tempo\t1\n");
    await_row("client>");
    process_await_out(client, "tempo 1\r\n");
    // None: nothing happens.
    process_send(client, "\025zzz\t!");
    await_row("client> zzz!");
}

static void topics_of_mqtt_are_completed(void **state) {
    char url[64];
    (void)state;
    broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
    client = process_start_terminal(
        &(struct process_options){.folder = process_folder,
                                  .words = (const char *const[]){"client", "--mqtt", url, NULL}},
        SCREEN_ROWS, COLUMNS);
    await_row("client>");
    process_send(client, "subs ki/+\n");
    process_await_out(client, "took the subscription");
    await_row("client>");
    process_send(client, "publ ki/tchen 1\n");
    await_update("ki/tchen 1");
    await_row("client>");
    process_send(client, "publ k\t2\n"); // what was seen
    await_update("ki/tchen 2");
    await_row("client>");
    process_send(client, "unsb k\t"); // what is subscribed to
    await_row("client> unsb ki/+");
    process_send(client, "\n");
    await_update("no longer subscribed");
    await_row("client>");
    process_send(client, "unsb k\t!");
    await_row("client> unsb k!");
}

static void history_brings_lines_back(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp one\n");
    await_update("temp one\r\n");
    process_send(client, "publ temp two\n");
    await_update("temp two\r\n");
    await_row("client>");
    process_send(client, UP);
    await_row("client> publ temp two");
    process_send(client, UP);
    await_row("client> publ temp one");
    process_send(client, " again\n");
    await_update("temp one again\r\n");
    await_row("client>");
}

static void an_update_leaves_the_line_being_typed_alone(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp half a l");
    await_row("client> publ temp half a l");
    process_send(other, "publ temp 42\n");
    await_update("temp 42");
    await_row("client> publ temp half a l");
    assert_row(1, "temp 42");
    struct screen *screen = draw(COLUMNS);
    assert_int_equal(screen->column, strlen("client> publ temp half a l"));
    process_send(client, "ine\n");
    await_update("temp half a line\r\n");
    await_row("client>");
    assert_row(1, "temp half a line");
    assert_row(2, "client> publ temp half a line");
    assert_row(3, "temp 42");
}

static void an_update_spares_the_rows_above_a_long_line(void **state) {
    (void)state;
    start_all();
    process_send(other, "publ temp first\n");
    await_update("temp first");
    await_row("client>");
    // 85 letters of two bytes: two rows, though three would be needed for as many bytes.
    char letters[2 * 85 + 1] = "";
    for (size_t i = 0; i < 85; i++) {
        memcpy(letters + 2 * i, "ü", 3);
    }
    process_send(client, "publ temp ");
    process_send(client, letters);
    const char *second = letters + 2 * (COLUMNS - strlen("client> publ temp "));
    await_row(second);
    process_send(other, "publ temp second\n");
    await_update("temp second");
    await_row(second);
    assert_row(2, "temp second");
    assert_row(3, "temp first");
}

static void an_update_keeps_the_cursor_within_the_line(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp ac\002b"); // ^B: back
    await_row("client> publ temp abc");
    process_send(other, "publ temp 42\n");
    await_update("temp 42");
    await_row("client> publ temp abc");
    assert_row(1, "temp 42");
    process_send(client, "B\n");
    await_update("temp abBc\r\n");
}

static void a_line_that_fills_the_row_stays_whole(void **state) {
    (void)state;
    start_all();
    char line[COLUMNS + 1];
    memset(line, 'x', sizeof line);
    memcpy(line, "publ temp ", strlen("publ temp "));
    line[COLUMNS - strlen("client> ")] = '\0';
    process_send(other, "publ temp first\n");
    await_update("temp first");
    process_send(client, line);
    process_await_out(client, "xxxxx");
    for (int i = 0; i < 3; i++) {
        process_send(other, "publ temp 42\n");
        await_update("temp 42");
    }
    process_send(client, "\n");
    await_update("temp x");
    await_row("client>");
    char shown[COLUMNS + 16];
    (void)snprintf(shown, sizeof shown, "client> %s", line);
    // libedit had moved the cursor to the next row already, or not.
    struct screen *screen = draw(COLUMNS);
    int row = screen_row(screen, screen->row - 2)[0] == '\0' ? 3 : 2;
    assert_row(row, shown);
    for (int i = 1; i <= 3; i++) {
        assert_row(row + i, "temp 42");
    }
    assert_row(row + 4, "temp first");
}

static void wrong_lines_are_explained_above_the_prompt(void **state) {
    (void)state;
    start_all();
    process_send(client, "frob\n");
    process_await_out(client, "type one of:");
    await_row("client>");
    process_send(client, "exit\n");
    process_assert_code(client, 0); // a person has seen it
}

static void an_interrupt_key_clears_the_line_and_leaves_when_pressed_twice(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp ha");
    await_row("client> publ temp ha");
    process_send(client, "\003");
    await_row("client>");
    process_send(client, "\003");
    process_await_out(client, "Ctrl-C once more ends, as exit does\r\n");
    await_row("client>");
    process_send(client, "x"); // it does not count for ever
    await_row("client> x");
    process_send(client, "\003");
    await_row("client>");
    client->out.mark = 0;
    process_send(client, "\003");
    process_await_out(client, "Ctrl-C once more ends, as exit does\r\n");
    process_await_out(client, "Ctrl-C once more ends, as exit does\r\n");
    process_send(client, "\003");
    process_await_err(broker, "ended: it disconnected");
    process_assert_code(client, 0);
}

static void quit_is_exit_and_help_tells_of_one_command(void **state) {
    (void)state;
    start_all();
    client->out.mark = client->out.size;
    process_send(client, "help unsb\n");
    process_await_out(client, "unsb [address] topic");
    process_send(client, "?\n");
    process_await_out(client, "publ [address] topic value");
    process_send(client, "quit\n");
    process_await_err(broker, "ended: it disconnected");
    process_assert_code(client, 0);
}

// What was typed in a former session, but not what tells a secret, or began with a blank.
static void history_is_kept_between_sessions(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp one\n");
    await_update("temp one\r\n");
    process_send(client, "publ temp my password\n");
    await_update("temp my password\r\n");
    process_send(client, " publ temp two\n");
    await_update("temp two\r\n");
    process_send(client, "exit\n");
    process_assert_code(client, 0);
    start_terminal();
    process_send(client, UP);
    await_row("client> exit");
    process_send(client, UP);
    await_row("client> publ temp one");
}

// In brackets, as a terminal says what is pasted; in between a TAB is no key.
static void a_tab_in_a_paste_survives(void **state) {
    (void)state;
    start_all();
    process_send(client, "\033[200~publ temp a\tb\033[201~\n");
    await_update("temp a\\tb\r\n");
    process_send(client, "dis\t");
    await_row("client> disc");
}

static void the_end_of_input_key_leaves(void **state) {
    (void)state;
    start_all();
    process_send(client, "\004");
    process_await_err(broker, "ended: it disconnected");
    process_assert_code(client, 0);
}

static void a_terminal_that_is_closed_ends_the_session(void **state) {
    (void)state;
    start_all();
    close(client->out.fd);
    client->out.fd = -1;
    process_close_input(client);
    process_await_err(broker, "ended: it disconnected");
    (void)process_collect(client);
    assert_true(client->code < 1000);
}

static void a_terminal_may_change_its_size(void **state) {
    (void)state;
    start_all();
    process_send(client, "publ temp so");
    await_row("client> publ temp so");
    for (unsigned short columns = 40; columns <= 120; columns += 40) {
        struct winsize size = {.ws_row = 10, .ws_col = columns};
        assert_int_equal(ioctl(client->out.fd, TIOCSWINSZ, &size), 0);
        process_send(other, "publ temp meanwhile\n");
        await_update("temp meanwhile");
        process_await_out(client, "client> publ temp so");
    }
    process_send(client, "me\n");
    await_update("temp some\r\n");
    process_send(client, "exit\n");
    process_assert_code(client, 0);
}

// As a shell does with a program that was stopped.
static void take_terminal_back(void) {
    int status = 0;
    struct termios mode;
    process_signal(client, SIGSTOP);
    assert_int_equal(waitpid(client->id, &status, WUNTRACED), client->id);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(tcgetattr(client->out.fd, &mode), 0);
    mode.c_lflag |= ICANON | ECHO;
    assert_int_equal(tcsetattr(client->out.fd, TCSANOW, &mode), 0);
}

static void a_session_may_be_stopped_and_continued(void **state) {
    (void)state;
    start_all();
    process_send(client, "half a line");
    await_row("client> half a line");
    take_terminal_back();
    process_send(other, "publ temp meanwhile\n");
    process_await_out(broker, "published temp meanwhile");
    process_signal(client, SIGCONT);
    await_update("temp meanwhile");
    await_row("client> half a line");
    process_send(client, "\025");
    await_row("client>");
    process_send(client, "publ temp on\n");
    await_update("temp on\r\n");
}

// The line is drawn anew although nothing arrived.
static void a_session_that_is_continued_has_its_line_back(void **state) {
    (void)state;
    start_all();
    process_send(client, "half a line");
    await_row("client> half a line");
    take_terminal_back();
    process_signal(client, SIGCONT);
    process_await_out(client, "\033[J");
    await_row("client> half a line");
    process_send(client, "\025");
    await_row("client>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(help_is_shown_at_the_start),
        PROCESS_TEST(commands_addresses_and_topics_are_completed),
        PROCESS_TEST(topics_of_mqtt_are_completed),
        PROCESS_TEST(history_brings_lines_back),
        PROCESS_TEST(an_update_leaves_the_line_being_typed_alone),
        PROCESS_TEST(an_update_spares_the_rows_above_a_long_line),
        PROCESS_TEST(an_update_keeps_the_cursor_within_the_line),
        PROCESS_TEST(a_line_that_fills_the_row_stays_whole),
        PROCESS_TEST(wrong_lines_are_explained_above_the_prompt),
        PROCESS_TEST(an_interrupt_key_clears_the_line_and_leaves_when_pressed_twice),
        PROCESS_TEST(quit_is_exit_and_help_tells_of_one_command),
        PROCESS_TEST(history_is_kept_between_sessions),
        PROCESS_TEST(a_tab_in_a_paste_survives),
        PROCESS_TEST(the_end_of_input_key_leaves),
        PROCESS_TEST(a_terminal_that_is_closed_ends_the_session),
        PROCESS_TEST(a_terminal_may_change_its_size),
        PROCESS_TEST(a_session_may_be_stopped_and_continued),
        PROCESS_TEST(a_session_that_is_continued_has_its_line_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
