// Looks on at a live page, while clients connect and then once it shows all of them, and tells how
// long its pictures took. Beside it, in a browser of its own, a small page draws and does nothing
// else: what takes as long there is not the live page's doing, but that of a machine with too few
// cores. Run by web_frames:
//   node web_frames.js URL SECONDS CLIENTS
"use strict";
const { Browser } = require("../test/process/browser.js");

const STEP_S = 5;
const LONG_MS = 100;
const PATIENCE_S = 90;
const BLANK = "data:text/html,<canvas width=200 height=100></canvas>";
const [, , url, seconds, clients] = process.argv;

// The times between pictures, sorted; `draws` is done with each.
const look = (draws) => `new Promise((resolve) => {
  const gaps = [];
  const end = performance.now() + ${STEP_S * 1000};
  let last = performance.now();
  const look = (now) => {
    gaps.push(now - last);
    last = now;
    ${draws};
    now < end ? requestAnimationFrame(look) : resolve(gaps.sort((one, other) => one - other));
  };
  requestAnimationFrame(look);
})`;

const draw = `document.querySelector("canvas").getContext("2d").fillRect(now % 200, now % 100, 2, 2)`;

const part = (gaps, share) => gaps[Math.floor(share * (gaps.length - 1))].toFixed(0);
const times = (gaps) => `p50 ${part(gaps, 0.5)}, p99 ${part(gaps, 0.99)}, longest ${part(gaps, 1)}`;

const state = `[mqttsim.items.total, mqttsim.world.nodes.size, mqttsim.items.skipped]`;

// What the page keeps, without what it could forget.
async function memory(page) {
  await page.send("HeapProfiler.collectGarbage");
  const { usedSize } = await page.send("Runtime.getHeapUsage");
  const { nodes } = await page.send("Memory.getDOMCounters");
  return `${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes of the document`;
}

const all = { long: 0, only_here: 0, steps: 0, longest: 0 };

async function step(page, blank, about) {
  const [before] = await page.value(state);
  const [gaps, others] = await Promise.all([page.value(look("")), blank.value(look(draw))]);
  const [total, nodes, skipped] = await page.value(state);
  const rate = Math.round((total - before) / STEP_S);
  console.log(
    `${about}${rate} packets/s, ${nodes} nodes, ${times(gaps)}, ${skipped} skipped; beside it ${times(others)}`,
  );
  const [longest, other] = [gaps[gaps.length - 1], others[others.length - 1]];
  all.steps++;
  all.long += longest > LONG_MS ? 1 : 0;
  all.only_here += longest > Math.max(LONG_MS, other) ? 1 : 0;
  all.longest = Math.max(all.longest, longest);
}

async function run(page, blank) {
  await page.size(1280, 900);
  await blank.size(300, 200);
  await page.until("mqttsim.items.total > 0");
  for (let passed = 0; passed < PATIENCE_S; passed += STEP_S) {
    if (await page.value(`mqttsim.world.nodes.size > ${clients}`)) {
      break;
    }
    await step(page, blank, "while they connect: ");
  }
  console.log(`the page keeps ${await memory(page)}`);
  for (let passed = 0; passed < Number(seconds); passed += STEP_S) {
    await step(page, blank, "");
  }
  console.log(`the page keeps ${await memory(page)}`);
  console.log(
    `longest ${all.longest.toFixed(0)} ms; above ${LONG_MS} ms in ${all.long} of ${all.steps} times ${STEP_S} s, and above those beside it, too, in ${all.only_here}`,
  );
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
