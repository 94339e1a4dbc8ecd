// The ladder: a lane for each device that takes part in what is shown, and a row for each packet.
import { clock, drawn, element, outside, visible } from "./text.js";
import { fate_of, kind_of } from "./world.js";

const ROW_HEIGHT = 30; // in CSS pixels, as in web.css
const LANE_MIN = 66;
const NARROW = 620;

export class Ladder {
  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.lanes = [];
    this.items = [];
    this.head = element("div", { class: "lanes", "aria-hidden": "true" });
    this.body = element("div", { class: "rows" });
    place.append(this.head, this.body);
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
  }

  get is_narrow() {
    return this.place.clientWidth < NARROW;
  }

  // How many rows there is room for.
  get room() {
    return Math.max(
      4,
      Math.floor((this.place.clientHeight - 44) / (this.is_narrow ? 2 * ROW_HEIGHT : ROW_HEIGHT)),
    );
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
      ? this.place.clientWidth - 16
      : Math.min(0.5 * this.place.clientWidth, 900);
  }

  x_of(key) {
    const place = this.lanes.indexOf(key);
    const step = this.drawing_width / this.lanes.length;
    return place < 0 ? this.drawing_width - 4 : (place + 0.5) * step;
  }

  show(items, world, chosen) {
    this.items = items;
    this.choose_lanes(world);
    const exchange = chosen?.exchange || [];
    this.head.replaceChildren(
      ...this.lanes.map((key) => {
        const node = world.nodes.get(key);
        return element(
          "span",
          { class: `lane ${node?.kind || ""}`, title: visible(node?.label || "") },
          outside(node?.label || "", 40),
        );
      }),
    );
    this.head.style.width = `${this.drawing_width}px`;
    this.body.replaceChildren(
      ...items.map((item) => this.row(item, chosen, exchange.includes(item.n), world)),
    );
    const is_shown = chosen !== undefined && items.includes(chosen);
    if (is_shown) {
      this.place.setAttribute("aria-activedescendant", `packet-${chosen.n}`);
    } else {
      this.place.removeAttribute("aria-activedescendant");
    }
  }

  row(item, chosen, is_lit, world) {
    const fate = fate_of(item);
    const name = (key) => (key === undefined ? "everyone" : world.nodes.get(key)?.label || "");
    const label = `${item.at ? clock(item.at) : ""} ${visible(name(item.from_key))} to ${visible(name(item.to_key))}: ${item.type || "no packet"}${fate ? `, ${fate}` : ""}. ${visible(item.words || "", 300)}`;
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
      element("span", { class: "time" }, item.at ? clock(item.at) : ""),
      this.arrow(item, fate),
      element("span", { class: "words" }, outside(item.words || "", 160)),
    );
  }

  arrow(item, fate) {
    const [width, middle] = [this.drawing_width, ROW_HEIGHT / 2];
    const svg = drawn(
      "svg",
      { width, height: ROW_HEIGHT, "aria-hidden": "true" },
      ...this.lanes.map((key) =>
        drawn("line", {
          x1: this.x_of(key),
          x2: this.x_of(key),
          y1: 0,
          y2: ROW_HEIGHT,
          class: "lifeline",
        }),
      ),
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
    text.textContent =
      (item.type || "????") + (item.qos > 0 ? ` ${item.qos}` : "") + (item.dup ? " dup" : "");
    svg.append(text);
    return svg;
  }
}
