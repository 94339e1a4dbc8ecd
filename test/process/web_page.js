// The live page in a real browser: everything is asserted in the page. Run by web_test, which has
// made what there is to see:
//   node web_page.js BROWSER URL TAP-COUNTS.json [FOLDER-FOR-PICTURES]
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const { with_page, run_checks } = require("./browser.js");

const [, , program, url, counts_file, pictures] = process.argv;
const counts = JSON.parse(fs.readFileSync(counts_file, "utf8"));
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
let page;

const rows = "[...document.querySelectorAll('#ladder .row')]";
const text_of = (selector) =>
  page.value(`document.querySelector(${JSON.stringify(selector)}).textContent`);
const click = (selector) =>
  page.value(`document.querySelector(${JSON.stringify(selector)}).click()`);
const set = (name, value) =>
  page.value(`(() => {
    const field = document.querySelector("#filter").elements["${name}"];
    if (field.type === "checkbox") field.checked = ${JSON.stringify(value)}; else field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
const number_of = (expression) => page.value(`mqttsim.items.list.find((item) => ${expression}).n`);

// Lanes with these names: none is cut, and no word goes on in the next line.
async function see_lanes_of(names) {
  const shown = await page.value(`(async () => {
    const { Ladder } = await import("./ladder.js");
    const place = document.createElement("div");
    place.style = "position: fixed; width: 700px; height: 400px";
    document.body.append(place);
    const nodes = new Map(${JSON.stringify(names)}.map((label, i) => [i, { label, kind: "client" }]));
    const item = (n) => ({ n, type: "publ", from_key: n, to_key: n + 1 });
    new Ladder(place, {}).show([0, 1, 2, 3].map(item), { nodes }, undefined);
    const lines = (text, from, to) => {
      const range = document.createRange();
      range.setStart(text, from);
      range.setEnd(text, to);
      return range.getClientRects().length;
    };
    const is_whole = (one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight &&
      [...one.textContent.matchAll(/[^ -]+/g)].every((word) =>
        lines(one.querySelector("bdi").firstChild, word.index, word.index + word[0].length) === 1);
    const lanes = [...place.querySelectorAll(".lane")].map((one) => [one.textContent, is_whole(one)]);
    place.remove();
    return lanes;
  })()`);
  assert.deepEqual(Object.fromEntries(shown), Object.fromEntries(names.map((one) => [one, true])));
}

const checks = {
  async "it counts what the capture holds"() {
    await page.until(`mqttsim.state.cursor === ${total}`);
    for (const [type, count] of Object.entries(counts)) {
      await page.until(
        `document.querySelector('#counts [data-type="${type}"] td')?.textContent === "${count}"`,
      );
    }
  },

  async "the ladder tells each packet in words, also to a screen reader"() {
    await page.until(`${rows}.some((row) => /PUBLISH/.test(row.getAttribute("aria-label")))`);
    assert.equal(
      await page.value("document.querySelector('#ladder').getAttribute('role')"),
      "listbox",
    );
    assert.ok(
      await page.value(
        `${rows}.every((row) => row.getAttribute("role") === "option" && row.querySelector("svg") !== null)`,
      ),
    );
    // What is written is part of the name, in its order, for those who speak to the page.
    assert.ok(
      await page.value(
        `${rows}.every((row) => row.getAttribute("aria-label").includes([...row.querySelectorAll(".time, .type, .words")].map((one) => one.textContent).join(" ")))`,
      ),
    );
  },

  async "a packet is shown with its fields, reason, statement and exchange"() {
    const n = await number_of(
      "item.type === 'PUBLISH' && item.qos === 2 && item.from === 'client'",
    );
    await page.value(`mqttsim.choose(${n})`);
    await page.until("document.querySelectorAll('#detail .fields tbody tr').length >= 6");
    const detail = await text_of("#detail");
    for (const part of [
      "exactly once",
      "packet identifier",
      "[MQTT-3.3.2-1] The topic name is the first field",
      "PUBREC",
      "PUBREL",
      "PUBCOMP",
    ]) {
      assert.ok(detail.includes(part), part);
    }
    assert.equal(
      await page.value(`${rows}.filter((row) => row.classList.contains("lit")).length`),
      4,
    );
    const dump = await page.value(
      "[...document.querySelectorAll('#detail .dump .field')].map((one) => one.textContent.trim()).join(' ')",
    );
    assert.equal(dump.replaceAll(" ", ""), await page.value(`mqttsim.items.get(${n}).raw`));
    await page.value("document.querySelector('#detail tr[data-field=\"3\"]').focus()");
    assert.ok(
      await page.value(
        "document.querySelector('#detail .dump [data-field=\"3\"]').classList.contains('lit')",
      ),
    );
  },

  // Of the broker and the router of a town: both begin with its name.
  async "names of lanes stand there whole"() {
    await see_lanes_of(["home 83", "home 7000", "garden 41", "garden 12000", "machine 455"]);
    await see_lanes_of(["broker 1", "dashboard", "press-9", "thermostat", "broker port 1883"]);
  },

  async "a password is nowhere"() {
    const n = await number_of("item.type === 'CONNECT' && item.password");
    await page.value(`mqttsim.choose(${n})`);
    await page.until("/password/.test(document.querySelector('#detail .fields')?.textContent)");
    const all = await page.value("JSON.stringify(mqttsim.items.list) + document.body.textContent");
    assert.ok(
      !all.includes("opensesame") && !all.includes(Buffer.from("opensesame").toString("hex")),
    );
  },

  async "a fault is found and looks like one"() {
    await page.value("mqttsim.seek(0)");
    await page.until("mqttsim.state.cursor === 0");
    await page.key("f");
    await page.until("mqttsim.state.chosen?.way?.what === 'dropped'");
    await page.until(
      "document.querySelector('#ladder .row[aria-selected=true]')?.classList.contains('fate-dropped')",
    );
    assert.match(await text_of("#detail .fate"), /never arrives.*drop PUBACK 1/s);
  },

  async "time stops, goes packet by packet and back, and plays"() {
    await page.value("mqttsim.seek(10)");
    await page.until("mqttsim.state.cursor === 10");
    await page.value("document.querySelector('#ladder').focus()");
    await page.key("ArrowRight");
    await page.until("mqttsim.state.cursor === 11 && mqttsim.state.chosen.n === 10");
    await page.key("ArrowLeft");
    await page.until("mqttsim.state.cursor === 10");
    const broker = '[...mqttsim.world.nodes.values()].find((node) => node.kind === "broker")';
    assert.equal(await page.value(`${broker}.sent + ${broker}.received`), 10);
    await page.value(
      "(() => { const s = document.querySelector('#time input'); s.value = 5; s.dispatchEvent(new Event('input')); })()",
    );
    await page.until("mqttsim.state.cursor === 5");
    await page.value(
      "(() => { const s = document.querySelector('#time select'); s.value = '100'; s.dispatchEvent(new Event('change')); })()",
    );
    await page.key(" ");
    await page.until(`mqttsim.state.cursor === ${total} && mqttsim.state.mode === "stopped"`);
    await page.key("l");
    await page.until(`document.querySelector("#state").textContent.startsWith("live")`);
  },

  async "filters let through what they say"() {
    await set("qos", "2");
    await page.until(
      `${rows}.length > 0 && ${rows}.every((row) => / PUBLISH 2 /.test(row.getAttribute("aria-label")))`,
    );
    await set("qos", "");
    await set("kind", "subscribe");
    await page.until(
      `${rows}.length === 2 && ${rows}.every((row) => / (SUBSCRIBE|SUBACK) /.test(row.getAttribute("aria-label")))`,
    );
    await set("kind", "");
    await set("topic", "home/+/temp");
    await page.until(
      `${rows}.length > 0 && ${rows}.every((row) => /PUBLISH/.test(row.getAttribute("aria-label")))`,
    );
    const tree = "[...document.querySelectorAll('[role=treeitem]')].map((row) => row.topic.name)";
    await page.until(
      `${tree}.includes("home/1/temp") && ${tree}.every((name) => /^home(\\/[^/]+(\\/temp)?)?$/.test(name))`,
    );
    await set("topic", "");
    await page.until(`${tree}.includes("home/weather")`);
    await set("faults", true);
    await page.until(`${rows}.length > 0 && ${rows}.every((row) => /fate-/.test(row.className))`);
    await set("faults", false);
    await set("client", "display");
    await page.until(
      `${rows}.length > 0 && ${rows}.every((row) => / display[ :]/.test(row.getAttribute("aria-label")))`,
    );
    await set("client", "");
    await set("text", "no such text at all");
    await page.until(`${rows}.length === 0`);
    await set("text", "");
  },

  async "topics have values, marks, a chart and what changed"() {
    await page.until("document.querySelectorAll('[role=treeitem]').length > 3");
    const row =
      "[...document.querySelectorAll('[role=treeitem]')].find((row) => row.topic.name === 'home/weather')";
    assert.ok(
      await page.value(
        "[...document.querySelectorAll('[role=treeitem]')].some((row) => row.topic.name === 'home/1/temp' && row.querySelector('.mark') !== null)",
      ),
    );
    await page.value(`${row}.click()`);
    await page.until("document.querySelectorAll('.about-topic .chart').length === 2");
    const about = await text_of(".about-topic");
    for (const part of ["wind.speed", "JSON", "hex", "What changed"]) {
      assert.ok(about.includes(part), part);
    }
    assert.match(
      await page.value("document.querySelector('.chart').getAttribute('aria-label')"),
      /^t: 3 values from 1.5 to 3.5/,
    );
    assert.ok(
      await page.value(
        "[...document.querySelectorAll('.difference ins')].some((one) => one.textContent.includes('3.5'))",
      ),
    );
    await page.value(`${row}.focus()`);
    await page.key("ArrowUp");
    assert.notEqual(await page.value("document.activeElement.topic.name"), "home/weather");
  },

  async "Sparkplug B is decoded"() {
    const topic = "mqttsim.world.topics.find('spBv1.0/plant/DDATA/edge/tank', false)";
    await page.value(`mqttsim.choose(${topic}.last.n)`);
    await page.until("/Sparkplug B/.test(document.querySelector('#detail .payload')?.textContent)");
    assert.equal(
      await text_of("#detail .payload details pre"),
      "timestamp = 1970-01-01T00:00:01.000Z\nlevel = 45\nalias 7 = 42\nseq = 5",
    );
  },

  // Whoever presses twice answers once, and what was asked for before tells nothing new.
  async "an answer to a lesson is given once"() {
    const [typed, awaits] = await page.value(`(async () => {
      const { Lesson } = await import("./lesson.js");
      const lesson = new Lesson(document.createElement("div"));
      const asked = [];
      const fetch_it = globalThis.fetch;
      globalThis.fetch = (path, { body }) =>
        path === "control"
          ? new Promise((resolve) => asked.push({ body, resolve }))
          : fetch_it(path);
      const state = (serial, awaits) => ({ lesson: "l", heading: "h", count: "1", rows: [], serial, awaits });
      const answer = (one, ...state_of) => one.resolve(new Response(JSON.stringify(state(...state_of))));
      lesson.show(state(5, "enter"));
      const looks = [lesson.say(undefined), lesson.say(undefined)];
      const { answer: replies } = lesson;
      const press = () => replies.querySelector("button").click();
      press();
      answer(asked[0], 6, "enter");
      await looks[0];
      press();
      const typed = asked.filter(({ body }) => body !== undefined);
      answer(typed[0], 8, "");
      while (lesson.serial < 8) await new Promise(requestAnimationFrame);
      answer(asked[1], 7, "enter");
      await looks[1];
      globalThis.fetch = fetch_it;
      return [typed.length, replies.dataset.awaits];
    })()`);
    assert.equal(typed, 1);
    assert.equal(awaits, "");
  },

  // A tree of many is made in slices, and is the same in the end.
  async "a tree of topics is made in slices"() {
    const [turns, most, is_same, moved] = await page.value(`(async () => {
      const { Topics, TopicsView } = await import("./topics.js");
      const topics = new Topics();
      const take = (name, n) => topics.take(name, { n, at: n, payload: String(n), qos: 0 }, true);
      for (let n = 0; n < 150; n++) take("many/t" + (n * 37) % 150, n);
      const made = (all) => {
        const view = new TopicsView(document.createElement("div"), () => {});
        return [view, () => view.show(topics, 200, { most: all ? Infinity : 20 })];
      };
      const [sliced, show] = made(false);
      const [whole, show_all] = made(true);
      let turns = 0;
      let most = 0;
      for (let is_whole = false; !is_whole; turns++) {
        const before = sliced.tree.children.length;
        is_whole = show();
        most = Math.max(most, sliced.tree.children.length - before);
      }
      take("many/t149", 500);
      take("many/a", 501);
      const there = [...sliced.tree.children];
      while (!show());
      show_all();
      const moved = there.filter((row) => !sliced.tree.contains(row)).length;
      return [turns, most, sliced.tree.innerHTML === whole.tree.innerHTML, moved];
    })()`);
    assert.ok(turns >= 8 && most <= 20, `${turns} turns, ${most} at once`);
    assert.ok(is_same);
    assert.ok(moved <= 2 + 1, `${moved} rows were made anew`);
  },

  async "the topology has its nodes, stands still, and says so"() {
    const places =
      "JSON.stringify([...mqttsim.topology.places].map(([name, place]) => [name, Math.round(place.x), Math.round(place.y)]))";
    await page.until("mqttsim.topology.places.size >= 5");
    const before = await page.value(places);
    await page.value("mqttsim.topology.signature = ''");
    await page.until("mqttsim.topology.signature !== ''");
    assert.equal(await page.value(places), before);
    assert.match(
      await page.value("document.querySelector('#topology').getAttribute('aria-label')"),
      /1 broker,/,
    );
    await click("#nodes summary");
    await page.until("/display/.test(document.querySelector('#nodes table')?.textContent)");
  },

  // On the picture itself, where the packet is after so much of its way.
  async "packets travel, and what happened to one can be seen"() {
    await page.until("mqttsim.topology.dots.length === 0 && mqttsim.state.mode !== 'playing'");
    const drawn = (fate, share) =>
      page.value(`(() => {
        const { topology, items, world } = mqttsim;
        const item = { ...items.list.find((one) => one.type === "PUBLISH" && one.client === "dev-2"), way: ${fate === "" ? "undefined" : `{ what: "${fate}" }`} };
        const now = performance.now();
        topology.begun.clear();
        topology.dots = [];
        topology.send(item, now, 1);
        const [dot] = topology.dots;
        dot.start = now - ${share} * dot.ms;
        topology.draw(world, now, undefined);
        const { ratio } = topology.size;
        const [from, to] = item.path.map((key) => topology.place_of(key));
        const count = (colour, part) => {
          const rgb = topology.colours[colour].match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));
          const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
          const { data } = topology.canvas.getContext("2d").getImageData((x - 14) * ratio, (y - 14) * ratio, 28 * ratio, 28 * ratio);
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            found += rgb.every((one, k) => Math.abs(one - data[i + k]) < 16) ? 1 : 0;
          }
          return found;
        };
        const seen = [0.25, 0.5, 0.6].map((part) => [count("publish", part), count("fault", part)]);
        topology.dots = [];
        topology.is_stale = true;
        return { seen, ms: dot.ms };
      })()`);
    const plain = await drawn("", 0.25);
    assert.ok(plain.seen[0][0] > 20, "it is not where it is after a quarter of its way");
    assert.ok(plain.seen[1][0] < plain.seen[0][0]);
    for (const [fate, place] of [["dropped", 1], ["cut", 1], ["held", 2]]) {
      const { seen } = await drawn(fate, 0.95);
      assert.ok(seen[place][1] > 20, `${fate}: ${JSON.stringify(seen)}`);
    }
    assert.equal((await drawn("delayed", 0.25)).ms, 2 * plain.ms);
    await page.media({ "prefers-reduced-motion": "reduce" });
    const still = [(await drawn("", 0.1)).seen, (await drawn("", 0.9)).seen];
    assert.ok(still[0][1][0] > 20, "with reduced motion it stands half-way");
    assert.deepEqual(still[0], still[1]);
    await page.media({ "prefers-reduced-motion": "no-preference" });
  },

  async "files hold what the filter lets through"() {
    const made = async (format) =>
      page.value(`(async () => {
        const { formats, make_file } = await import("./take_away.js");
        const { parts, taken } = await make_file(formats.${format}(), mqttsim.filter, () => {});
        const blob = new Blob(parts);
        return { taken, base64: btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (b) => String.fromCharCode(b)).join("")) };
      })()`);
    const csv = await made("csv");
    assert.equal(csv.taken, total);
    assert.ok(!/^[=+@]/m.test(Buffer.from(csv.base64, "base64").toString()));
    await set("kind", "publish");
    const lines = await made("json_lines");
    assert.equal(lines.taken, counts.PUBLISH);
    await set("kind", "");
    // Two of the three name their topic by a number only.
    await set("topic", "home/2/humidity");
    const humid = await made("json_lines");
    const topics = Buffer.from(humid.base64, "base64").toString().trim().split("\n");
    assert.deepEqual(
      topics.map((line) => JSON.parse(line).topic),
      Array(6).fill("home/2/humidity"), // to the broker, and to the display
    );
    await set("topic", "");
    const pcapng = await made("pcapng");
    fs.writeFileSync("taken.pcapng", Buffer.from(pcapng.base64, "base64"));
    assert.match(
      await page.value(
        "import('./take_away.js').then((all) => all.ladder_svg(document.querySelector('#ladder')))",
      ),
      /^<svg.*PUBLISH.*<\/svg>$/s,
    );
  },

  // Topic t1 has more values than one topic keeps, and in the end the oldest have gone everywhere.
  async "histories of topics are bounded in all"() {
    const kept = await page.value(`(async () => {
      const { Topics, HISTORIES_MAX } = await import("./topics.js");
      const topics = new Topics();
      const counts = [];
      for (let n = 0; n < 4 * HISTORIES_MAX; n++) {
        topics.take(n % 2 === 0 && n < HISTORIES_MAX ? "t1" : "t" + (n % 9000), { payload: String(n) }, true);
      }
      for (const topic of topics.root.children.values()) {
        counts.push(topic.history.map((item) => Number(item.payload)));
      }
      const all = counts.flat().sort((a, b) => a - b);
      return { max: HISTORIES_MAX, all: all.length, oldest: all[0], last: topics.find("t1", false).last.payload };
    })()`);
    assert.equal(kept.all, kept.max);
    assert.equal(kept.oldest, 3 * kept.max);
    assert.equal(kept.last, "198001");
  },

  async "what deceives is written out, and markup is text"() {
    assert.equal(await page.value("globalThis.hacked"), undefined);
    assert.equal(
      await page.value("document.querySelectorAll('main img, main script, main iframe').length"),
      0,
    );
    const n = await number_of("item.type === 'PUBLISH' && item.topic.startsWith('hostile')");
    await page.value(`mqttsim.choose(${n})`);
    await page.until("/hostile/.test(document.querySelector('#detail').textContent)");
    const all = await page.value("document.body.innerText");
    assert.ok(all.includes("<img src=x onerror=globalThis.hacked=1>"));
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/.test(all));
    assert.ok(all.includes("\\u{202E}"));
  },

  async "it fits a phone, a laptop and a projector, light and dark"() {
    for (const [width, height] of [
      [390, 844],
      [1280, 900],
      [1920, 1080],
    ]) {
      await page.size(width, height);
      for (const scheme of ["light", "dark"]) {
        await page.media({ "prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce" });
        await page.until(
          `document.documentElement.scrollWidth <= ${width} && innerWidth === ${width}`,
        );
        if (pictures) {
          await page.picture(`${pictures}/web-${width}-${scheme}.png`);
        }
      }
    }
    await page.size(390, 844);
    await page.value(
      "[...document.querySelectorAll('#tabs button')].find((tab) => tab.textContent === 'Topics').click()",
    );
    await page.until(
      "document.querySelector('#part-topics').offsetParent !== null && document.querySelector('#part-ladder').offsetParent === null",
    );
    assert.ok(
      await page.value(
        "[...document.querySelectorAll('button, input, select')].filter((one) => one.offsetParent !== null).every((one) => one.textContent.trim() || one.getAttribute('aria-label') || one.closest('label'))",
      ),
    );
    await page.size(1280, 900);
  },
};

with_page(program, url, (opened) => {
  page = opened;
  return run_checks(page, checks);
});
