// Traces of simulated worlds: what exe/watch makes of them, and what is said when one cannot be
// written.
#include "mqtt.h"
#include "process.h"

// A hall with lines and MQTT, and a rule that takes an acknowledgement away.
#define HALL                                                                       \
    "seed: 7\n"                                                                    \
    "stop: 60 s\n"                                                                 \
    "networks: {town: {link: ethernet}}\n"                                         \
    "brokers: {hall: {network: town, doors: [line, mqtt]}}\n"                      \
    "devices:\n"                                                                   \
    "  - {name: \"a-{i}\", count: 2, speaks: mqtt 5.0, broker: hall, link: 4g,\n"  \
    "     publish: [{topic: \"t/{i}\", qos: 1, every: 5 s}]}\n"                    \
    "  - {name: \"b-{i}\", count: 2, speaks: line classic, broker: hall,\n"        \
    "     subscribe: [{filter: \"t/#\"}]}\n"                                       \
    "faults: [drop PUBACK 1 to a-1, cut before PUBLISH 4 from a-2, hold PUBACK 2 " \
    "to a-2]\n"

static const char *watched(const char *how, const char *file) {
    struct process *watch = process_start("watch", "--once", how, file);
    process_assert_code(watch, 0);
    return process_text(&watch->out);
}

static void watch_reads_what_was_traced(void **state) {
    (void)state;
    process_write_file("hall.yaml", HALL);
    process_assert_code(process_start("simulate", "hall.yaml", "--trace", "seen"), 0);
    const char *taps = watched("--why", "seen/hall.pcapng");
    assert_non_null(strstr(taps, "dropped on its way (drop PUBACK 1 to a-1)"));
    assert_non_null(strstr(taps, "cut before PUBLISH 4 from a-2"));
    assert_non_null(strstr(taps, "hold PUBACK 2 to a-2"));
    const char *lines = watched("--eavesdrop", "seen/town.network");
    assert_non_null(strstr(lines, "asks for a connection"));
    assert_non_null(strstr(lines, "t/1"));
    // A broker that is in both is one.
    struct process *both =
        process_start("watch", "--once", "--ladder", "seen/town.network", "seen/hall.pcapng");
    process_assert_code(both, 0);
    assert_non_null(strstr(process_text(&both->out), "CONNACK"));
    assert_null(strstr(process_text(&both->out), "no device"));
}

// An end that is over by the broker's reason, one that said goodbye, and one that never came.
#define ENDS                                                      \
    "stop: 4 min\n"                                               \
    "networks: {town: {link: ethernet}}\n"                        \
    "brokers: {hall: {network: town, doors: mqtt}}\n"             \
    "devices:\n"                                                  \
    "  - {name: polite, speaks: mqtt 5.0, broker: hall,\n"        \
    "     sleep: {every: 30 s, for: 1 min, says goodbye: yes}}\n" \
    "  - {name: weak, speaks: mqtt 5.0, broker: hall,\n"          \
    "     connect: {keep alive: 20 s}}\n"                         \
    "faults: [{at: 30 s, for: 3 min, do: link weak down}]\n"

static void ends_have_their_reasons(void **state) {
    (void)state;
    process_write_file("ends.yaml", ENDS);
    process_assert_code(process_start("simulate", "ends.yaml", "--trace", "seen"), 0);
    const char *taps = watched("--why", "seen/hall.pcapng");
    assert_non_null(strstr(taps, "no way leads there"));
    assert_non_null(strstr(taps, "keep alive ran out"));
    assert_non_null(strstr(taps, "the client ended the connection: it sent DISCONNECT"));
}

static void threads_write_the_same(void **state) {
    (void)state;
    process_write_file(
        "two.yaml", "stop: 20 s\n"
                    "networks: {a: {link: wifi}, b: {link: wifi}}\n"
                    "brokers: {a: {network: a, doors: mqtt}, b: {network: b, doors: mqtt}}\n"
                    "devices:\n"
                    "  - {name: \"d-{i}\", count: 6000, speaks: mqtt 3.1.1, broker: [a, b],\n"
                    "     connect: {within: 10 s}, publish: [{topic: \"t/{i}\", every: 10 s}]}\n");
    process_assert_code(process_start("simulate", "two.yaml", "--trace", "one", "--threads", "1"),
                        0);
    process_assert_code(process_start("simulate", "two.yaml", "--trace", "two", "--threads", "2"),
                        0);
    process_assert_code(process_start("/bin/sh", "-c",
                                      "cmp one/a.pcapng two/a.pcapng && "
                                      "cmp one/b.pcapng two/b.pcapng"),
                        0);
}

static void threads_write_the_same_of_joined_networks(void **state) {
    (void)state;
    process_write_file(
        "towns.yaml",
        "stop: 60 s\n"
        "networks: {a: {link: wifi}, b: {link: wifi}}\n"
        "routers:\n"
        "  - {network: a, gate: 1, uplink: dsl}\n"
        "  - {network: b, gate: 2, uplink: dsl}\n"
        "brokers: {mill: {network: a}, hall: {network: b}}\n"
        "devices:\n"
        "  - {name: \"d-{i}\", count: 20, speaks: line classic, network: [a, b],\n"
        "     broker: [hall, mill], publish: [{topic: \"t/{i}\", every: 2 s}]}\n"
        "  - {name: \"m-{i}\", count: 2, speaks: mqtt 5.0,\n"
        "     broker: [mill, hall], publish: [{topic: \"o/{i}\", qos: 1, every: 5 s}]}\n");
    // Captures name the files of lines, so both runs have the same folder.
    process_assert_code(
        process_start("simulate", "towns.yaml", "--trace", "seen", "--threads", "1"), 0);
    process_assert_code(process_start("/bin/sh", "-c", "mv seen one"), 0);
    process_assert_code(
        process_start("simulate", "towns.yaml", "--trace", "seen", "--threads", "3"), 0);
    process_assert_code(process_start("/bin/sh", "-c",
                                      "for file in a.network b.network mill.pcapng hall.pcapng; do "
                                      "test -s one/$file && cmp one/$file seen/$file || exit 1; "
                                      "done"),
                        0);
}

// A foreign reader finds nothing wrong in any packet, nor in the numbers of segments.
static void wireshark_reads_what_was_traced(void **state) {
    (void)state;
    const char *tshark = mqtt_need_program("tshark");
    process_write_file("hall.yaml", HALL);
    process_assert_code(process_start("simulate", "hall.yaml", "--trace", "seen"), 0);
    struct process *all = process_start(tshark, "-r", "seen/hall.pcapng");
    process_assert_code(all, 0);
    assert_non_null(strstr(process_text(&all->out), "Publish Message"));
    assert_non_null(strstr(process_text(&all->out), "Connect Ack"));
    struct process *wrong = process_start(tshark, "-r", "seen/hall.pcapng", "-Y",
                                          "_ws.malformed || tcp.analysis.flags");
    process_assert_code(wrong, 0);
    assert_string_equal(process_text(&wrong->out), "");
}

static void what_cannot_be_written_is_said(void **state) {
    (void)state;
    process_write_file("hall.yaml", HALL);
    struct process *full = process_start("simulate", "hall.yaml", "--trace", ".");
    process_assert_code(full, 3);
    assert_non_null(strstr(process_text(&full->err), "simulate: --trace .: holds files already; "
                                                     "name a folder that is empty or not there"));
    struct process *nowhere = process_start("simulate", "hall.yaml", "--trace", "no/where");
    process_assert_code(nowhere, 3);
    assert_non_null(strstr(process_text(&nowhere->err), "--trace no/where: No such file"));
    struct process *file = process_start("simulate", "hall.yaml", "--trace", "hall.yaml");
    process_assert_code(file, 3);
    assert_non_null(strstr(process_text(&file->err), "--trace hall.yaml: is no folder"));
    struct process *many =
        process_start("simulate", "hall.yaml", "--trace", "seen", "--seeds", "2");
    process_assert_code(many, 2);
    const char *const words[] = {"simulate", "hall.yaml", "--trace", "small", NULL};
    struct process *disk = process_start_with(
        &(struct process_options){.folder = process_folder, .words = words, .file_size_max = 1000});
    process_assert_code(disk, 3);
    assert_non_null(strstr(process_text(&disk->err), "cannot be written: File too large"));
    assert_non_null(strstr(process_text(&disk->out), "fingerprint")); // the run went on
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, process_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(watch_reads_what_was_traced),     TEST(ends_have_their_reasons),
        TEST(threads_write_the_same),          TEST(threads_write_the_same_of_joined_networks),
        TEST(wireshark_reads_what_was_traced), TEST(what_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
