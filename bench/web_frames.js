// Looks on at a live page, while clients connect and then once it shows all of them, and tells how
// long its pictures took: the time from one to the next, and how much of it the page's thread worked
// or waited for a core, as the kernel counts it. Beside it, in a browser of its own, a small page
// draws and does nothing else. What its thread did not work, or what takes as long in the other
// page, is not the live page's doing, but that of a machine with too few cores. Run by web_frames:
//   node web_frames.js URL SECONDS CLIENTS
"use strict";
const fs = require("node:fs");
const { Browser } = require("../test/process/browser.js");

const STEP_S = 5;
const LONG_MS = 100;
const LOOK_MS = 5; // between two looks at what a thread has worked
const MEMORY_S = 60; // between two looks at what the page keeps
const PATIENCE_S = 90;
const BLANK = "data:text/html,<canvas width=200 height=100></canvas>";
const [, , url, seconds, clients] = process.argv;

// When pictures began, on the clock that all processes share, in milliseconds; `draws` is done with
// each.
const look = (draws) => `new Promise((resolve) => {
  const begun = [];
  const end = performance.now() + ${STEP_S * 1000};
  const look = (now) => {
    begun.push(performance.timeOrigin + now);
    ${draws};
    now < end ? requestAnimationFrame(look) : resolve(begun);
  };
  requestAnimationFrame(look);
})`;

const draw = `document.querySelector("canvas").getContext("2d").fillRect(now % 200, now % 100, 2, 2)`;

// How long the thread of a page has worked, and waited for a core, looked at again and again.
class Thread {
  constructor(pid) {
    this.file = `/proc/${pid}/task/${pid}/schedstat`;
    this.seen = [];
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  look() {
    if (!fs.existsSync(this.file)) {
      return; // one of the browser's own pages has ended
    }
    const [worked, waited] = fs.readFileSync(this.file, "utf8").split(" ").map(Number);
    const at = performance.timeOrigin + performance.now();
    this.seen.push({ at, worked: worked / 1e6, waited: waited / 1e6 });
  }

  // Up to a moment, in between two looks evenly.
  until(at) {
    const next = this.seen.findIndex((one) => one.at >= at);
    if (next <= 0) {
      return this.seen[next < 0 ? this.seen.length - 1 : 0];
    }
    const [one, other] = [this.seen[next - 1], this.seen[next]];
    const part = (at - one.at) / (other.at - one.at);
    const between = (name) => one[name] + part * (other[name] - one[name]);
    return { worked: between("worked"), waited: between("waited") };
  }

  // Since it was forgotten what was seen.
  get worked() {
    return this.seen.length === 0 ? 0 : this.seen.at(-1).worked - this.seen[0].worked;
  }

  forget() {
    this.seen.splice(0, this.seen.length - 1);
  }

  close() {
    clearInterval(this.timer);
  }
}

// Those of all pages that a browser has, of which one works: the browser's own are idle.
async function threads_of({ browser }) {
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return renderers.map(({ id }) => new Thread(id));
}

const busiest = (threads) => threads.sort((one, other) => other.worked - one.worked)[0];

// Pictures with their time, and what the page's thread did in it, the longest last.
function pictures(begun, thread) {
  const all = [];
  for (let i = 1; i < begun.length; i++) {
    const [from, to] = [thread.until(begun[i - 1]), thread.until(begun[i])];
    all.push({
      ms: begun[i] - begun[i - 1],
      worked: to.worked - from.worked,
      waited: to.waited - from.waited,
    });
  }
  return all.sort((one, other) => one.ms - other.ms);
}

const part = (all, share) => all[Math.floor(share * (all.length - 1))].ms.toFixed(0);
const longest_of = (all) => all[all.length - 1];
const most_work = (all) => Math.max(...all.map(({ worked }) => worked));
const times = (all) => `p50 ${part(all, 0.5)}, p99 ${part(all, 0.99)}, longest ${part(all, 1)}`;
const work = ({ worked, waited }) =>
  `worked ${worked.toFixed(0)}, waited for a core ${waited.toFixed(0)}`;

const state = `[mqttsim.items.total, mqttsim.world.nodes.size, mqttsim.items.skipped]`;

// What the page keeps, without what it could forget.
async function memory(page) {
  await page.send("HeapProfiler.collectGarbage");
  const { usedSize } = await page.send("Runtime.getHeapUsage");
  const { nodes } = await page.send("Memory.getDOMCounters");
  return `${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes of the document`;
}

const all = { long: 0, count: 0, worked: 0, longest: { ms: 0 } };

async function step(page, blank, about) {
  const [before] = await page.value(state);
  const [mine, others] = (
    await Promise.all([page.value(look("")), blank.value(look(draw))])
  ).map((begun, i) => pictures(begun, busiest([page, blank][i].threads)));
  const [total, nodes, skipped] = await page.value(state);
  const rate = Math.round((total - before) / STEP_S);
  const longest = longest_of(mine);
  console.log(
    `${about}${rate} packets/s, ${nodes} nodes, ${times(mine)} (${work(longest)}), most work ${most_work(mine).toFixed(0)}, ${skipped} skipped; beside it ${times(others)} (${work(longest_of(others))})`,
  );
  all.count += mine.length;
  all.long += mine.filter(({ ms }) => ms > LONG_MS).length;
  all.worked = Math.max(all.worked, most_work(mine));
  all.longest = longest.ms > all.longest.ms ? longest : all.longest;
  [...page.threads, ...blank.threads].forEach((thread) => thread.forget());
}

async function run(page, blank) {
  await page.size(1280, 900);
  await blank.size(300, 200);
  await page.until("mqttsim.items.total > 0");
  page.threads = await threads_of(page);
  blank.threads = await threads_of(blank);
  for (let passed = 0; passed < PATIENCE_S; passed += STEP_S) {
    if (await page.value(`mqttsim.world.nodes.size > ${clients}`)) {
      break;
    }
    await step(page, blank, "while they connect: ");
  }
  console.log(`the page keeps ${await memory(page)}`);
  for (let passed = 0; passed < Number(seconds); passed += STEP_S) {
    await step(page, blank, "");
    if (passed + STEP_S >= Number(seconds) || (passed + STEP_S) % MEMORY_S === 0) {
      console.log(`the page keeps ${await memory(page)}`);
    }
  }
  console.log(
    `longest ${all.longest.ms.toFixed(0)} ms (${work(all.longest)}), ${all.long} of ${all.count} above ${LONG_MS} ms; most work for one picture ${all.worked.toFixed(0)} ms (target ${LONG_MS})`,
  );
  [...page.threads, ...blank.threads].forEach((thread) => thread.close());
}

(async () => {
  const browsers = [new Browser("chromium"), new Browser("chromium")];
  try {
    const blank = await browsers[1].page(BLANK);
    await run(await browsers[0].page(url), blank);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
  }
})();
