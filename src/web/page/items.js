// Items as the server has them, of which the page keeps at most ITEMS_MAX, those around what is
// shown. All others are asked for again.
export const ITEMS_MAX = 20000;
const PART = 5000; // asked for at once

const token = new URLSearchParams(location.hash.slice(1)).get("token");

function headers() {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

// With a body it is a POST.
export async function ask(path, body) {
  const method = body === undefined ? "GET" : "POST";
  const answer = await fetch(path, { method, body, headers: headers() });
  if (!answer.ok) {
    throw new Error((await answer.text()).trim() || `the server says ${answer.status}`);
  }
  return answer;
}

export const ask_json = async (path, body) => (await ask(path, body)).json();

// A line of the server as an item. One that cannot be read is shown as such.
export function parse(line, n) {
  let item;
  try {
    item = JSON.parse(line);
  } catch {
    item = { type: "note", words: "an item that the page cannot read" };
  }
  item.n = n;
  item.at = (item.time || 0) + (item.nanoseconds || 0) / 1e9;
  return item;
}

// Lines of the server from the item `from` on: {from, lines}.
export async function fetch_items(from, count = PART) {
  const answer = await ask(`items?from=${from}&count=${count}`);
  const first = Number(answer.headers.get("Item"));
  const lines = (await answer.text()).split("\n");
  lines.pop();
  return { from: first, lines };
}

// Those before the item by which devices came and left.
export async function fetch_arrivals(before) {
  const lines = (await (await ask(`arrivals?before=${before}`)).text()).split("\n");
  lines.pop();
  return lines.map((line) => parse(line));
}

const ARRIVALS_MAX = 1000;
const tells_who = (line) => typeof line === "string" ? /"type":"(join|left)"/.test(line) : /^(join|left)$/.test(line.type);

// Lines are read as items when they are asked for: as they are taken in turn, a picture has only as
// many to read as it has time for.
export class Items {
  constructor() {
    this.base = 0; // the number of the first item that is here
    this.list = []; // items, and lines that are not read yet
    this.arrivals = []; // before the first
    this.total = 0; // how many the server has, as far as is known
    this.skipped = 0;
  }

  get next() {
    return this.base + this.list.length;
  }

  get(n) {
    const item = this.list[n - this.base];
    return typeof item === "string" ? (this.list[n - this.base] = parse(item, n)) : item;
  }

  has(n) {
    return n >= this.base && n < this.next;
  }

  clear(base) {
    this.base = base;
    this.list = [];
  }

  // Appends what follows; a gap throws away what was there. Returns whether it did.
  append(from, lines) {
    const gap = from !== this.next;
    if (gap) {
      this.clear(from);
    }
    for (const line of lines) {
      this.list.push(line);
    }
    if (this.list.length > ITEMS_MAX + PART) {
      const gone = this.list.splice(0, this.list.length - ITEMS_MAX);
      this.base += gone.length;
      const told = gone.filter(tells_who).map((line) => typeof line === "string" ? parse(line) : line);
      this.arrivals = [...this.arrivals, ...told].slice(-ARRIVALS_MAX);
    }
    this.total = Math.max(this.total, this.next);
    return gap;
  }
}

// Follows the server's events. `on.lines(from, lines)`, `on.skipped(from, to)`, `on.state(text)`.
export class Stream {
  constructor(on) {
    this.on = on;
    this.source = null;
  }

  open(from) {
    this.close();
    const secret = token === null ? "" : `&token=${encodeURIComponent(token)}`;
    this.source = new EventSource(`events?from=${from}${secret}`);
    this.source.addEventListener("open", () => this.on.state("live"));
    this.source.addEventListener("error", () => {
      this.on.state(this.source.readyState === EventSource.CLOSED ? "refused" : "lost");
    });
    this.source.addEventListener("message", (event) => {
      const lines = event.data.split("\n");
      this.on.lines(Number(event.lastEventId) - lines.length, lines);
    });
    this.source.addEventListener("skipped", (event) => {
      const { from: left, to } = JSON.parse(event.data);
      this.on.skipped(left, to);
    });
  }

  close() {
    if (this.source !== null) {
      this.source.close();
      this.source = null;
    }
  }
}
