// What the live page's modules do, without a browser: they are plain ones, and most touch no
// document. Run by page_test:
//   node page_units.js FOLDER-OF-THE-PAGE COPY-OF-IT
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [, , folder, copy] = process.argv;

// Node takes them for modules where a file beside them says so.
fs.cpSync(folder, copy, { recursive: true });
fs.writeFileSync(path.join(copy, "package.json"), '{"type": "module"}');
globalThis.location = { hash: "" };
const load = (name) => import(pathToFileURL(path.join(copy, name)).href);

const line = (n) => JSON.stringify({ type: "note", words: `item ${n}` });
const lines = (from, count) => Array.from({ length: count }, (_, i) => line(from + i));

// What a server with these items answers, `most` of them at once.
function serve(items, most = Infinity) {
  globalThis.fetch = async (asked) => {
    const { pathname, searchParams } = new URL(asked, "http://localhost/");
    const from = Number(searchParams.get("from"));
    const count = Math.min(most, Number(searchParams.get("count")));
    const text =
      pathname === "/about"
        ? JSON.stringify({ first: 0, next: items.length })
        : items.slice(from, from + count).map((item) => `${JSON.stringify(item)}\n`).join("");
    return { ok: true, headers: new Map([["Item", from]]), text: async () => text, json: async () => JSON.parse(text) };
  };
}

// A packet of a client's connection.
const packet = (type, more = {}) => ({ type, connection: 1, network: "tap", from: "client", client: "lamp", port: 1883, bytes: 2, ...more });
const publish = (topic, more = {}) => packet("PUBLISH", { topic, payload: "1", qos: 0, ...more });
const by_alias = (topic, alias, more = {}) =>
  publish(topic, { properties: [{ property: "topic alias", value: alias }], ...more });

const numbered = (items) => items.map((item, n) => ({ ...item, n, at: n }));

const checks = {
  async "items keep their order and their numbers, and are read when they are asked for"() {
    const { Items } = await load("items.js");
    const items = new Items();
    assert.equal(items.append(5, lines(5, 3)), true);
    assert.equal(items.append(8, [...lines(8, 1), "no JSON"]), false);
    assert.deepEqual([5, 6, 7, 8].map((n) => [items.get(n).n, items.get(n).words]), [5, 6, 7, 8].map((n) => [n, `item ${n}`]));
    assert.match(items.get(9).words, /cannot read/);
    assert.equal(items.get(7), items.get(7));
    assert.deepEqual([items.has(4), items.has(5), items.has(9), items.has(10)], [false, true, true, false]);
    assert.equal(items.append(20, lines(20, 1)), true); // a gap
    assert.deepEqual([items.base, items.next, items.total], [20, 21, 21]);
  },

  async "of items that go, those are kept that tell who is there"() {
    const { Items, ITEMS_MAX } = await load("items.js");
    const items = new Items();
    const told = (n) => JSON.stringify({ type: n % 2 ? "join" : "left", sender: n });
    items.append(0, [told(0), told(1), ...lines(2, 8)]);
    items.get(1); // read already
    for (let n = 10; n < 2 * ITEMS_MAX; n += 1000) {
      items.append(n, lines(n, 1000));
    }
    assert.deepEqual(items.arrivals.map(({ type, sender }) => [type, sender]), [["left", 0], ["join", 1]]);
    items.append(items.next, Array.from({ length: ITEMS_MAX }, (_, i) => told(i)));
    items.append(items.next, lines(items.next, ITEMS_MAX));
    assert.equal(items.arrivals.length, 1000);
    assert.equal(items.arrivals.at(-1).sender, ITEMS_MAX - 1);
  },

  async "items are bounded, and the oldest go"() {
    const { Items, ITEMS_MAX } = await load("items.js");
    const items = new Items();
    for (let n = 0; n < 4 * ITEMS_MAX; n += 1000) {
      assert.equal(items.append(n, lines(n, 1000)), false);
      assert.ok(items.list.length <= ITEMS_MAX + 5000);
    }
    assert.equal(items.next, 4 * ITEMS_MAX);
    assert.equal(items.get(items.base).words, `item ${items.base}`);
  },

  async "text from outside is written out"() {
    const { visible } = await load("text.js");
    assert.equal(visible("a\u202eb\tc\u0000\u200b"), "a\\u{202E}b\\tc\\x00\\u{200B}");
    assert.equal(visible("<b>"), "<b>");
    assert.equal(visible("12345", 3), "123…");
    assert.ok(visible("12😀", 3).isWellFormed());
  },

  async "a topic filter is MQTT's"() {
    const { topic_matches } = await load("filter.js");
    const rows = [
      ["a/b", "a/b", true],
      ["a/b", "a/b/c", false],
      ["a/+", "a/b", true],
      ["a/+", "a", false],
      ["a/+", "a/b/c", false],
      ["a/#", "a/b/c", true],
      ["a/#", "b", false],
      ["#", "$SYS/x", false],
      ["+/x", "$SYS/x", false],
      ["$SYS/#", "$SYS/x", true],
      ["+", "", true],
    ];
    rows.forEach(([filter, topic, is]) => assert.equal(topic_matches(filter, topic), is, `${filter} ${topic}`));
  },

  async "a filter lets through what it says"() {
    const { Filter } = await load("filter.js");
    const open = { client: "", topic: "", text: "", kind: "", qos: "", faults: false, pings: true };
    const found = (wanted, item) => Object.assign(Object.create(Filter.prototype), { wanted: { ...open, ...wanted } }).matches(item);
    assert.equal(found({ client: "lam*" }, packet("PINGREQ")), true);
    assert.equal(found({ client: "lam" }, packet("PINGREQ")), false);
    assert.equal(found({ client: "580" }, { type: "publ", sender: 83, receiver: 580 }), true);
    assert.equal(found({ pings: false }, packet("PINGREQ")), false);
    assert.equal(found({ qos: "1" }, publish("a", { qos: 1 })), true);
    assert.equal(found({ qos: "1" }, publish("a")), false);
    assert.equal(found({ faults: true }, publish("a")), false);
    assert.equal(found({ faults: true }, publish("a", { way: { what: "dropped" } })), true);
    assert.equal(found({ text: "refus" }, packet("CONNACK", { words: "Refused" })), true);
    assert.equal(found({ topic: "a/#" }, packet("PUBACK")), false);
  },

  async "aliases of topics belong to one side of one connection"() {
    const { Aliases } = await load("aliases.js");
    const aliases = new Aliases();
    const named = (item) => (aliases.take(item), item.topic);
    named(by_alias("home/1", 3));
    assert.equal(named(by_alias("", 3)), "home/1");
    assert.equal(named(by_alias("", 4)), "");
    assert.equal(named(by_alias("", 3, { from: "broker" })), "");
    assert.equal(named(by_alias("", 3, { connection: 2 })), "");
    assert.equal(named(by_alias("home/2", 3)), "home/2");
    assert.equal(named(by_alias("", 3)), "home/2");
    aliases.take(packet("close"));
    assert.equal(named(by_alias("", 3)), "");
    assert.equal(aliases.count, 0);
  },

  async "the tree shows what a topic filter lets through, and what that stands below"() {
    const { Topics, matching } = await load("topics.js");
    const topics = new Topics();
    for (const name of ["home/1/temp", "home/2/temp", "home/2/door", "home", "shed/1/temp", "$SYS/x"]) {
      topics.take(name, { n: 0, payload: "1" }, true);
    }
    const shown = (filter) => [...matching(topics, filter)].map(({ name }) => name).sort().join(" ");
    assert.equal(matching(topics, ""), null);
    assert.equal(shown("home/+/temp"), " home home/1 home/1/temp home/2 home/2/temp");
    assert.equal(shown("home/2/#"), " home home/2 home/2/door home/2/temp");
    assert.equal(shown("+/1/temp"), " home home/1 home/1/temp shed shed/1 shed/1/temp");
    assert.equal(shown("home/2/#").includes("shed"), false);
    assert.equal(shown("#").includes("$SYS"), false);
    assert.equal(shown("$SYS/#"), " $SYS $SYS/x");
    assert.equal(shown("none/at/all"), "");
  },

  async "one is not many"() {
    const { counted } = await load("text.js");
    assert.deepEqual(
      [0, 1, 1234].map((count) => counted(count, "topic")),
      ["0 topics", "1 topic", "1,234 topics"],
    );
    assert.equal(counted(2, "packet is", "packets are"), "2 packets are");
  },

  async "files hold all that the filter lets through, whole, and no formulas"() {
    const { make_file, formats } = await load("take_away.js");
    const { topic_matches } = await load("filter.js");
    const items = Array.from({ length: 1203 }, (_, n) =>
      n === 0 ? by_alias("home/x", 1) : by_alias("", 1, { payload: n === 7 ? '=1+"1"' : `v${n}`, raw: "3000", time: 1, nanoseconds: n }),
    );
    items.push(publish("other"), packet("PINGREQ"));
    serve(items, 500);
    const filter = { matches: (item) => item.type === "PUBLISH" && topic_matches("home/#", item.topic) };
    const shares = [];
    const json = await make_file(formats.json_lines(), filter, (taken, share) => shares.push(share));
    assert.equal(json.taken, 1203);
    assert.equal(json.parts.length, 1203);
    assert.deepEqual(JSON.parse(json.parts[5]), { ...items[5], topic: "home/x" });
    assert.equal(shares.at(-1), 1);
    const csv = await make_file(formats.csv(), filter, () => {});
    assert.equal(csv.parts.length, 1 + 1203);
    assert.ok(csv.parts[8].includes(`"'=1+""1"""`), csv.parts[8]);
    const pcapng = await make_file(formats.pcapng(), filter, () => {});
    assert.equal(pcapng.taken, 1202); // the first has no bytes here
    const whole = Buffer.concat(pcapng.parts);
    let blocks = 0;
    for (let at = 0; at < whole.length; blocks++) {
      const size = whole.readUInt32LE(at + 4);
      assert.equal(whole.readUInt32LE(at + size - 4), size);
      at += size;
    }
    assert.equal(blocks, 2 + 1202);
  },

  async "an exchange is lit from PUBLISH to PUBCOMP, and a dropped answer does not end it"() {
    const { World } = await load("world.js");
    const world = new World();
    const dropped = { way: { what: "dropped" } };
    const items = numbered([
      publish("a", { qos: 2, packet_id: 7 }),
      packet("PUBREC", { from: "broker", packet_id: 7 }),
      packet("PUBREL", { packet_id: 7 }),
      packet("PUBCOMP", { from: "broker", packet_id: 7, ...dropped }),
      packet("PUBREL", { packet_id: 7 }),
      packet("PUBCOMP", { from: "broker", packet_id: 7 }),
    ]);
    items.forEach((item, n) => {
      world.take(item);
      const lamp = [...world.nodes.values()].find((node) => node.label === "lamp");
      assert.equal(lamp.under_way, n < 5 ? 1 : 0, `after ${item.type} ${n}`);
    });
    assert.deepEqual(items[0].exchange, [0, 1, 2, 3, 4, 5]);
    assert.equal(world.exchanges.size, 0);
  },

  async "messages wait for a session that is away, and for no other"() {
    const { World } = await load("world.js");
    const world = new World();
    const of = (client, connection) => ({ client, connection });
    const here = (client, more) =>
      [
        packet("CONNECT", { clean_start: false, version: "3.1.1", ...of(client, more.connection) }),
        packet("CONNACK", { from: "broker", reason: 0, session_present: false, ...of(client, more.connection) }),
        packet("SUBSCRIBE", { packet_id: 1, filters: [{ filter: more.filter }], ...of(client, more.connection) }),
        packet("SUBACK", { from: "broker", packet_id: 1, reasons: [{ reason: more.qos }], ...of(client, more.connection) }),
        packet("close", of(client, more.connection)),
      ];
    const items = [
      ...here("one", { connection: 1, filter: "a/+", qos: 1 }),
      ...here("two", { connection: 2, filter: "b/#", qos: 1 }),
      ...here("three", { connection: 4, filter: "a/x/#", qos: 2 }),
      ...here("four", { connection: 5, filter: "a/+", qos: 0 }),
      publish("a/x", { qos: 1, packet_id: 4, ...of("lamp", 3) }),
      packet("PUBACK", { from: "broker", packet_id: 4, ...of("lamp", 3) }),
      publish("a/x", of("lamp", 3)), // QoS 0 does not wait
    ];
    numbered(items).forEach((item) => world.take(item));
    const queued = (name) => [...world.nodes.values()].find((node) => node.label === name).queued;
    assert.deepEqual(["one", "two", "three", "four"].map(queued), [1, 0, 1, 0]);
  },

  async "a moment that was copied goes on as it did"() {
    const { World } = await load("world.js");
    const away = { client: "away", connection: 2 };
    const list = numbered([
      packet("CONNECT", { clean_start: false, version: "3.1.1", ...away }),
      packet("CONNACK", { from: "broker", reason: 0, session_present: false, ...away }),
      packet("SUBSCRIBE", { packet_id: 1, filters: [{ filter: "a/+" }], ...away }),
      packet("SUBACK", { from: "broker", packet_id: 1, reasons: [{ reason: 1 }], ...away }),
      packet("close", away),
      by_alias("a/x", 1, { qos: 2, packet_id: 7 }),
      packet("PUBREC", { from: "broker", packet_id: 7 }),
      packet("PUBREL", { packet_id: 7 }),
      packet("PUBCOMP", { from: "broker", packet_id: 7 }),
      by_alias("", 1, { qos: 1, packet_id: 8 }),
      packet("PUBACK", { from: "broker", packet_id: 8 }),
      packet("CONNECT", { clean_start: false, version: "3.1.1", ...away }),
      packet("CONNACK", { from: "broker", reason: 0, session_present: true, ...away }),
    ]);
    const all = { get: (n) => list[n] };
    const world = new World();
    const seen = (end) => structuredClone([{ ...world, changes: 0 }, list.slice(0, end).map((item) => item.exchange)]);
    const take = (from, end) => list.slice(from, end).forEach((item) => world.take(item));
    for (let at = 0; at <= list.length; at++) {
      world.reset();
      take(0, at);
      const copy = world.copy();
      const then = seen(at);
      take(at, list.length);
      const end = seen(list.length);
      for (let times = 0; times < 2; times++) {
        const { changes } = world;
        world.restore(copy, all);
        assert.ok(world.changes > changes);
        assert.deepEqual(seen(at), then, `at ${at}`);
        take(at, list.length);
        assert.deepEqual(seen(list.length), end, `from ${at}`);
      }
    }
    world.take(publish("/".repeat(1000)));
    world.restore(world.copy(), all);
    world.topics.find("/".repeat(20000), true); // deeper than any that is kept
    assert.equal(world.copy(), null);
  },

  async "numbers are found in values, and Sparkplug B is only what is"() {
    const { numbers_in, sparkplug, Topics } = await load("topics.js");
    assert.deepEqual([...numbers_in({ payload: '{"t":1.5,"in":{"ok":true,"no":"x"}}' })], [["t", 1.5], ["in.ok", 1]]);
    assert.deepEqual([...numbers_in({ payload: " 7 " })], [["value", 7]]);
    assert.equal(numbers_in({ payload: "{broken" }).size, 0);
    const plug = Uint8Array.from([0x12, 0x06, 0x10, 0x07, 0x20, 0x03, 0x50, 0x2a, 0x18, 0x05]);
    assert.equal(sparkplug("spBv1.0/x", plug), "alias 7 = 42\nseq = 5");
    assert.equal(sparkplug("other/x", plug), null);
    assert.equal(sparkplug("spBv1.0/x", plug.subarray(0, 5)), null);
    const topics = new Topics();
    for (let n = 0; n < 500; n++) {
      topics.take("a", { n, payload: String(n), retain: n === 1 }, true);
      topics.take("a", { n, payload: String(n) }, false); // as it reaches a subscriber
    }
    const topic = topics.find("a", false);
    assert.deepEqual([topic.count, topic.history.length, topic.last.payload, topic.retained], [500, 200, "499", true]);
    topics.take("a", { n: 501, payload: "", retain: true }, true);
    assert.equal(topic.retained, false);
  },

  async "everything stands where it stood, in whatever order it came"() {
    const { World } = await load("world.js");
    const { Layout } = await load("layout.js");
    const clients = Array.from({ length: 300 }, (_, i) => `${["lamp", "door", "pump", "soil"][i % 4]}-${i}`);
    const places = (names) => {
      const world = new World();
      numbered(names.map((client, i) => packet("CONNECT", { client, connection: i }))).forEach((item) => world.take(item));
      const { places, groups } = new Layout(world, 600, 400, []);
      return [[...places].map(([as, { x, y, members }]) => [as, x, y, members]).sort((a, b) => (a[0] < b[0] ? -1 : 1)), groups.size];
    };
    const [one, groups] = places(clients);
    assert.deepEqual(places([...clients].reverse())[0], one);
    assert.equal(groups, 4);
    assert.ok(places(clients.slice(0, 40))[1] === 0);
  },
};

// ---- colours, as people see them who lack one kind of cones -----------------------------------------

// Machado, Oliveira and Fernandes 2009, at full severity, of linear RGB.
const sights = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const linear = (hex) =>
  hex.match(/[0-9a-f]{2}/g).map((two) => {
    const part = parseInt(two, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
const times = (rows, rgb) => rows.map((row) => row.reduce((sum, one, i) => sum + one * rgb[i], 0));

// CIELAB, in which the distance of two colours is how different they look.
function lab(hex, sight) {
  const seen = times(sight, linear(hex)).map((part) => Math.min(1, Math.max(0, part)));
  const [x, y, z] = times([[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8729]], seen)
    .map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function contrast(one, other) {
  const [dark, light] = [one, other].map((hex) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0]).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Those of the root by day, and what the night has in their place.
function colours(at_night) {
  const text = ["../../report/palette.css", "web.css"].map((name) => fs.readFileSync(path.join(folder, name), "utf8")).join("");
  const blocks = [...text.matchAll(/(^|  ):root \{([^}]*)\}/gm)].filter((block) => at_night || block[1] === "");
  return Object.fromEntries(blocks.flatMap((block) => [...block[2].matchAll(/--(\w+): #(\w{6})/g)].map((one) => one.slice(1))));
}

Object.assign(checks, {
  async "kinds of packets differ for everybody, by day and by night, and can be read"() {
    for (const at_night of [false, true]) {
      const found = colours(at_night);
      const kinds = ["connect", "publish", "answer", "subscribe", "fault"];
      for (const [name, sight] of Object.entries(sights)) {
        kinds.forEach((one, i) =>
          kinds.slice(i + 1).forEach((other) => {
            const [a, b] = [lab(found[one], sight), lab(found[other], sight)];
            const distance = Math.hypot(...a.map((part, k) => part - b[k]));
            assert.ok(distance > 20, `${one} and ${other}, ${name}, ${at_night ? "night" : "day"}: ${distance.toFixed(1)}`);
          }),
        );
      }
      for (const kind of [...kinds, "ping", "end", "ink"]) {
        for (const ground of ["paper", "box", ...(kind === "ping" ? [] : ["lit"])]) {
          assert.ok(contrast(found[kind], found[ground]) >= 4.5, `${kind} on ${ground}: ${contrast(found[kind], found[ground]).toFixed(2)}`);
        }
      }
    }
  },
});

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      console.error(error);
      process.exit(1);
    }
  }
  console.log(`${Object.keys(checks).length} checks passed`);
})();
