// The tree of topics: last values, retained marks, rates, and the history of each, in bounds; and
// how it is shown.
import { bytes_of, clock, counted, drawn, element, hex_of, number, outside, visible } from "./text.js";

const TOPICS_MAX = 20000; // more are counted, not kept
const HISTORY_MAX = 200; // of a topic
export const HISTORIES_MAX = 50000; // of all topics: the oldest value goes, whosever it is
const ROWS_MAX = 200; // shown at once
const RATE_SECONDS = 10;
const PATHS_MAX = 20; // numbers that are looked for in a payload

function new_topic(name, level, parent) {
  return {
    name,
    level,
    parent,
    children: new Map(),
    count: 0,
    published: 0,
    last: null,
    retained: false,
    history: [],
    dropped: 0, // of its values that still stand in `order`
  };
}

export class Topics {
  constructor() {
    this.root = new_topic("", "", null);
    this.size = 0;
    this.left_out = 0;
    this.order = []; // a ring: whose values came, in turn
    this.oldest = 0;
  }

  // Not the whole packet: there are many.
  remember(topic, { n, at, qos, payload, payload_base64, payload_bytes }) {
    const item = { n, at, qos, payload, payload_base64, payload_bytes };
    const oldest = this.order[this.oldest];
    if (oldest !== undefined && oldest.dropped > 0) {
      oldest.dropped--;
    } else if (oldest !== undefined) {
      oldest.history.shift();
    }
    this.order[this.oldest] = topic;
    this.oldest = (this.oldest + 1) % HISTORIES_MAX;
    topic.history.push(item);
    if (topic.history.length > HISTORY_MAX) {
      topic.history.shift();
      topic.dropped++;
    }
    return item;
  }

  find(name, makes) {
    let topic = this.root;
    const levels = name.split("/");
    for (let i = 0; i < levels.length; i++) {
      let next = topic.children.get(levels[i]);
      if (next === undefined) {
        if (!makes || this.size >= TOPICS_MAX) {
          return null;
        }
        next = new_topic(levels.slice(0, i + 1).join("/"), levels[i], topic);
        topic.children.set(levels[i], next);
        this.size++;
      }
      topic = next;
    }
    return topic;
  }

  // A message passes twice: from who publishes it and to who subscribed. Once the first was seen,
  // only that counts.
  take(name, item, is_published) {
    if (name === "") {
      return; // a topic alias: the name was sent before
    }
    const topic = this.find(name.slice(0, 1000), true);
    if (topic === null) {
      this.left_out++;
      return;
    }
    topic.published += is_published ? 1 : 0;
    if (!is_published && topic.published > 0) {
      return;
    }
    const is_empty = item.payload === "" && item.payload_base64 === undefined;
    topic.retained = item.retain === true ? !is_empty : topic.retained;
    topic.count++;
    topic.last = this.remember(topic, item);
  }
}

// The topics that a filter lets through (4.7), with those that they stand below; null: all.
export function matching(topics, filter) {
  if (filter === "") {
    return null;
  }
  const levels = filter.split("/");
  const found = new Set();
  const take_all = (topic) => {
    found.add(topic);
    topic.children.forEach(take_all);
  };
  const take = (topic, at) => {
    const wanted = levels[at];
    const { children } = topic;
    const seen = () => [...children.values()].filter((one) => at > 0 || !one.level.startsWith("$"));
    let is_found = at === levels.length || wanted === "#";
    if (wanted === "#") {
      seen().forEach(take_all);
    } else if (!is_found) {
      const next = wanted === "+" ? seen() : children.has(wanted) ? [children.get(wanted)] : [];
      is_found = next.map((child) => take(child, at + 1)).includes(true);
    }
    if (is_found) {
      found.add(topic);
    }
    return is_found;
  };
  take(topics.root, 0);
  return found;
}

// ---- values -------------------------------------------------------------------------------------

const is_number = (text) => text.trim() !== "" && Number.isFinite(Number(text));

function collect(value, path, found) {
  if (found.size >= PATHS_MAX) {
    return;
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    found.set(path || "value", value);
  } else if (typeof value === "boolean") {
    found.set(path || "value", value ? 1 : 0);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, path === "" ? key : `${path}.${key}`, found);
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The numbers of a payload, by where they stand in it.
export function numbers_in(item) {
  const found = new Map();
  const text = item.payload;
  if (text === undefined) {
    return found;
  }
  if (is_number(text)) {
    found.set("value", Number(text));
  } else if (text.startsWith("{") || text.startsWith("[")) {
    collect(parsed(text), "", found);
  }
  return found;
}

// ---- Sparkplug B --------------------------------------------------------------------------------

// A protobuf message as {field: [values]}; numbers are BigInt or Uint8Array. null: it is none.
function protobuf(bytes) {
  const fields = {};
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) {
        throw new RangeError("cut short");
      }
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        return value;
      }
    }
    throw new RangeError("too long");
  };
  const take = (size) => {
    at += size;
    if (at > bytes.length) {
      throw new RangeError("cut short");
    }
    return bytes.subarray(at - size, at);
  };
  try {
    while (at < bytes.length) {
      const key = Number(varint());
      const readers = {
        0: varint,
        1: () => take(8),
        2: () => take(Number(varint())),
        5: () => take(4),
      };
      const read = readers[key & 7];
      if (read === undefined || key >> 3 === 0) {
        return null;
      }
      (fields[key >> 3] ||= []).push(read());
    }
    return fields;
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder();

function metric_value(metric) {
  const view = (part) => new DataView(part.buffer, part.byteOffset, part.byteLength);
  if (metric[10]) return String(metric[10][0]);
  if (metric[11]) return String(metric[11][0]);
  if (metric[12]) return String(view(metric[12][0]).getFloat32(0, true));
  if (metric[13]) return String(view(metric[13][0]).getFloat64(0, true));
  if (metric[14]) return String(metric[14][0] !== 0n);
  if (metric[15]) return utf8.decode(metric[15][0]);
  return metric[7] ? "null" : "(another type)";
}

// Sparkplug B's payload as lines of name = value; null: it is none.
export function sparkplug(topic, bytes) {
  const payload = topic.startsWith("spBv1.0/") ? protobuf(bytes) : null;
  if (payload === null) {
    return null;
  }
  const lines = [];
  if (payload[1]) lines.push(`timestamp = ${new Date(Number(payload[1][0])).toISOString()}`);
  for (const part of payload[2] || []) {
    const metric = part instanceof Uint8Array ? protobuf(part) : null;
    if (metric === null) {
      return null;
    }
    const name = metric[1] ? utf8.decode(metric[1][0]) : `alias ${metric[2] ? metric[2][0] : "?"}`;
    lines.push(`${name} = ${metric_value(metric)}`);
  }
  if (payload[3]) lines.push(`seq = ${payload[3][0]}`);
  return lines.join("\n");
}

// ---- a payload in all its forms -----------------------------------------------------------------

export function payload_forms(topic, item) {
  const forms = [];
  const bytes = bytes_of(item, "payload");
  const plug = sparkplug(topic, bytes);
  const json =
    item.payload !== undefined && /^\s*[[{]/.test(item.payload) ? parsed(item.payload) : undefined;
  if (plug !== null) forms.push(["Sparkplug B", plug]);
  if (json !== undefined) forms.push(["JSON", JSON.stringify(json, null, 2)]);
  if (item.payload !== undefined) forms.push(["text", item.payload]);
  forms.push(["hex", hex_of(bytes)]);
  return forms.map(([name, text]) => [
    name,
    text
      .split("\n")
      .map((line) => visible(line, 2000))
      .slice(0, 200)
      .join("\n"),
  ]);
}

export function payload_view(topic, item) {
  const size = item.payload_bytes ?? bytes_of(item, "payload").length;
  return element(
    "div",
    { class: "payload" },
    element("p", { class: "quiet" }, `${counted(size, "byte")} of payload`),
    ...payload_forms(topic, item).map(([name, text], i) =>
      element(
        "details",
        { open: i === 0 },
        element("summary", {}, name),
        element("pre", { dir: "ltr" }, text),
      ),
    ),
  );
}

// ---- the chart ----------------------------------------------------------------------------------

function chart(points, label) {
  const [width, height, left, foot] = [640, 180, 60, 24];
  const [first, last] = [points[0], points[points.length - 1]];
  const values = points.map((point) => point.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || Math.abs(high) || 1;
  const x = (at) => left + ((at - first.at) / (last.at - first.at || 1)) * (width - left - 10);
  const y = (value) => 10 + (1 - (value - low) / span) * (height - foot - 20);
  const line = points
    .map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`)
    .join(" ");
  const text = (at_x, at_y, content, anchor) =>
    drawn("text", { x: at_x, y: at_y, "text-anchor": anchor, class: "axis" }, content);
  return drawn(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      class: "chart",
      "aria-label": `${label}: ${counted(points.length, "value")} from ${number(low)} to ${number(high)}, the last ${number(last.value)}`,
    },
    drawn("polyline", { points: line, class: "curve" }),
    ...points
      .slice(-60)
      .map((point) => drawn("circle", { cx: x(point.at), cy: y(point.value), r: 2, class: "dot" })),
    text(left - 6, y(high) + 4, number(high), "end"),
    text(left - 6, y(low) + 4, high === low ? "" : number(low), "end"),
    text(left, height - 6, clock(first.at), "start"),
    text(width - 10, height - 6, clock(last.at), "end"),
  );
}

function history_view(topic) {
  const series = new Map();
  for (const item of topic.history) {
    for (const [path, value] of numbers_in(item)) {
      if (!series.has(path)) {
        series.set(path, []);
      }
      series.get(path).push({ at: item.at, value });
    }
  }
  return [...series]
    .slice(0, 4)
    .filter(([, points]) => points.length > 1)
    .map(([path, points]) =>
      element(
        "figure",
        {},
        element("figcaption", {}, outside(path, 80)),
        chart(points, visible(path, 80)),
      ),
    );
}

// What is other than in the value before, line by line.
function difference_view(topic) {
  if (topic.history.length < 2) {
    return null;
  }
  const [old, now] = topic.history
    .slice(-2)
    .map((item) => payload_forms(topic.name, item)[0][1].split("\n"));
  const gone = old.filter((line) => !now.includes(line));
  const come = now.filter((line) => !old.includes(line));
  const lines = [...gone.map((line) => ["-", line]), ...come.map((line) => ["+", line])];
  return element(
    "div",
    {},
    element("h4", {}, "What changed with the last value"),
    lines.length === 0
      ? element("p", { class: "quiet" }, "nothing")
      : element(
          "pre",
          { class: "difference" },
          ...lines.map(([sign, line]) =>
            element(sign === "-" ? "del" : "ins", {}, `${sign} ${line}\n`),
          ),
        ),
  );
}

// By name; sorted again only when there are more, which stand last among the children.
function sorted_children(topic) {
  const { sorted = [], children } = topic;
  if (sorted.length !== children.size) {
    const more = [...children.values()].slice(sorted.length);
    topic.sorted = [...sorted, ...more].sort((a, b) => (a.level < b.level ? -1 : 1));
  }
  return topic.sorted || sorted;
}

// ---- the tree -----------------------------------------------------------------------------------

export class TopicsView {
  constructor(place, on_choose) {
    this.place = place;
    this.on_choose = on_choose;
    this.closed = new Set();
    this.rows = new Map(); // by their topics
    this.turn = { next: 0 }; // which rows may be made anew: from `from` on, so many
    this.chosen = null;
    this.filter = ""; // and what it lets through
    this.matching = null;
    this.matched = "";
    this.tree = element("ul", { role: "tree", "aria-label": "Topics", class: "tree" });
    this.words = element("li", { class: "quiet" });
    this.about = element("div", { class: "about-topic" });
    place.append(this.tree, this.about);
    this.tree.addEventListener("click", (event) => this.click(event));
    this.tree.addEventListener("keydown", (event) => this.key(event));
  }

  rate(topic, now) {
    const { history } = topic;
    let recent = 0;
    while (recent < history.length && history[history.length - 1 - recent].at > now - RATE_SECONDS) {
      recent++;
    }
    return recent === 0 ? "" : `${number(recent / RATE_SECONDS)}/s`;
  }

  // The beginning of the last value, on one line.
  value(topic) {
    if (topic.last === null) {
      return "";
    }
    const plug = sparkplug(topic.name, bytes_of(topic.last, "payload"));
    const text = plug ?? topic.last.payload ?? hex_of(bytes_of(topic.last, "payload"), 64);
    return visible(text.slice(0, 200).replaceAll("\n", " "), 60);
  }

  // The element of a topic, which is made anew only if something of it is other than before, and
  // where it is the turn of those here; undefined: there is none yet, and it is not its turn.
  row(topic, depth, now) {
    const before = this.rows.get(topic);
    if (this.turn.at++ < this.turn.from || this.turn.left === 0) {
      return before;
    }
    const is_open = topic.children.size > 0 ? !this.closed.has(topic.name) : undefined;
    const rate = topic.count > 0 ? `${number(topic.count)} × ${this.rate(topic, now)}` : "";
    const is_chosen = topic.name === this.chosen;
    const state = `${rate} ${topic.last?.n} ${topic.retained} ${is_open} ${is_chosen}`;
    if (before?.state === state) {
      return before;
    }
    const row = this.make_row(topic, depth, { is_open, rate, is_chosen });
    row.state = state;
    row.topic = topic;
    if (--this.turn.left === 0) {
      this.turn.next = this.turn.at;
    }
    return row;
  }

  make_row(topic, depth, { is_open, rate, is_chosen }) {
    return element(
      "li",
      {
        role: "treeitem",
        "aria-level": depth + 1,
        "aria-selected": String(is_chosen),
        "aria-expanded": is_open === undefined ? undefined : String(is_open),
        class: `depth-${Math.min(depth, 8)}`,
      },
      element(
        "span",
        { class: "twist", "aria-hidden": "true" },
        is_open === undefined ? "" : is_open ? "▾" : "▸",
      ),
      element(
        "span",
        { class: "level" },
        topic.level === "" ? "(empty)" : outside(topic.level, 60),
      ),
      element("span", { class: "value" }, outside(this.value(topic), 80)),
      topic.retained
        ? element(
            "span",
            { class: "mark", title: "retained: who subscribes later gets it" },
            "retained",
          )
        : null,
      element("span", { class: "rate" }, rate),
    );
  }

  rows_of(topic, depth, now, rows) {
    for (const child of sorted_children(topic)) {
      if (this.turn.at >= ROWS_MAX) {
        return;
      }
      if (this.matching !== null && !this.matching.has(child)) {
        continue;
      }
      const row = this.row(child, depth, now);
      if (row !== undefined) {
        row.tabIndex = child.name === this.focused ? 0 : -1;
        rows.set(child, row);
      }
      if (!this.closed.has(child.name)) {
        this.rows_of(child, depth + 1, now, rows);
      }
    }
  }

  // Topics come, and none goes.
  match(topics, filter) {
    const state = `${topics.size} ${filter}`;
    if (topics !== this.topics || state !== this.matched) {
      this.matching = matching(topics, filter);
      this.matched = state;
    }
    this.filter = filter;
  }

  // Those that the filter lets through. Makes at most so many rows anew, the others at the next
  // times. Returns whether all are made.
  show(topics, now, { most = Infinity, filter = this.filter } = {}) {
    this.match(topics, filter);
    this.topics = topics;
    this.now = now;
    const had_focus = this.tree.contains(document.activeElement);
    const found = new Map();
    this.turn = { from: most < Infinity ? this.turn.next : 0, at: 0, left: most, next: 0 };
    this.rows_of(topics.root, 0, now, found);
    this.rows = found;
    const rows = [...found.values()];
    if (rows.length > 0 && !rows.some((row) => row.tabIndex === 0)) {
      rows[0].tabIndex = 0;
    }
    this.put_rows(rows, this.last_words(this.turn.at, topics));
    if (had_focus) {
      this.tree.querySelector('[tabindex="0"]')?.focus();
    }
    this.show_about();
    return this.turn.next === 0;
  }

  last_words(count, topics) {
    if (count === 0) {
      return topics.size > 0 ? "No topic is matched by the filter." : "No message was seen yet.";
    }
    const left_out =
      topics.left_out > 0 ? ` ${counted(topics.left_out, "message of others was", "messages of others were")} not kept.` : "";
    return count < ROWS_MAX && left_out === ""
      ? ""
      : `More topics than are shown; close some branches, or filter by topic.${left_out}`;
  }

  // Those that are there stay where they are.
  put_rows(rows, words) {
    this.words.textContent = words;
    const wanted = new Set(words === "" ? rows : [...rows, this.words]);
    for (const there of [...this.tree.children]) {
      if (!wanted.has(there)) {
        there.remove();
      }
    }
    let there = this.tree.firstElementChild;
    for (const row of wanted) {
      if (row === there) {
        there = there.nextElementSibling;
      } else {
        this.tree.insertBefore(row, there);
      }
    }
  }

  show_about() {
    const topic = this.chosen === null ? null : this.topics.find(this.chosen, false);
    const state =
      topic === null || topic.last === null ? "" : `${topic.name} ${topic.count} ${topic.last.n}`;
    if (state === this.shown) {
      return;
    }
    this.shown = state;
    if (state === "") {
      this.about.replaceChildren();
      return;
    }
    const item = topic.last;
    this.about.replaceChildren(
      element("h3", {}, outside(topic.name, 200)),
      element(
        "p",
        { class: "quiet" },
        `last at ${clock(item.at)}, QoS ${item.qos}${topic.retained ? ", retained" : ""}; ${counted(topic.count, "value")}`,
      ),
      ...history_view(topic),
      difference_view(topic) || "",
      payload_view(topic.name, item),
    );
  }

  choose(row) {
    this.chosen = this.focused = row.topic.name;
    if (row.topic.last !== null) {
      this.on_choose(row.topic.last.n);
    }
    this.show(this.topics, this.now);
  }

  toggle(topic, open) {
    if (open ? this.closed.delete(topic.name) : this.closed.add(topic.name)) {
      this.focused = topic.name;
      this.show(this.topics, this.now);
    }
  }

  click(event) {
    const row = event.target.closest('[role="treeitem"]');
    if (row === null) {
      return;
    }
    if (event.target.classList.contains("twist") || row.topic.last === null) {
      this.toggle(row.topic, this.closed.has(row.topic.name));
    } else {
      this.choose(row);
    }
  }

  key(event) {
    const row = document.activeElement;
    if (row === null || row.topic === undefined) {
      return;
    }
    const go = {
      ArrowDown: row.nextElementSibling,
      ArrowUp: row.previousElementSibling,
      Home: this.tree.firstElementChild,
      End: this.tree.lastElementChild,
    }[event.key];
    if (go && go.topic) {
      row.tabIndex = -1;
      go.tabIndex = 0;
      this.focused = go.topic.name;
      go.focus();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      this.toggle(row.topic, event.key === "ArrowRight");
    } else if (event.key === "Enter" || event.key === " ") {
      this.choose(row);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
