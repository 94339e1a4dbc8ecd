// The ladder: a lane for each device that takes part in what is shown, and a row for each packet.
import { clock, drawn, element, outside, visible } from "./text.js";
import { fate_of, kind_of } from "./world.js";

const ROW_HEIGHT = 30; // in CSS pixels, as in web.css
const LANE_MIN = 66;
const NARROW = 620;
const WORDS_MAX = 160;

const type_of = (item) =>
  (item.type || "????") + (item.qos > 0 ? ` ${item.qos}` : "") + (item.dup ? " dup" : "");

export class Ladder {
  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.lanes = [];
    this.items = [];
    this.made = new Map(); // the rows that are shown, by their items
    this.lanes_text = "";
    this.head = element("div", { class: "lanes", "aria-hidden": "true" });
    this.body = element("div", { class: "rows" });
    place.append(this.head, this.body);
    this.pen = new OffscreenCanvas(1, 1).getContext("2d"); // measures names without a layout
    this.pen.font = `600 13.6px ${getComputedStyle(place).fontFamily}`;
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("[data-n]");
      if (row !== null) {
        on.choose(Number(row.dataset.n));
      }
    });
    place.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        on.scroll(
          Math.sign(event.deltaY) *
            Math.max(1, Math.round(Math.abs(event.deltaY) / ROW_HEIGHT / 2)),
        );
      },
      { passive: false },
    );
    this.width = place.clientWidth;
    this.height = place.clientHeight - this.head.offsetHeight; // of the rows
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      [this.width, this.height] = [width, height - this.head.offsetHeight];
    }).observe(place);
  }

  get is_narrow() {
    return this.width < NARROW;
  }

  // How many rows there is room for.
  get room() {
    return Math.max(4, Math.floor(this.height / (this.is_narrow ? 2 * ROW_HEIGHT : ROW_HEIGHT)));
  }

  // Those who take part most have a lane; who has one keeps its place among them.
  choose_lanes(world) {
    const parts = new Map();
    for (const key of this.items.flatMap((item) => [item.from_key, item.to_key])) {
      if (key !== undefined && world.nodes.has(key)) {
        parts.set(key, (parts.get(key) || 0) + 1);
      }
    }
    const most = Math.max(2, Math.floor(this.drawing_width / LANE_MIN));
    const wanted = [...parts.keys()].sort((a, b) => parts.get(b) - parts.get(a)).slice(0, most);
    const kept = this.lanes.filter((key) => wanted.includes(key));
    this.lanes = [...kept, ...wanted.filter((key) => !kept.includes(key))];
  }

  get drawing_width() {
    return this.is_narrow
      ? this.width - 16
      : Math.min(0.5 * this.width, 900);
  }

  x_of(key) {
    const place = this.lanes.indexOf(key);
    const step = this.drawing_width / this.lanes.length;
    return place < 0 ? this.drawing_width - 4 : (place + 0.5) * step;
  }

  show(items, world, chosen) {
    this.items = items;
    this.choose_lanes(world);
    this.show_lanes(world);
    const exchange = chosen?.exchange || [];
    const made = new Map();
    for (const item of items) {
      const is_lit = exchange.includes(item.n);
      const state = `${is_lit} ${item === chosen}`;
      const before = this.made.get(item);
      const row = before?.state === state ? before.row : this.row(item, chosen, is_lit, world);
      made.set(item, { state, row });
    }
    this.made = made;
    this.body.replaceChildren(...[...made.values()].map(({ row }) => row));
    const is_shown = chosen !== undefined && items.includes(chosen);
    if (is_shown) {
      this.place.setAttribute("aria-activedescendant", `packet-${chosen.n}`);
    } else {
      this.place.removeAttribute("aria-activedescendant");
    }
  }

  // Other lanes need other rows.
  show_lanes(world) {
    const nodes = this.lanes.map((key) => world.nodes.get(key));
    const text = `${this.drawing_width} ${nodes.map((node) => `${node?.kind} ${node?.label}`).join("\n")}`;
    if (text === this.lanes_text) {
      return;
    }
    this.lanes_text = text;
    this.made.clear();
    this.head.replaceChildren(
      ...nodes.map((node) =>
        element(
          "span",
          { class: `lane ${node?.kind || ""}`, title: visible(node?.label || "") },
          outside(node?.label || "", 40),
        ),
      ),
    );
    this.head.style.width = `${this.drawing_width}px`;
    this.head.style.setProperty("--lanes", nodes.length);
    this.head.classList.toggle("staggered", this.is_too_narrow_for(nodes));
  }

  // Names stand by turns in an upper and in a lower line where one would break within a word, or
  // hardly fit into two lines.
  is_too_narrow_for(nodes) {
    const room = this.drawing_width / nodes.length - 8; // as in web.css
    const width = (text) => this.pen.measureText(text).width;
    return nodes.some((node) => {
      const name = visible(node?.label || "", 40);
      return Math.max(width(name) / 1.6, ...name.split(/[ -]/).map(width)) > room;
    });
  }

  row(item, chosen, is_lit, world) {
    const fate = fate_of(item);
    const name = (key) => (key === undefined ? "everyone" : world.nodes.get(key)?.label || "");
    const time = item.at ? clock(item.at) : "";
    const words = visible(item.words || "", WORDS_MAX);
    const way = `from ${visible(name(item.from_key))} to ${visible(name(item.to_key))}`;
    // With what is written, in its order.
    const type = item.from_key === undefined ? "" : `${type_of(item)} `;
    const label = `${fate ? `${fate} ` : ""}${way}: ${time} ${type}${words}`;
    return element(
      "div",
      {
        role: "option",
        id: `packet-${item.n}`,
        "data-n": item.n,
        "aria-selected": String(item === chosen),
        "aria-label": label,
        class: `row ${kind_of(item)}${is_lit ? " lit" : ""}${fate ? ` fate-${fate}` : ""}`,
      },
      element("span", { class: "time" }, time),
      " ",
      this.arrow(item, fate),
      " ",
      element("span", { class: "words" }, element("bdi", {}, words)),
    );
  }

  arrow(item, fate) {
    const [width, middle] = [this.drawing_width, ROW_HEIGHT / 2];
    const svg = drawn(
      "svg",
      { width, height: ROW_HEIGHT, "aria-hidden": "true" },
      drawn("path", {
        d: this.lanes.map((key) => `M${this.x_of(key)} 0v${ROW_HEIGHT}`).join(""),
        class: "lifeline",
      }),
    );
    if (item.from_key === undefined) {
      return svg;
    }
    const has_lane = this.lanes.includes(item.from_key) || this.lanes.includes(item.to_key);
    const from = has_lane ? this.x_of(item.from_key) : width - 70;
    const everyone = item.to_key === undefined;
    const to = everyone ? (from > width / 2 ? 8 : width - 8) : this.x_of(item.to_key);
    const way = Math.sign(to - from) || 1;
    const stop = { dropped: 0.75, refused: 0.75, held: 0.6, cut: 0.5 }[fate] || 1;
    const end = from + (to - from) * stop;
    svg.append(drawn("line", { x1: from, x2: end, y1: middle, y2: middle, class: "arrow" }));
    if (stop === 1) {
      svg.append(drawn("path", { d: `M${end} ${middle}l${-9 * way} -5v10z`, class: "head" }));
    } else if (fate === "held") {
      svg.append(
        drawn("path", {
          d: `M${end} ${middle - 7}v14M${end + 5 * way} ${middle - 7}v14`,
          class: "mark",
        }),
      );
    } else {
      svg.append(
        drawn("path", {
          d: `M${end - 6} ${middle - 6}l12 12M${end - 6} ${middle + 6}l12 -12`,
          class: "mark",
        }),
      );
    }
    const text = drawn("text", {
      x: (from + to) / 2,
      y: middle - 3,
      "text-anchor": "middle",
      class: "type",
    });
    text.textContent = type_of(item);
    svg.append(text);
    return svg;
  }
}
