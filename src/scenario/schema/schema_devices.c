#include "scenario/schema/schema_devices.h"

#include "scenario/draft.h"

// What devices that sleep and devices that fail have in common; only what they do by default about
// a DISCONNECT differs, `goodbye`, and `other` is the example.
#define PAUSE_ROWS(section, goodbye, other)                                                       \
    {section ".every",                                                                            \
     SCHEMA_TIME_JITTER,                                                                          \
     true,                                                                                        \
     SCHEMA_FIELD(plan_pause, every_ns),                                                          \
     SCHEMA_OTHER(plan_pause, jitter_ns),                                                         \
     0,                                                                                           \
     1000000,                                                                                     \
     PLAN_TIME_MAX,                                                                               \
     NULL,                                                                                        \
     NULL,                                                                                        \
     "15 min ~ 10 %",                                                                             \
     "Connected for so long."},                                                                   \
        {section ".for", SCHEMA_TIME, true,     SCHEMA_FIELD(plan_pause, for_ns),                 \
         SCHEMA_NONE,    0,           1000000,  PLAN_TIME_MAX,                                    \
         NULL,           NULL,        "14 min", "Away for so long."},                             \
        {section ".says goodbye",                                                                 \
         SCHEMA_YES_NO,                                                                           \
         false,                                                                                   \
         SCHEMA_FIELD(plan_pause, says_goodbye),                                                  \
         SCHEMA_NONE,                                                                             \
         0,                                                                                       \
         0,                                                                                       \
         1,                                                                                       \
         goodbye,                                                                                 \
         NULL,                                                                                    \
         other,                                                                                   \
         "Whether a DISCONNECT comes first."},                                                    \
    {                                                                                             \
        section ".forgets", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_pause, forgets), SCHEMA_NONE, \
            0, 0, 1, "no", NULL, "yes", "Whether it has forgotten all when it comes back."        \
    }

const struct schema_row schema_device_rows[] = {
    {"devices", SCHEMA_LIST, true, SCHEMA_FIELD(draft, groups), SCHEMA_OTHER(draft, group_count),
     sizeof(struct draft_group), 1, PLAN_GROUPS_MAX, NULL, NULL,
     "[{name: soil-{i}, count: 100, speaks: mqtt 5.0, broker: hall}]",
     "Groups of devices of one kind."},
    {"devices.name", SCHEMA_NAME, true, SCHEMA_FIELD(draft_group, group.name), SCHEMA_NONE, 0, 0, 0,
     NULL, NULL, "soil-{i}",
     "The name of a device, which is its client identifier; with a count it has {i} in it."},
    {"devices.group", SCHEMA_TEXT, false, SCHEMA_FIELD(draft_group, group.label), SCHEMA_NONE, 0, 0,
     0, NULL, NULL, "soil",
     "What the group is called in reports, faults and expectations. Without it: the name up to its "
     "first brace."},
    {"devices.count", SCHEMA_NUMBER, false, SCHEMA_FIELD(draft_group, group.count), SCHEMA_NONE, 0,
     1, PLAN_DEVICES_MAX, "1", NULL, "100000", "So many of them."},
    {"devices.first", SCHEMA_NUMBER, false, SCHEMA_FIELD(draft_group, group.first), SCHEMA_NONE, 0,
     0, UINT32_MAX, "1", NULL, "0", "The number of the first one."},
    {"devices.speaks", SCHEMA_WORD, true, SCHEMA_FIELD(draft_group, group.speaks), SCHEMA_NONE, 0,
     0, UINT32_MAX, NULL, "line classic|line sodium|mqtt 3.1|mqtt 3.1.1|mqtt 5.0", "mqtt 5.0",
     "Lines of the virtual network with one of its suites, or MQTT of a version."},
    {"devices.network", SCHEMA_PLACES, false, SCHEMA_FIELD(draft_group, networks), SCHEMA_NONE, 0,
     0, 0, NULL, NULL, "block-{i per 100}",
     "The network that they stand in, a pattern for it, or a list that is used in turns. Without "
     "it: that of their broker."},
    {"devices.link", SCHEMA_LINK, false, SCHEMA_FIELD(draft_group, group.link), SCHEMA_NONE, 0, 0,
     0, NULL, NULL, "nb-iot", "Between a device and its network. Without it: that of the network."},
    {"devices.broker", SCHEMA_PLACES, true, SCHEMA_FIELD(draft_group, brokers), SCHEMA_NONE, 0, 0,
     0, NULL, NULL, "hall",
     "The broker that they use, a pattern for it, or a list that is used in turns."},
    {"devices.connect", SCHEMA_MAP, false, SCHEMA_FIELD(draft_group, group.connect), SCHEMA_NONE, 0,
     0, 0, NULL, NULL, "{within: 10 min, keep alive: 60 s}", "How they connect."},
    {"devices.connect.at", SCHEMA_TIME, false, SCHEMA_FIELD(plan_connect, at_ns), SCHEMA_NONE, 0, 0,
     PLAN_TIME_MAX, "0 s", NULL, "00:10", "When they begin."},
    {"devices.connect.within", SCHEMA_TIME, false, SCHEMA_FIELD(plan_connect, within_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "1 s", NULL, "10 min", "Spread evenly over so long."},
    {"devices.connect.keep alive", SCHEMA_SECONDS, false, SCHEMA_FIELD(plan_connect, keep_alive_s),
     SCHEMA_NONE, 0, 0, 65535, "60 s", NULL, "5 min", "Of the CONNECT; 0: none."},
    {"devices.connect.clean start", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_connect, clean_start),
     SCHEMA_NONE, 0, 0, 1, "yes", NULL, "no",
     "Whether a session of before is discarded; before 5.0, whether none outlives the connection."},
    {"devices.connect.session expiry", SCHEMA_TIME_OR_NEVER, false,
     SCHEMA_FIELD(plan_connect, session_expiry_ns), SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL,
     "1 h", "5.0: how long the session outlives the connection."},
    {"devices.connect.timeout", SCHEMA_TIME, false, SCHEMA_FIELD(plan_connect, timeout_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL, "30 s",
     "For the answer to a CONNECT; 0: as a client usually waits."},
    {"devices.connect.receive maximum", SCHEMA_NUMBER, false,
     SCHEMA_FIELD(plan_connect, receive_maximum), SCHEMA_NONE, 0, 0, 65535, "0", NULL, "10",
     "QoS 1 and 2 messages on their way to the device; 0: as usual."},
    {"devices.connect.scram", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_connect, scram), SCHEMA_NONE,
     0, 0, 1, "no", NULL, "yes",
     "5.0: client and broker prove a password to each other by SCRAM-SHA-256, which takes AUTH "
     "packets."},
    {"devices.connect.back-off", SCHEMA_RETRY, false, SCHEMA_FIELD(plan_connect, retry),
     SCHEMA_NONE, 0, 0, 0, "exponential 1 s to 2 min with jitter", NULL, "fixed 10 s",
     "When a device that lost its broker tries again: never; fixed TIME; exponential TIME to TIME, "
     "then nothing, with jitter, or with decorrelated jitter; last, N attempts."},
    {"devices.connect.will", SCHEMA_PART, false, SCHEMA_FIELD(plan_connect, will),
     SCHEMA_OTHER(plan_connect, will.exists), 0, 0, 0, NULL, NULL,
     "{topic: farm/{name}/lost, payload: gone}",
     "What the broker publishes for a device that is lost."},
    {"devices.connect.will.topic", SCHEMA_TOPIC, true, SCHEMA_FIELD(plan_will, topic), SCHEMA_NONE,
     0, 0, 0, NULL, NULL, "farm/{name}/lost", "Its topic."},
    {"devices.connect.will.payload", SCHEMA_PAYLOAD, false, SCHEMA_FIELD(plan_will, payload),
     SCHEMA_NONE, 0, 0, 0, "", NULL, "gone", "Its payload."},
    {"devices.connect.will.qos", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_will, qos), SCHEMA_NONE, 0,
     0, 2, "0", NULL, "1", "Its QoS."},
    {"devices.connect.will.retain", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_will, retain),
     SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes", "Whether it is retained."},
    {"devices.connect.will.delay", SCHEMA_TIME, false, SCHEMA_FIELD(plan_will, delay_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL, "30 s",
     "5.0: so long after the device was lost."},
    {"devices.publish", SCHEMA_LIST, false, SCHEMA_FIELD(draft_group, group.publish),
     SCHEMA_OTHER(draft_group, group.publish_count), sizeof(struct plan_publish), 0, PLAN_ITEMS_MAX,
     NULL, NULL, "[{topic: farm/{name}/moisture, every: 60 s ~ 10 %, value: 'walk(10, 60, 0.5)'}]",
     "What each of them publishes."},
    {"devices.publish.topic", SCHEMA_TOPIC, true, SCHEMA_FIELD(plan_publish, topic), SCHEMA_NONE, 0,
     0, 0, NULL, NULL, "farm/{name}/moisture", "The topic."},
    {"devices.publish.qos", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_publish, qos), SCHEMA_NONE, 0,
     0, 2, "0", NULL, "1", "The QoS."},
    {"devices.publish.retain", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_publish, retain),
     SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes", "Whether it is retained."},
    {"devices.publish.every", SCHEMA_TIME_JITTER, false, SCHEMA_FIELD(plan_publish, every_ns),
     SCHEMA_OTHER(plan_publish, jitter_ns), 0, 0, PLAN_TIME_MAX, "0 s", NULL, "60 s ~ 10 %",
     "Time between two of them, and how much it varies. Without it: once."},
    {"devices.publish.from", SCHEMA_TIME, false, SCHEMA_FIELD(plan_publish, from_ns), SCHEMA_NONE,
     0, 0, PLAN_TIME_MAX, "0 s", NULL, "10 min", "Not before that time."},
    {"devices.publish.until", SCHEMA_TIME_OR_NEVER, false, SCHEMA_FIELD(plan_publish, until_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "never", NULL, "12 h", "Not from that time on."},
    {"devices.publish.times", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_publish, times), SCHEMA_NONE,
     0, 0, UINT32_MAX, "0", NULL, "10", "At most so often; 0: no bound."},
    {"devices.publish.burst", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_publish, burst), SCHEMA_NONE,
     0, 1, 100000, "1", NULL, "20", "So many messages each time."},
    {"devices.publish.size", SCHEMA_BYTES, false, SCHEMA_FIELD(plan_publish, size), SCHEMA_NONE, 0,
     0, PLAN_PAYLOAD_MAX, "0", NULL, "32 B",
     "A shorter payload is filled up with blanks to so many bytes; 0: it is as it is."},
    {"devices.publish.value", SCHEMA_VALUE, false, SCHEMA_FIELD(plan_publish, value), SCHEMA_NONE,
     0, 0, 0, NULL, NULL, "walk(10, 60, 0.5)", "The value, an expression."},
    {"devices.publish.payload", SCHEMA_PAYLOAD, false, SCHEMA_FIELD(plan_publish, payload),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "{\"moisture\": {value}}",
     "The payload, a pattern. Without it: the value alone."},
    {"devices.publish.expiry", SCHEMA_TIME, false, SCHEMA_FIELD(plan_publish, expiry_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL, "1 h",
     "5.0: the broker discards it after so long."},
    {"devices.publish.curve", SCHEMA_CURVE, false, SCHEMA_FIELD(plan_publish, curve),
     SCHEMA_OTHER(plan_publish, curve_count), 0, 1, 24, NULL, NULL,
     "{06:00: 10 %, 09:00: 100 %, 22:00: 30 %}",
     "How busy it is by the time of day, as a share of what `every` says; straight lines in "
     "between."},
    {"devices.publish.replay", SCHEMA_REPLAY, false, SCHEMA_FIELD(plan_publish, replay),
     SCHEMA_OTHER(plan_publish, replay_count), 0, 1, 100000, NULL, NULL, "soil.csv column 3",
     "Values and times of a CSV file beside the scenario: its first column is the time, the second "
     "one, or the one that is named, the value."},
    {"devices.publish.replay again", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_publish, replay_again),
     SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes", "Whether the file is played again from its start."},
    {"devices.subscribe", SCHEMA_LIST, false, SCHEMA_FIELD(draft_group, group.subscribe),
     SCHEMA_OTHER(draft_group, group.subscribe_count), sizeof(struct plan_subscribe), 0,
     PLAN_ITEMS_MAX, NULL, NULL, "[{filter: farm/{name}/command, qos: 1}]",
     "What each of them subscribes to."},
    {"devices.subscribe.filter", SCHEMA_FILTER, true, SCHEMA_FIELD(plan_subscribe, filter),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "farm/{name}/command", "The topic filter."},
    {"devices.subscribe.qos", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_subscribe, qos), SCHEMA_NONE,
     0, 0, 2, "0", NULL, "1", "The highest QoS."},
    {"devices.subscribe.share", SCHEMA_TEXT, false, SCHEMA_FIELD(plan_subscribe, share_name),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "workers",
     "The name of a shared subscription: each message goes to one of those that share it."},
    {"devices.subscribe.no local", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_subscribe, no_local),
     SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes", "5.0: not what it published itself."},
    {"devices.subscribe.retain as published", SCHEMA_YES_NO, false,
     SCHEMA_FIELD(plan_subscribe, retain_as_published), SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes",
     "5.0: the retain flag stays as the publisher set it."},
    {"devices.subscribe.retain handling", SCHEMA_NUMBER, false,
     SCHEMA_FIELD(plan_subscribe, retain_handling), SCHEMA_NONE, 0, 0, 2, "0", NULL, "2",
     "5.0: 0 retained messages come at each SUBSCRIBE, 1 at new ones only, 2 never."},
    {"devices.subscribe.for", SCHEMA_TIME, false, SCHEMA_FIELD(plan_subscribe, for_ns), SCHEMA_NONE,
     0, 0, PLAN_TIME_MAX, "0 s", NULL, "2 min", "It is taken back after so long, once; 0: never."},
    {"devices.subscribe.answer", SCHEMA_PART, false, SCHEMA_FIELD(plan_subscribe, answer),
     SCHEMA_OTHER(plan_subscribe, answer.exists), 0, 0, 0, NULL, NULL,
     "{topic: farm/{name}/state, payload: done}",
     "What it publishes when a message comes: commands are answered."},
    {"devices.subscribe.answer.topic", SCHEMA_TOPIC, true, SCHEMA_FIELD(plan_answer, topic),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "farm/{name}/state", "The topic of the answer."},
    {"devices.subscribe.answer.qos", SCHEMA_NUMBER, false, SCHEMA_FIELD(plan_answer, qos),
     SCHEMA_NONE, 0, 0, 2, "0", NULL, "1", "Its QoS."},
    {"devices.subscribe.answer.retain", SCHEMA_YES_NO, false, SCHEMA_FIELD(plan_answer, retain),
     SCHEMA_NONE, 0, 0, 1, "no", NULL, "yes", "Whether it is retained."},
    {"devices.subscribe.answer.value", SCHEMA_VALUE, false, SCHEMA_FIELD(plan_answer, value),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "uniform(0, 1)", "Its value."},
    {"devices.subscribe.answer.payload", SCHEMA_PAYLOAD, false, SCHEMA_FIELD(plan_answer, payload),
     SCHEMA_NONE, 0, 0, 0, NULL, NULL, "{payload} done",
     "Its payload; {topic} and {payload} are those of the message. Without it: the value alone."},
    {"devices.subscribe.answer.after", SCHEMA_TIME_JITTER, false,
     SCHEMA_FIELD(plan_answer, after_ns), SCHEMA_OTHER(plan_answer, jitter_ns), 0, 0, PLAN_TIME_MAX,
     "0 s", NULL, "200 ms ~ 50 ms", "So long after the message."},
    {"devices.subscribe.answer.share", SCHEMA_SHARE, false, SCHEMA_FIELD(plan_answer, share),
     SCHEMA_NONE, 0, 0, 1000000, "100 %", NULL, "95 %", "Of the messages that it answers."},
    {"devices.sleep", SCHEMA_PART, false, SCHEMA_FIELD(draft_group, group.sleep), SCHEMA_NONE, 0, 0,
     0, NULL, NULL, "{every: 15 min, for: 14 min}",
     "Devices that sleep: they go, and come back to the same session."},
    PAUSE_ROWS("devices.sleep", "yes", "no"),
    {"devices.churn", SCHEMA_PART, false, SCHEMA_FIELD(draft_group, group.churn), SCHEMA_NONE, 0, 0,
     0, NULL, NULL, "{every: 1 h ~ 50 %, for: 1 min}",
     "Devices that fail: likewise, but as if a cable were cut."},
    PAUSE_ROWS("devices.churn", "no", "yes"),
    {"devices.take-over", SCHEMA_TIME, false, SCHEMA_FIELD(draft_group, group.take_over_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL, "1 h",
     "About so often another device of the same name connects, and the broker has to end the older "
     "connection; 0: never."},
    {"devices.misbehaves", SCHEMA_WORDS, false, SCHEMA_FIELD(draft_group, group.bad), SCHEMA_NONE,
     0, 0, 63, NULL, "no acknowledgement|same id|oversize|no ping|does not read|garbage",
     "[no acknowledgement]", "What they do wrong."},
    {"devices.misbehaving", SCHEMA_SHARE, false, SCHEMA_FIELD(draft_group, group.bad_share),
     SCHEMA_NONE, 0, 0, 1000000, "100 %", NULL, "1 %", "Of the devices of the group."},
    {"devices.per packet", SCHEMA_TIME, false,
     SCHEMA_FIELD(draft_group, group.processing.packet_ns), SCHEMA_NONE, 0, 0, 3600 * PLAN_SECOND,
     "0 s", NULL, "200 ms",
     "Time that a device takes for each message that comes: slow consumers."},
    {"devices.per KiB", SCHEMA_TIME, false, SCHEMA_FIELD(draft_group, group.processing.kib_ns),
     SCHEMA_NONE, 0, 0, 60 * PLAN_SECOND, "0 s", NULL, "10 ms", "And for each 1024 bytes on top."},
    {"devices.clock offset", SCHEMA_TIME, false, SCHEMA_FIELD(draft_group, group.clock_offset_ns),
     SCHEMA_NONE, 0, 0, PLAN_TIME_MAX, "0 s", NULL, "2 s",
     "Its clock is wrong by up to so much, either way."},
    {"devices.clock drift", SCHEMA_NUMBER, false, SCHEMA_FIELD(draft_group, group.clock_drift_ppm),
     SCHEMA_NONE, 0, 0, 100000, "0", NULL, "50",
     "And runs wrong by up to so many parts of a million."},
    SCHEMA_END,
};

const struct schema_row schema_fault_rows[] = {
    {"faults", SCHEMA_LIST, false, SCHEMA_FIELD(draft, faults), SCHEMA_OTHER(draft, fault_count),
     sizeof(struct draft_fault), 0, PLAN_ITEMS_MAX, NULL, NULL,
     "[{at: 03:00, for: 5 min, do: partition farm from city}, drop PUBACK 3 from soil-17]",
     "What goes wrong, and when. A line alone is one with `do`, from the start to the end."},
    {"faults.at", SCHEMA_TIME, false, SCHEMA_FIELD(draft_fault, fault.at_ns), SCHEMA_NONE, 0, 0,
     PLAN_TIME_MAX, "0 s", NULL, "03:00", "When it begins."},
    {"faults.for", SCHEMA_TIME, false, SCHEMA_FIELD(draft_fault, fault.for_ns), SCHEMA_NONE, 0, 0,
     PLAN_TIME_MAX, "0 s", NULL, "5 min", "How long it lasts; 0: a moment, or to the end."},
    {"faults.every", SCHEMA_TIME, false, SCHEMA_FIELD(draft_fault, fault.every_ns), SCHEMA_NONE, 0,
     0, PLAN_TIME_MAX, "0 s", NULL, "24 h", "Again and again, so long after it began; 0: once."},
    {"faults.do", SCHEMA_FAULT, true, SCHEMA_FIELD(draft_fault, fault), SCHEMA_NONE, 0, 0, 0, NULL,
     NULL, "partition farm from city",
     "What happens: a rule of docs/faults.md, or something that befalls parts of the world."},
    {"expect", SCHEMA_EXPECT, false, SCHEMA_FIELD(draft, expectations),
     SCHEMA_OTHER(draft, expectation_count), sizeof(struct metric_expectation), 0, PLAN_ITEMS_MAX,
     NULL, NULL, "[lost.qos1 == 0, latency.p99 < 2 s]",
     "What has to be true in the end, or the run fails."},
    SCHEMA_END,
};
