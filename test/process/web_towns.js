// What `make run` shows: two towns that exchange packets, and what a cut at a broker breaks, and how
// it heals. Run by living_network_test, which types and cuts when this script says so:
//   node web_towns.js BROWSER URL [FOLDER-FOR-PICTURES]
"use strict";
const assert = require("node:assert");
const { with_page, run_checks } = require("./browser.js");

const [, , program, url, pictures] = process.argv;
let page;

const node = (name) =>
  `[...mqttsim.world.nodes.values()].find((one) => one.kind === "client" && one.label === "${name}")`;
const saw = (test) => page.until(`mqttsim.items.list.some((item) => ${test})`);
const take_picture = (name) => pictures && page.picture(`${pictures}/web-${name}.png`);

// The one of the README.
async function take_picture_of_exchange() {
  const last = `mqttsim.items.list.findLast((item) => item.type === "PUBLISH" && item.client === "door" && item.exchange?.length === 4)`;
  await page.until(`${last} !== undefined`);
  await page.value(`mqttsim.choose(${last}.n)`);
  await page.until("document.querySelectorAll('#ladder .row.lit').length === 4");
  await page.until("document.querySelectorAll('#detail .fields tbody tr').length > 4");
  await take_picture("towns");
  await page.key("l");
  await page.until("mqttsim.state.mode === 'live'");
}

const checks = {
  async "two towns, their routers, and the master between them"() {
    await page.until("mqttsim.world.gates.has(7) && mqttsim.world.gates.has(12)");
    for (const place of ["home", "garden"]) {
      await page.until(
        `["broker", "router"].every((kind) => [...mqttsim.world.nodes.values()].some((one) => one.kind === kind && one.label.startsWith("${place}")))`,
      );
    }
    await page.until('mqttsim.topology.places.has("master") && mqttsim.topology.mailboxes.length === 2');
    await page.until("document.querySelectorAll('[data-pull]').length === 5");
  },

  // The topology stands first, and its parts begin in the upper half.
  async "a phone sees the towns at once"() {
    await page.size(390, 844);
    const top = (one) => `document.querySelector("${one}").getBoundingClientRect().top`;
    await page.until('document.querySelector("#tabs").offsetParent !== null');
    await page.until('document.querySelector("#part-topology").offsetParent !== null');
    await page.until(`${top("#part-topology")} < 844 / 2`);
    assert.equal(
      await page.value('[...document.querySelectorAll("#tabs button")].map((one) => one.textContent).join()'),
      "Topology,Levers,Packets,One packet,Topics,Take away",
    );
    await page.size(1280, 900);
  },

  async "a message goes from one town to the other"() {
    console.log("subscribe");
    await saw('item.network.endsWith("home/network") && item.type === "publ" && item.receiver > 999');
    await saw('item.network.endsWith("garden/network") && item.type === "publ" && item.sender > 999');
    await saw('item.network.endsWith("master.pcapng") && item.type === "given" && /publ/.test(item.words)');
    if (pictures) {
      await take_picture_of_exchange();
    }
  },

  // The door names its topic once, and then by a number (5.0).
  async "values come by the alias of their topic, too"() {
    await page.until('mqttsim.world.topics.find("home/door", false).published >= 3');
    await page.until("mqttsim.items.list.some((item) => item.type === 'PUBLISH' && /by alias/.test(item.words))");
  },

  // Looked at in the moment before the display comes back, to which the page goes: live it passes
  // within seconds, of which a busy machine may miss all.
  async "a cut breaks connections, and messages wait"() {
    await page.until(`${node("door")}?.is_there && ${node("display")}?.is_there`);
    const seen = await page.value("mqttsim.items.next");
    console.log("cut");
    await saw(`item.n >= ${seen} && item.type === "cut" && item.client === "display"`);
    const back = `mqttsim.items.list.find((item) => item.n >= ${seen} && item.type === "CONNECT" && item.client === "display")`;
    await page.until(`${back} !== undefined`);
    await page.value(`mqttsim.seek(${back}.n)`);
    await page.until(`!${node("display")}.is_there && ${node("display")}.queued > 0`);
    await page.until(
      'mqttsim.topology.layout.lines.some((line) => line.one.node?.label === "display" && !line.is_up)',
    );
    await page.until("document.querySelector('#state').textContent.startsWith('stopped')");
    await take_picture("cut");
    await page.key("l");
    await page.until("mqttsim.state.mode === 'live'");
  },

  async "it heals: they come back, and nothing is lost"() {
    await page.until(`${node("display")}.is_there && ${node("display")}.queued === 0`);
    await page.until(`${node("door")}.is_there`);
    const cut = await page.value('mqttsim.items.list.findLast((item) => item.type === "cut").n');
    await saw(`item.n > ${cut} && item.type === "CONNACK" && item.client === "display" && item.session_present`);
    await saw(
      `item.n > ${cut} && item.type === "publ" && /^machine/.test(item.plain?.[0] ?? item.elements[0])`,
    );
  },
};

with_page(program, url, async (opened) => {
  page = opened;
  await run_checks(page, checks);
});
