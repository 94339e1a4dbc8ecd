// One packet: what it is, what for, what was done to it, its exchange, and its bytes, field by field.
import { ask, ask_json } from "./items.js";
import { clock, counted, element, number, outside, visible, button, text_of } from "./text.js";
import { fate_of } from "./world.js";
import { payload_view } from "./topics.js";

let statements = null;

async function statement(id) {
  if (statements === null) {
    const lines = (await (await ask("statements.tsv")).text()).split("\n");
    statements = new Map(
      lines
        .filter((line) => line.startsWith("MQTT"))
        .map((line) => [line.split("\t")[0], line.split("\t")[2]]),
    );
  }
  return statements.get(id);
}

const fates = {
  dropped: "It was dropped on its way and never arrives.",
  delayed: "It arrives late.",
  held: "It waits until it is let go.",
  "let-go": "It was held and arrives now.",
  repeated: "It arrives once more.",
  changed: "Other bytes than these arrive.",
  reordered: "Packets that were sent later arrive before it.",
  refused: "It was turned away.",
  cut: "The connection was cut.",
  wrong: "It is not what it has to be.",
};

// A message that is too large to be shown has none here.
const has_payload = (item) =>
  item.type === "PUBLISH" && (item.payload !== undefined || item.payload_base64 !== undefined);

export class Detail {
  constructor(place, on_choose) {
    this.place = place;
    this.on_choose = on_choose;
    this.shown = -1;
  }

  async show(item, find, world) {
    if (item === undefined || item.n === this.shown) {
      return;
    }
    this.shown = item.n;
    const bytes = element("div", { class: "bytes" });
    const name = (key) =>
      outside(key === undefined ? "everyone" : world.nodes.get(key)?.label || "", 80);
    this.place.replaceChildren(
      element(
        "h3",
        {},
        `${item.type || "no packet"} `,
        element(
          "span",
          { class: "quiet" },
          `#${item.n} at ${item.at ? clock(item.at, true) : "?"}`,
        ),
      ),
      item.from_key === undefined
        ? ""
        : element("p", {}, name(item.from_key), " → ", name(item.to_key)),
      element("p", { class: "words" }, outside(item.words || "", 1000)),
      item.why ? element("p", { class: "why" }, outside(item.why, 2000)) : "",
      this.fate(item),
      this.cost(item),
      this.exchange(item, find),
      has_payload(item) ? payload_view(text_of(item, "topic"), item) : "",
      bytes,
    );
    try {
      await this.show_bytes(item, bytes);
    } catch (error) {
      bytes.replaceChildren(
        element("p", { class: "quiet" }, `Its bytes cannot be shown: ${error.message}`),
      );
    }
  }

  fate(item) {
    const fate = fate_of(item);
    const text = item.way?.text ?? item.end?.text ?? item.note ?? item.fault ?? "";
    const cause = item.end === undefined ? "" : ` ${item.end.cause}.`;
    return fate === "" && text === ""
      ? ""
      : element(
          "p",
          { class: fate === "" ? "quiet" : "fate" },
          `${fates[fate] || ""}${cause} `,
          outside(text, 500),
        );
  }

  cost(item) {
    const cost = item.cost;
    return cost === undefined
      ? ""
      : element(
          "p",
          { class: "quiet" },
          `The message is done: ${counted(cost.payload_bytes, "byte")} of payload took ${counted(cost.packets, "packet")} of ${counted(cost.bytes, "byte")}, in ${number(cost.nanoseconds / 1e6)} ms.`,
        );
  }

  exchange(item, find) {
    if (item.exchange === undefined || item.exchange.length < 2) {
      return "";
    }
    return element(
      "p",
      { class: "exchange" },
      "Its exchange: ",
      ...item.exchange.slice(0, 12).flatMap((n, i) => [
        i > 0 ? " → " : "",
        button(`${find(n)?.type || "packet"} #${n}`, () => this.on_choose(n), {
          class: "link",
          "aria-current": n === item.n ? "true" : undefined,
        }),
      ]),
    );
  }

  async show_bytes(item, place) {
    if (item.raw === undefined && item.line === undefined && item.line_base64 === undefined) {
      return;
    }
    const fields = await ask_json(`fields?item=${item.n}`);
    if (this.shown !== item.n) {
      return; // another one was chosen meanwhile
    }
    const all =
      item.raw !== undefined
        ? item.raw.match(/../g) || []
        : Array.from(new TextEncoder().encode(text_of(item, "line")), (byte) =>
            byte.toString(16).padStart(2, "0"),
          );
    const texts = new Map(
      await Promise.all(
        fields
          .filter((f) => f.statement)
          .map(async (f) => [f.statement, await statement(f.statement)]),
      ),
    );
    const dump = element("p", { class: "dump", dir: "ltr" });
    const rows = fields.map((field, i) => {
      const hex = all.slice(field.at, field.at + field.bytes);
      dump.append(
        element(
          "span",
          { class: `field tint-${i % 4}`, "data-field": i },
          hex.slice(0, 256).join(" ") + (hex.length > 256 ? " …" : ""),
        ),
        " ",
      );
      return element(
        "tr",
        { "data-field": i, tabindex: 0 },
        element("td", {}, field.name),
        element(
          "td",
          {},
          field.value === undefined ? "" : outside(this.value_of(item, field), 200),
        ),
        element("td", { class: "quiet" }, hex.slice(0, 8).join(" ") + (hex.length > 8 ? " …" : "")),
        element(
          "td",
          { class: "quiet" },
          field.statement ? `[${field.statement}] ${texts.get(field.statement) || ""}` : "",
        ),
      );
    });
    const head = ["Field", "Value", "Bytes", "The standard says"].map((name) =>
      element("th", { scope: "col" }, name),
    );
    const table = element(
      "table",
      { class: "fields" },
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...rows),
    );
    place.replaceChildren(
      element("h4", {}, `Its ${counted(item.bytes, "byte")}`),
      dump,
      element("div", { class: "wide", tabindex: 0 }, table),
    );
    for (const event of ["mouseover", "focusin"]) {
      place.addEventListener(event, (happened) =>
        this.light(place, happened.target.closest("[data-field]")?.dataset.field),
      );
    }
  }

  value_of(item, field) {
    return field.name === "password" ? "(not shown)" : visible(field.value, 200);
  }

  light(place, field) {
    for (const one of place.querySelectorAll("[data-field]")) {
      one.classList.toggle("lit", one.dataset.field === field);
    }
  }
}
