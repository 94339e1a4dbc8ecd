// Chromium by the DevTools protocol over a pipe, with nothing but Node: one browser, its pages, and
// what a person does in them. For the scripts web_*.js beside it.
"use strict";
const assert = require("node:assert");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const PATIENCE_MS = Number(process.env.WEB_PATIENCE_MS || 60000);

class Browser {
  constructor(program) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
    // The path of its socket would be too long in a test's folder, whose name stays in sight for who
    // ends what a test has left running (test/run).
    const env = { ...process.env, TMPDIR: "/tmp", TEST_TMPDIR: os.tmpdir() };
    this.child = spawn(
      program,
      [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--mute-audio",
        "--remote-debugging-pipe",
        `--user-data-dir=${this.folder}`,
      ],
      { env, stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    this.last = 0;
    this.waiting = new Map();
    this.listeners = new Set();
    let rest = "";
    this.child.stdio[4].on("data", (data) => {
      const parts = (rest + data).split("\0");
      rest = parts.pop();
      parts.forEach((part) => this.receive(JSON.parse(part)));
    });
    this.child.on("exit", () =>
      this.waiting.forEach(({ reject }) => reject(new Error("the browser has ended"))),
    );
  }

  receive(message) {
    const waiting = this.waiting.get(message.id);
    if (waiting === undefined) {
      this.listeners.forEach((listener) => listener(message));
    } else {
      this.waiting.delete(message.id);
      message.error
        ? waiting.reject(new Error(message.error.message))
        : waiting.resolve(message.result);
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  // In a window of its own, so that it is drawn beside others.
  async page(url) {
    const { targetId } = await this.send("Target.createTarget", {
      url: "about:blank",
      newWindow: true,
    });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    await page.open(url);
    return page;
  }

  async close() {
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.send("Browser.close").catch(() => {});
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

class Page {
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    this.complaints = []; // what the page's console says is wrong, and requests to elsewhere
    browser.listeners.add((message) => this.hear(message));
  }

  hear({ sessionId, method, params }) {
    if (sessionId !== this.session) {
      return;
    }
    if (method === "Runtime.exceptionThrown") {
      this.complaints.push(
        params.exceptionDetails.exception?.description || params.exceptionDetails.text,
      );
    } else if (method === "Log.entryAdded" && params.entry.level === "error") {
      this.complaints.push(`${params.entry.text} ${params.entry.url || ""}`);
    } else if (method === "Page.javascriptDialogOpening") {
      this.complaints.push(`a dialog: ${params.message}`);
    } else if (
      method === "Network.requestWillBeSent" &&
      !/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(params.request.url)
    ) {
      this.complaints.push(`asks for ${params.request.url}`);
    }
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  async open(url) {
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await this.send(`${domain}.enable`);
    }
    await this.send("Page.navigate", { url });
  }

  // The value of an expression in the page; promises are waited for.
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(
        `${expression}: ${exceptionDetails.exception?.description || exceptionDetails.text}`,
      );
    }
    return result.value;
  }

  // Until the expression is true. The browser tells with each of its pictures.
  async until(expression) {
    const found = await this.value(`new Promise((resolve) => {
      const end = performance.now() + ${PATIENCE_MS};
      const look = () => {
        let found = false;
        try { found = ${expression}; } catch {}
        if (found || performance.now() > end) resolve(Boolean(found)); else setTimeout(look, 20);
      };
      look();
    })`);
    if (!found) {
      throw new Error(
        `it never came to be: ${expression}; the page says: ${await this.value("document.body.innerText.slice(0, 2000)")}; ${this.complaints.join("; ")}`,
      );
    }
  }

  async key(key, modifiers = 0) {
    const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, text, modifiers });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, modifiers });
  }

  // A real press at a place of an element.
  async press(selector, x, y) {
    const box = await this.value(
      `(() => { const b = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return [b.x, b.y]; })()`,
    );
    const place = { x: box[0] + x, y: box[1] + y, button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...place });
    await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...place });
  }

  async size(width, height) {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 500,
    });
  }

  async media(features) {
    const list = Object.entries(features).map(([name, value]) => ({ name, value }));
    await this.send("Emulation.setEmulatedMedia", { features: list });
  }

  async picture(file) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }
}

// Opens the page, does it, and ends the browser; a script ends with exit code 1 if it throws.
async function with_page(program, url, does) {
  const browser = new Browser(program);
  try {
    const page = await browser.page(url);
    await page.size(1280, 900);
    await does(page);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

// Each check in turn; then the page's console may not have complained.
async function run_checks(page, checks) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(page);
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
  assert.deepEqual(page.complaints, []);
  console.log(`${Object.keys(checks).length} checks passed in the page`);
}

module.exports = { Browser, with_page, run_checks };
