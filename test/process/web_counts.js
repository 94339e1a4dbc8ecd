// What the page counts of a finished capture, printed as JSON. Run by web_test:
//   node web_counts.js BROWSER URL PACKETS
"use strict";
const { with_page } = require("./browser.js");

const [, , program, url, total] = process.argv;

const counts = `[...document.querySelectorAll("#counts tr")].map((row) =>
  [row.dataset.type, Number(row.querySelector("td").textContent.replaceAll(",", ""))])`;

with_page(program, url, async (page) => {
  await page.until(`mqttsim.state.cursor >= ${total}`);
  await page.until(
    `${counts}.reduce((sum, [, count]) => sum + count, 0) === mqttsim.items.total`,
  );
  console.log(await page.value(`JSON.stringify(Object.fromEntries(${counts}))`));
});
