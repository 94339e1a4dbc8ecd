// What the page counts of a finished capture, printed as JSON. Run by web_test:
//   node web_counts.js BROWSER URL PACKETS
"use strict";
const { Browser } = require("./browser.js");

const [, , program, url, total] = process.argv;

async function main() {
  const browser = new Browser(program);
  try {
    const page = await browser.page(url);
    await page.size(1280, 900);
    await page.until(`mqttsim.state.cursor >= ${total}`);
    await page.until('document.querySelector("#counts tr") !== null');
    console.log(
      await page.value(
        `JSON.stringify(Object.fromEntries([...document.querySelectorAll("#counts tr")].map((row) =>
          [row.dataset.type, Number(row.querySelector("td").textContent.replaceAll(",", ""))])))`,
      ),
    );
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
