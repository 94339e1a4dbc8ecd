// Plays a lesson in a real browser, as somebody does who takes the right answer where it is known
// and else the first. Run by web_test for each lesson:
//   node web_lesson.js BROWSER URL [FOLDER-FOR-PICTURES]
"use strict";
const assert = require("node:assert");
const { with_page } = require("./browser.js");

const [, , program, url, pictures] = process.argv;

const awaited = 'document.querySelector("#lesson .replies")?.dataset.awaits';

with_page(program, url, async (page) => {
  const seen = { enter: 0, guess: 0, try: 0 };
  for (;;) {
    await page.until(`["enter", "guess", "try", "close"].includes(${awaited})`);
    const what = await page.value(awaited);
    if (what === "close") {
      break;
    }
    seen[what]++;
    const text = await page.value('document.querySelector("#lesson").innerText');
    const serial = await page.value('document.querySelector("#lesson").dataset.serial');
    if (what === "guess") {
      assert.ok(await page.value('document.querySelectorAll("#lesson .choice").length >= 3'), text);
      if (pictures && seen.guess === 1) {
        await page.picture(`${pictures}/web-lesson.png`);
      }
    }
    await page.value('document.querySelector("#lesson .replies > button").click()');
    await page.until(`document.querySelector("#lesson").dataset.serial !== "${serial}"`);
  }
  const last = await page.value('document.querySelector("#lesson").innerText');
  assert.match(last, /The lesson is over\./);
  assert.ok(seen.enter > 1 && seen.guess > 0, JSON.stringify(seen));
  assert.ok(await page.value("mqttsim.items.total > 4"), "no packets were seen");
  assert.deepEqual(page.complaints, []);
  await page.value('document.querySelector("#lesson .replies > button").click()');
  await page.until('document.querySelector("#lesson .replies").innerText.includes("over")');
  console.log(`${seen.guess} questions, checks passed in the page`);
});
