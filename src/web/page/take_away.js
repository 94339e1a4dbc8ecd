// What was found, as a file: pcapng for Wireshark, CSV, lines of JSON, and the picture as SVG. All
// of it is made in the page of what the server has, past what the page itself keeps.
import { Aliases } from "./aliases.js";
import { ask_json, fetch_items, parse } from "./items.js";
import { button, counted, element, text_of } from "./text.js";

const ITEMS_MAX = 1000000; // of a file
const PART = 10000;
const SLICE = 500; // read without a pause

// ---- pcapng (draft-ietf-opsawg-pcapng), Ethernet frames of IPv4 and TCP ---------------------------

function block(type, body) {
  const padded = (body.length + 3) & ~3;
  const bytes = new Uint8Array(12 + padded);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function section_header() {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  view.setBigInt64(8, -1n, true);
  return block(0x0a0d0d0a, new Uint8Array(view.buffer));
}

function interface_description() {
  const view = new DataView(new ArrayBuffer(20));
  view.setUint16(0, 1, true); // Ethernet
  view.setUint16(8, 9, true); // if_tsresol: nanoseconds
  view.setUint16(10, 1, true);
  view.setUint8(12, 9);
  return block(1, new Uint8Array(view.buffer));
}

function checksum(bytes) {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += (bytes[i] << 8) | bytes[i + 1];
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return ~sum & 0xffff;
}

// The packet in a segment from one side of its connection, which stands in the addresses.
function frame(item, raw, side) {
  const bytes = new Uint8Array(54 + raw.length);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0], 0);
  const client = [
    10,
    (item.connection >> 16) & 255,
    (item.connection >> 8) & 255,
    item.connection & 255,
  ];
  const broker = [10, 255, 255, 254];
  const from_client = item.from === "client";
  bytes.set([0x45, 0], 14);
  view.setUint16(16, Math.min(65535, 40 + item.bytes));
  bytes.set([0x40, 0, 64, 6], 20);
  bytes.set(from_client ? client : broker, 26);
  bytes.set(from_client ? broker : client, 30);
  view.setUint16(24, checksum(bytes.subarray(14, 34)));
  const port = 20000 + (item.connection % 40000);
  view.setUint16(34, from_client ? port : 1883);
  view.setUint16(36, from_client ? 1883 : port);
  view.setUint32(38, side.sent[item.from]);
  view.setUint32(42, side.sent[from_client ? "broker" : "client"]);
  bytes.set([0x50, 0x18, 0xff, 0xff], 46);
  bytes.set(raw, 54);
  side.sent[item.from] = (side.sent[item.from] + item.bytes) >>> 0;
  return bytes;
}

function enhanced_packet(item, data, comment) {
  const words = new TextEncoder().encode(comment.slice(0, 500));
  const padded = (data.length + 3) & ~3;
  const options = words.length === 0 ? 0 : 8 + ((words.length + 3) & ~3);
  const bytes = new Uint8Array(20 + padded + options);
  const view = new DataView(bytes.buffer);
  const time = BigInt(item.time || 0) * 1000000000n + BigInt(item.nanoseconds || 0);
  view.setUint32(4, Number(time >> 32n), true);
  view.setUint32(8, Number(time & 0xffffffffn), true);
  view.setUint32(12, data.length, true);
  view.setUint32(16, 54 + item.bytes, true);
  bytes.set(data, 20);
  if (options > 0) {
    view.setUint16(20 + padded, 1, true);
    view.setUint16(22 + padded, words.length, true);
    bytes.set(words, 24 + padded);
  }
  return block(6, bytes);
}

function pcapng() {
  const sides = new Map();
  return {
    name: "packets.pcapng",
    type: "application/octet-stream",
    begin: () => [section_header(), interface_description()],
    take(item) {
      if (item.raw === undefined) {
        return null;
      }
      const key = `${text_of(item, "network")} ${item.connection}`;
      const side = sides.get(key) || { sent: { client: 1, broker: 1 } };
      sides.set(key, side);
      const raw = Uint8Array.from(item.raw.match(/../g) || [], (pair) =>
        pair === "xx" ? 42 : parseInt(pair, 16),
      );
      return enhanced_packet(
        item,
        frame(item, raw, side),
        item.way ? `${item.way.what}: ${item.way.text || ""}` : "",
      );
    },
  };
}

// ---- text ---------------------------------------------------------------------------------------

const columns = [
  "n",
  "time",
  "nanoseconds",
  "network",
  "client",
  "from",
  "sender",
  "receiver",
  "type",
  "qos",
  "retain",
  "dup",
  "packet_id",
  "topic",
  "payload",
  "bytes",
  "fate",
  "words",
];

// RFC 4180. A cell that a table calculator would take for a formula gets an apostrophe in front.
function cell(value) {
  const text = value === undefined || value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csv = () => ({
  name: "packets.csv",
  type: "text/csv;charset=utf-8",
  begin: () => [`${columns.join(",")}\r\n`],
  take: (item) =>
    `${columns.map((name) => cell(name === "fate" ? (item.way?.what ?? item.fault) : (item[name] ?? text_of(item, name)))).join(",")}\r\n`,
});

const json_lines = () => ({
  name: "packets.jsonl",
  type: "application/x-ndjson",
  begin: () => [],
  take(item) {
    const { n, at, from_key, to_key, path, exchange, ...plain } = item;
    return `${JSON.stringify(plain)}\n`;
  },
});

// ---- the picture ----------------------------------------------------------------------------------

// The ladder as it is shown, with its colours in it.
export function ladder_svg(ladder) {
  const rows = [...ladder.querySelectorAll(".row")];
  const [width, height] = [1400, 30 * (rows.length + 2)];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const put = (tag, attributes, text) => {
    const made = document.createElementNS(svg.namespaceURI, tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text || "";
    svg.append(made);
  };
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("font-family", "sans-serif");
  svg.setAttribute("font-size", "13");
  put("rect", { width, height, fill: getComputedStyle(document.body).backgroundColor });
  const ink = getComputedStyle(document.body).color;
  const shown = ladder.querySelector(".lanes");
  const left = 110;
  [...shown.children].forEach((lane, i, all) =>
    put(
      "text",
      {
        x: left + ((i + 0.5) * shown.clientWidth) / all.length,
        y: i % 2 === 0 ? 12 : 27, // a long one beside the next
        "text-anchor": "middle",
        fill: ink,
      },
      lane.textContent,
    ),
  );
  rows.forEach((row, i) => {
    const top = 30 * (i + 1);
    put("text", { x: 8, y: top + 20, fill: ink }, row.querySelector(".time").textContent);
    for (const part of row.querySelector("svg").children) {
      const copy = part.cloneNode(true);
      const style = getComputedStyle(part);
      for (const name of ["stroke", "fill", "stroke-width", "stroke-dasharray"]) {
        copy.setAttribute(name, style.getPropertyValue(name));
      }
      copy.setAttribute("transform", `translate(${left} ${top})`);
      svg.append(copy);
    }
    put(
      "text",
      { x: left + shown.clientWidth + 12, y: top + 20, fill: ink },
      row.querySelector(".words").textContent,
    );
  });
  return new XMLSerializer().serializeToString(svg);
}

function save(name, type, parts) {
  const link = element("a", {
    href: URL.createObjectURL(new Blob(parts, { type })),
    download: name,
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// All items that match, part by part.
export async function make_file(format, filter, on_progress) {
  const { first, next } = await ask_json("about");
  const parts = format.begin();
  const aliases = new Aliases();
  let taken = 0;
  for (let from = first; from < next && taken < ITEMS_MAX;) {
    const got = await fetch_items(from, Math.min(PART, next - from));
    if (got.lines.length === 0) {
      break;
    }
    for (const [i, line] of got.lines.entries()) {
      const item = parse(line, got.from + i);
      aliases.take(item);
      const part = filter.matches(item) ? format.take(item) : null;
      if (part !== null) {
        parts.push(part);
        taken++;
      }
      if (i % SLICE === SLICE - 1) {
        await new Promise((resolve) => setTimeout(resolve)); // pictures come first
      }
    }
    from = got.from + got.lines.length;
    on_progress(taken, (from - first) / (next - first));
  }
  return { parts, taken };
}

export class TakeAway {
  constructor(place, filter, ladder) {
    this.state = element(
      "p",
      { role: "status", class: "quiet" },
      "What the filter lets through, of all that the server still has.",
    );
    const take = (make) => async () => {
      const format = make();
      try {
        const { parts, taken } = await make_file(format, filter, (count, share) => {
          this.state.textContent = `${Math.round(share * 100)} %, ${counted(count, "packet")}`;
        });
        save(format.name, format.type, parts);
        this.state.textContent = `${counted(taken, "packet is", "packets are")} in ${format.name}.`;
      } catch (error) {
        this.state.textContent = `It cannot be saved: ${error.message}`;
      }
    };
    place.append(
      element(
        "p",
        { class: "buttons" },
        button("pcapng", take(pcapng), {
          title: "for Wireshark: packets of MQTT, without passwords",
        }),
        button("CSV", take(csv)),
        button("JSON lines", take(json_lines)),
        button("SVG of the ladder", () =>
          save("ladder.svg", "image/svg+xml", [ladder_svg(ladder)]),
        ),
      ),
      this.state,
    );
  }
}

export const formats = { pcapng, csv, json_lines };
