// What the topology shows beside moving packets: what waits for clients that are away, how full the
// master's mailboxes are, and groups of thousands of devices. Run by web_test:
//   node web_world.js BROWSER URL queue|mailbox|crowd [FOLDER-FOR-PICTURES]
"use strict";
const assert = require("node:assert");
const { with_page, run_checks } = require("./browser.js");

const [, , program, url, what, pictures] = process.argv;
const DEVICES = 10000; // of the crowd
let page;

const take_picture = (name) => pictures && page.picture(`${pictures}/web-${name}.png`);
const node = (label) => `[...mqttsim.world.nodes.values()].find((one) => one.label === "${label}")`;
const place = (label) =>
  `[...mqttsim.topology.places.values()].find((one) => one.node?.label === "${label}")`;

// How many points of the picture have a colour, near a place.
const points = (colour, around) =>
  page.value(`(() => {
    const canvas = document.querySelector("#topology");
    const { ratio } = mqttsim.topology.size;
    const at = ${around};
    const [r, g, b] = mqttsim.topology.colours.${colour}.match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));
    const { data } = canvas.getContext("2d").getImageData((at.x - 60) * ratio, (at.y - 60) * ratio, 120 * ratio, 120 * ratio);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      count += Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12 ? 1 : 0;
    }
    return count;
  })()`);

const stillness = "mqttsim.topology.dots.length === 0 && !mqttsim.topology.is_stale";

const of_queue = {
  async "messages wait at a client that is away"() {
    await page.until(`${node("sleeper")}?.queued === 3 && !${node("sleeper")}.is_there`);
    await page.until(`${place("sleeper")}.queued === 3 && ${stillness}`);
    assert.ok((await points("publish", place("sleeper"))) > 3 * 15, "no stack is drawn");
    await page.value("document.querySelector('#nodes').open = true");
    await page.until(
      "[...document.querySelectorAll('#nodes tbody tr')].some((row) => row.cells[0].textContent === 'sleeper' && row.cells[6].textContent === '3')",
    );
    await take_picture("waiting");
  },

  async "they are sent when it comes back"() {
    console.log("come back");
    await page.until(`${node("sleeper")}.queued === 0`);
    await page.until(`${place("sleeper")}.queued === 0`);
    await page.until(`!${node("sleeper")}.is_there`); // nothing comes behind that
  },
};

const of_mailbox = {
  async "a mailbox fills at the master, and is emptied"() {
    await page.until("mqttsim.world.gates.get(8)?.packets === 0");
    const here = 'mqttsim.topology.places.get("master")';
    await page.until(`${here} !== undefined && ${stillness}`);
    const before = await points("publish", here);
    console.log("fill");
    await page.until("mqttsim.world.gates.get(8).packets === 40");
    await page.until(
      `mqttsim.topology.mailboxes.find((one) => one.number === 8).packets === 40 && ${stillness}`,
    );
    assert.ok((await points("publish", here)) > before + 50, "no mailbox fills");
    await take_picture("mailbox");
    console.log("empty");
    await page.until("mqttsim.world.gates.get(8).packets === 0");
  },

  async "what routers and the master say has its lanes"() {
    await page.until(
      "[...document.querySelectorAll('#ladder .row')].some((row) => /from gate 7 to master: [0-9:.]+ upload/.test(row.getAttribute('aria-label')))",
    );
  },
};

const groups = "[...mqttsim.topology.layout.groups.values()]";
const drawer = "mqttsim.topology.layout.drawer";
const press = async (as) => {
  const [x, y] = await page.value(
    `(() => { const at = mqttsim.topology.places.get(${JSON.stringify(as)}); const { scale } = mqttsim.topology.size; return [at.x * scale, at.y * scale]; })()`,
  );
  await page.press("#topology", x, y);
};
const stand = `JSON.stringify([...mqttsim.topology.places.values()].filter((one) => !one.is_small).map((one) => [one.as, one.x, one.y]))`;

const of_crowd = {
  async "ten thousand devices are replayed"() {
    await page.value(`(async () => {
      for (let about = {}; !about.read; mqttsim.items.total = about.next) {
        about = await (await fetch("about")).json();
      }
    })()`);
    await page.value("mqttsim.seek(0)");
    await page.until("mqttsim.state.cursor === 0");
    await page.value("mqttsim.frames.longest = 0");
    await page.value(
      "(() => { const s = document.querySelector('#time select'); s.value = '100'; s.dispatchEvent(new Event('change')); })()",
    );
    await page.value("document.querySelector('#time .primary').click()");
    await page.until("mqttsim.state.mode === 'stopped' && mqttsim.state.cursor === mqttsim.items.total");
    console.log(`longest picture: ${await page.value("mqttsim.frames.longest.toFixed(1)")} ms`);
  },

  async "steps back from the newest packet do not begin at the oldest each time"() {
    const taken = await page.value(`(async () => {
      const kind = Object.getPrototypeOf(mqttsim.world);
      const { take } = kind;
      const counts = [];
      kind.take = function (item) {
        counts[counts.length - 1]++;
        return take.call(this, item);
      };
      for (let i = 0; i < 3; i++) {
        counts.push(0);
        await mqttsim.step(-1);
      }
      kind.take = take;
      return counts;
    })()`);
    assert.ok(taken[0] > 10000 && taken[1] <= 1000 && taken[2] <= 1000, String(taken));
    await page.until("mqttsim.state.cursor === mqttsim.items.total - 3");
    await page.value("mqttsim.seek(mqttsim.items.total)");
  },

  async "they fold into groups that can be read"() {
    await page.until(`mqttsim.world.nodes.size > ${DEVICES}`);
    await page.until(
      `${groups}.reduce((sum, one) => sum + one.nodes.length, 0) === ${DEVICES} && mqttsim.topology.places.size < 60`,
    );
    assert.equal(await page.value(`${groups}.length`), 5);
    await take_picture("crowd");
  },

  async "a group opens, the others stay where they are"() {
    const before = await page.value(stand);
    await press(await page.value(`${groups}.find((one) => one.label.startsWith("lamp")).as`));
    await page.until(`${drawer} !== null`);
    assert.equal(await page.value(stand), before);
    assert.equal(await page.value(`${drawer}.path[0].nodes.length`), 2000);
    await page.until(`/lamp.* is open: 2,000 devices/.test(document.querySelector("#topology-said").textContent)`);
    await press(await page.value(`${drawer}.path[0].parts[1].as`));
    await page.until(`${drawer}.path.length === 2`);
    assert.equal(await page.value(`${drawer}.path[1].parts.length`), 100);
    assert.equal(await page.value(stand), before);
    assert.equal(await page.value("document.documentElement.scrollWidth <= innerWidth"), true);
    await take_picture("opened");
  },

  async "a device in it is chosen as any other"() {
    const label = await page.value(`${drawer}.path[1].parts[4].label`);
    await press(await page.value(`${drawer}.path[1].parts[4].as`));
    await page.until(`document.querySelector("#filter").elements.client.value === "${label}"`);
    await page.value('mqttsim.filter.set("client", "")');
  },

  async "the keyboard does the same"() {
    await page.value('document.querySelector("#topology").focus()');
    const cursor = await page.value("mqttsim.state.cursor");
    await page.key("Escape");
    await page.until(`${drawer}?.path.length === 1`);
    await page.key("Escape");
    await page.until(`${drawer} === null`);
    await page.key("Home");
    for (let i = 0; i < 20; i++) {
      const said = await page.value('document.querySelector("#topology-said").textContent');
      if (said.startsWith("pump")) {
        break;
      }
      await page.key("ArrowRight");
    }
    assert.match(
      await page.value('document.querySelector("#topology-said").textContent'),
      /^pump.*, a group of 2,000 devices, closed/,
    );
    await page.key("Enter");
    await page.until(`/^pump/.test(${drawer}?.path[0].label)`);
    assert.equal(await page.value("mqttsim.state.cursor"), cursor);
  },
};

// More than a page keeps comes between two of its pictures.
const of_sleep = {
  async "a page that slept goes on with what is there"() {
    await page.value(`(() => {
      const { items } = mqttsim;
      const list = (from) => Array.from({ length: 15000 }, (_, i) => ({ n: from + i, type: "note", words: "x", at: 1 }));
      for (let i = 0; i < 3; i++) items.append(items.next, list(items.next));
    })()`);
    await page.until("mqttsim.state.cursor === mqttsim.items.next && mqttsim.items.list.length <= 25000");
    assert.ok((await page.value("mqttsim.items.skipped")) > 0);
    assert.ok(await page.value(`${node("sleeper")} !== undefined`), "it has forgotten who is there");
  },
};

// The page begins with the last few thousand packets; devices came before those.
const of_past = {
  async "who came long ago is known by its name"() {
    await page.until("mqttsim.items.total > 6000 && mqttsim.state.cursor === mqttsim.items.total");
    assert.ok((await page.value("mqttsim.items.base")) > 2);
    const named = (label, kind) =>
      `[...mqttsim.world.nodes.values()].some((one) => one.label === "${label}" && one.kind === "${kind}" && one.is_there)`;
    assert.ok(await page.value(named("kitchen 83", "broker")));
    assert.ok(await page.value(named("lamp 580", "client")));
    await page.value("mqttsim.step(-1)");
    assert.ok(await page.value(named("kitchen 83", "broker")));
    await page.value("mqttsim.seek(5000)"); // around which packets are fetched anew
    assert.ok(await page.value(named("kitchen 83", "broker")));
    await page.value("mqttsim.seek(1)");
    assert.ok(!(await page.value(named("lamp 580", "client"))), "it has not come yet");
  },
};

with_page(program, url, async (opened) => {
  page = opened;
  await page.until("mqttsim.state.connection === 'live'");
  const checks = { queue: { ...of_queue, ...of_sleep }, mailbox: of_mailbox, crowd: of_crowd, past: of_past };
  await run_checks(page, checks[what]);
});
