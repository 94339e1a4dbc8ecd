// What the page counts of a finished capture, printed as JSON. Run by web_test:
//   node web_counts.js BROWSER URL PACKETS
"use strict";
const { with_page } = require("./browser.js");

const [, , program, url, total] = process.argv;

with_page(program, url, async (page) => {
  await page.until(`mqttsim.state.cursor >= ${total}`);
  await page.until('document.querySelector("#counts tr") !== null');
  console.log(
    await page.value(
      `JSON.stringify(Object.fromEntries([...document.querySelectorAll("#counts tr")].map((row) =>
        [row.dataset.type, Number(row.querySelector("td").textContent.replaceAll(",", ""))])))`,
    ),
  );
});
