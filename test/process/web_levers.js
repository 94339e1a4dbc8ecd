// The levers of a page in a real browser. Run by web_test, with a proxy whose client waits for a
// word of this script to publish:
//   node web_levers.js BROWSER URL [FOLDER-FOR-PICTURES]
"use strict";
const assert = require("node:assert");
const http = require("node:http");
const { with_page, run_checks } = require("./browser.js");

const [, , program, url, pictures] = process.argv;
const place = new URL(url);
const token = new URLSearchParams(place.hash.slice(1)).get("token");
let page;

const rule = "document.querySelector('.rules [data-rule=\"1\"]')";
const pull = (name) => page.value(`document.querySelector('[data-pull="${name}"]').click()`);
const has_said = (text) =>
  page.until(`document.querySelector(".said").textContent.includes(${JSON.stringify(text)})`);

// What somebody else's page, or program, would get.
const ask = (headers) =>
  new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: place.port, path: "/control", method: "POST" };
    const request = http.request({ ...options, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("error", reject);
    request.end("cut");
  });

async function type_into(selector, text) {
  await page.value(`document.querySelector(${JSON.stringify(selector)}).focus()`);
  for (const letter of text) {
    await page.key(letter);
  }
}

const checks = {
  async "without its token nobody pulls a lever"() {
    const right = { Authorization: `Bearer ${token}` };
    assert.equal(await ask({}), 401);
    assert.equal(await ask({ Authorization: "Bearer 0123456789abcdef0123456789abcdef" }), 401);
    assert.equal(await ask({ ...right, Origin: "http://evil.example" }), 403);
    assert.equal(await ask({ ...right, Host: "evil.example" }), 403);
    assert.equal(await page.value("fetch('control?token=" + token + "').then((a) => a.status)"), 401);
    page.complaints.length = 0; // the browser tells of the refusal
    assert.equal(await page.value("mqttsim.items.list.some((item) => item.type === 'cut')"), false);
  },

  async "each lever has a name, and the keyboard reaches it"() {
    await page.until("document.querySelectorAll('[data-pull]').length === 5");
    assert.equal(
      await page.value(
        "[...document.querySelectorAll('#levers button, #levers input')].every((one) => one.tabIndex === 0 && (one.textContent || one.closest('label').textContent || one.getAttribute('aria-label')))",
      ),
      true,
    );
  },

  async "a rule that is wrong is told, with what may stand there"() {
    await type_into("#levers form input", "drpo PUBACK");
    await page.key("Enter");
    await has_said("drop");
    await page.until("document.querySelector('.said').classList.contains('wrong')");
    await page.value("document.querySelector('#levers form input').value = ''");
  },

  async "a rule from the page drops a PUBACK, and the page counts it"() {
    await type_into("#levers form input", "drop PUBACK 1");
    await page.key("Enter");
    await page.until(`${rule} !== null`);
    console.log("publish");
    await page.until(`${rule}.textContent.includes("1 hit")`);
    await page.until("mqttsim.items.list.some((item) => item.way?.what === 'dropped')");
  },

  async "after a cut by the page the message comes again, with DUP"() {
    if (pictures) {
      await page.picture(`${pictures}/web-levers.png`);
    }
    await pull("cut");
    await has_said("1 connection cut");
    await page.until("mqttsim.items.list.some((item) => item.type === 'PUBLISH' && item.dup)");
    await page.until("mqttsim.world.exchanges.size === 0");
  },

  async "what is held is counted, stepped and let go"() {
    await pull("hold");
    await page.until("document.querySelector('#levers').textContent.includes('0 packets held')");
    console.log("publish");
    await page.until("document.querySelector('#levers').textContent.includes('1 packet held')");
    await pull("step");
    await page.until("mqttsim.items.list.filter((item) => item.type === 'PUBLISH').length >= 3");
    await pull("thaw");
    await has_said("let go");
    await pull("freeze");
    await page.until("document.querySelector('#levers').textContent.includes('frozen')");
    await pull("thaw");
    await page.until("!document.querySelector('#levers').textContent.includes('frozen')");
  },

  async "a rule is taken back"() {
    await page.value(`${rule}.querySelector("button").click()`);
    await page.until(`${rule} === null`);
  },
};

with_page(program, url, async (opened) => {
  page = opened;
  await page.until("mqttsim.state.connection === 'live'");
  await run_checks(page, checks);
});
