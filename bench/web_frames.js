// Looks on at a live page once it shows all clients, and tells how long its pictures took, before
// and after. Run by web_frames:
//   node web_frames.js URL SECONDS CLIENTS
"use strict";
const { with_page } = require("../test/process/browser.js");

const STEP_S = 5;
const [, , url, seconds, clients] = process.argv;
const PATIENCE_S = 90;

const wait = (ms) => `new Promise((resolve) => setTimeout(resolve, ${ms}))`;

const measure = `(async () => {
  const gaps = [];
  const total = mqttsim.items.total;
  let last = performance.now();
  let goes_on = true;
  const look = (now) => {
    gaps.push(now - last);
    last = now;
    if (goes_on) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  await ${wait(STEP_S * 1000)};
  goes_on = false;
  gaps.sort((one, other) => one - other);
  const part = (share) => gaps[Math.floor(share * (gaps.length - 1))].toFixed(1);
  return [
    Math.round((mqttsim.items.total - total) / ${STEP_S}) + " packets/s",
    mqttsim.world.nodes.size + " nodes",
    "p50 " + part(0.5), "p99 " + part(0.99), "longest " + part(1),
    mqttsim.items.skipped + " skipped",
    Math.round(performance.memory.usedJSHeapSize / 1e6) + " MB",
  ].join(", ");
})()`;

with_page("chromium", url, async (page) => {
  await page.until("mqttsim.items.total > 1000");
  for (let passed = 0; passed < PATIENCE_S; passed += STEP_S) {
    if (await page.value(`mqttsim.world.nodes.size > ${clients}`)) {
      break;
    }
    console.log(`while they connect: ${await page.value(measure)}`);
  }
  for (let passed = 0; passed < Number(seconds); passed += STEP_S) {
    console.log(await page.value(measure));
  }
});
