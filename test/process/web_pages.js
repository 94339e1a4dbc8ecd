// Several pages at once, one of which sleeps while thousands of packets come. Run by web_test, which
// sends them when this script says so:
//   node web_pages.js BROWSER URL PACKETS
"use strict";
const assert = require("node:assert");
const { Browser, run_checks } = require("./browser.js");

const [, , program, url, expected] = process.argv;
const pages = [];

const counts =
  "JSON.stringify([...mqttsim.world.nodes.values()].map(({ key, sent, received }) => [key, sent, received]).sort())";
const places =
  "JSON.stringify([...mqttsim.topology.places].map(([as, { x, y }]) => [as, Math.round(x), Math.round(y)]))";
const has_all = `mqttsim.items.total >= ${expected} && mqttsim.state.cursor === mqttsim.items.total`;

const checks = {
  async "three pages are live, and one of them falls asleep"() {
    for (const page of pages) {
      await page.until("mqttsim.state.connection === 'live' && mqttsim.items.total > 0");
    }
    await pages[2].send("Debugger.enable");
    await pages[2].send("Debugger.pause");
    console.log("send");
  },

  async "those that are awake show all that came"() {
    await Promise.all([pages[0].until(has_all), pages[1].until(has_all)]);
    assert.equal(await pages[0].value(counts), await pages[1].value(counts));
    assert.equal(await pages[0].value("mqttsim.items.skipped"), 0);
    for (const page of pages.slice(0, 2)) {
      console.log(`longest picture: ${await page.value("mqttsim.frames.longest.toFixed(1)")} ms`);
    }
  },

  async "the one that slept has all of it once it is awake"() {
    await pages[2].send("Debugger.resume");
    await pages[2].until(has_all);
    assert.equal(await pages[2].value(counts), await pages[0].value(counts));
  },

  // What can be seen follows from who is there alone: it is the same in each page.
  async "everything stands at the same place in each of them"() {
    for (const page of pages) {
      await page.value("mqttsim.topology.signature = ''");
      await page.until("mqttsim.topology.signature !== ''");
    }
    const [one, other] = [await pages[0].value(places), await pages[1].value(places)];
    assert.equal(one, other);
    assert.equal(one, await pages[2].value(places));
  },
};

(async () => {
  const browser = new Browser(program);
  try {
    for (let i = 0; i < 3; i++) {
      pages.push(await browser.page(url));
      await pages[i].size(1280, 900);
    }
    await run_checks(pages[0], checks);
    assert.deepEqual([...pages[1].complaints, ...pages[2].complaints], []);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
})();
