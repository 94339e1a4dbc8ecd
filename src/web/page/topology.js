// Who talks to whom, drawn on a canvas: networks as areas, devices and brokers as nodes, packets on
// their way. Many clients of one broker fold into groups, so that as many nodes are drawn as can be
// read; where a node stands follows from its name alone, as far as there is room.
import { element, number, visible } from "./text.js";
import { MASTER, fate_of, kind_of } from "./world.js";

const GROUP_ABOVE = 48; // clients of an area that are drawn one by one
const GROUPS_MAX = 20;
const DOTS_MAX = 400;
const LABELS_ABOVE = 40; // dots from which on they have no words
const TRAVEL_MS = 900;
const FLASH_MS = 600;
const GATHER_MS = 500;
const MASTER_HEIGHT = 56;

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  }
  return value >>> 0;
}

// "dev-17" and "dev-4" are of one group.
const group_name = (label) => label.replace(/\d+/g, "*");

export class Topology {
  constructor(canvas, on_choose) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.on_choose = on_choose;
    this.dots = [];
    this.places = new Map(); // of nodes and groups, by what they are drawn as
    this.shown_as = new Map(); // what a node is drawn as
    this.signature = "";
    this.lines = null; // edges as they are drawn; null: not known
    this.gathered = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.read_colours());
    this.read_colours();
    canvas.addEventListener("click", (event) => this.click(event));
  }

  read_colours() {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => style.getPropertyValue(name).trim();
    this.colours = Object.fromEntries(
      [
        "paper",
        "ink",
        "quiet",
        "line",
        "box",
        "connect",
        "publish",
        "answer",
        "subscribe",
        "ping",
        "end",
        "fault",
        "broker",
        "client",
        "router",
        "remote",
        "master",
        "device",
      ].map((name) => [name, value(`--${name}`)]),
    );
    this.font = getComputedStyle(document.body).fontFamily;
  }

  // ---- layout -----------------------------------------------------------------------------------

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = devicePixelRatio || 1;
    if (
      this.canvas.width !== Math.round(box.width * ratio) ||
      this.canvas.height !== Math.round(box.height * ratio)
    ) {
      this.canvas.width = Math.round(box.width * ratio);
      this.canvas.height = Math.round(box.height * ratio);
      this.signature = "";
    }
    this.width = box.width;
    this.height = box.height;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  // Lays out anew if somebody came or went.
  layout(world) {
    const signature = `${world.nodes.size} ${world.areas.size} ${this.width} ${this.height}`;
    if (signature === this.signature) {
      return;
    }
    this.signature = signature;
    this.lines = null;
    this.places.clear();
    this.shown_as.clear();
    this.areas = [];
    this.uplinks = [];
    const names = [...world.areas.keys()].filter((name) => world.areas.get(name).length > 0).sort();
    const columns =
      Math.min(
        names.length,
        this.width > this.height
          ? Math.ceil(Math.sqrt((names.length * this.width) / this.height))
          : 1,
      ) || 1;
    const rows = Math.ceil(names.length / columns) || 1;
    const routers = names.map((name) => world.router_of(name)).filter((node) => node !== null);
    const foot = routers.length > 1 ? MASTER_HEIGHT : 0;
    names.forEach((name, i) => {
      const [w, h] = [this.width / columns, (this.height - foot) / rows];
      const area = {
        name,
        x: (i % columns) * w + 6,
        y: Math.floor(i / columns) * h + 6,
        w: w - 12,
        h: h - 12,
      };
      this.areas.push(area);
      this.lay_out_area(world, area);
    });
    if (routers.length > 1) {
      this.put_master(routers);
    }
  }

  // Below the networks, joined with their routers.
  put_master(routers) {
    const node = { kind: "master", label: "master", under_way: 0, is_there: true };
    this.put(MASTER, { x: this.width / 2, y: this.height - 26, node, members: 1 });
    this.uplinks = routers.map((router) => router.key);
  }

  lay_out_area(world, area) {
    const nodes = world.areas.get(area.name).map((key) => world.nodes.get(key));
    const hubs = nodes
      .filter((node) => node.kind === "broker" || node.kind === "router")
      .sort((a, b) => (a.label < b.label ? -1 : 1));
    const has_router = hubs.some((node) => node.kind === "router");
    const others = nodes.filter(
      (node) => !hubs.includes(node) && !(has_router && node.kind === "remote"),
    );
    const middle = { x: area.x + area.w / 2, y: area.y + area.h / 2 + 8 };
    const spread = Math.min(area.w, area.h) * 0.16;
    const brokers = hubs.filter((node) => node.kind === "broker");
    brokers.forEach((node, i) => {
      const angle = (i / brokers.length) * 2 * Math.PI;
      const off = brokers.length > 1 ? spread : 0;
      const [x, y] = [middle.x + Math.cos(angle) * off, middle.y + Math.sin(angle) * off * 0.8];
      this.put(node.key, { x, y, node, members: 1 });
    });
    const routers = hubs.filter((node) => node.kind === "router");
    routers.forEach((node, i) => {
      const x = area.x + (area.w * (i + 1)) / (routers.length + 1);
      this.put(node.key, { x, y: area.y + area.h - 34, node, members: 1 });
    });
    this.lay_out_ring(this.fold(others), area, middle);
  }

  // Nodes as they are drawn: each by itself, or groups of them.
  fold(nodes) {
    if (nodes.length <= GROUP_ABOVE) {
      return nodes.map((node) => ({ as: node.key, label: node.label, node, nodes: [node] }));
    }
    const groups = new Map();
    const add = (name, node) => {
      const group = groups.get(name) || {
        as: `group ${node.area} ${name}`,
        label: name,
        node: null,
        nodes: [],
      };
      group.nodes.push(node);
      groups.set(name, group);
    };
    nodes.forEach((node) => add(group_name(node.label), node));
    if (groups.size > GROUPS_MAX || groups.size < 4) {
      groups.clear();
      nodes.forEach((node) =>
        add(`${group_name(node.label).slice(0, 10)} ${hash(node.label) % 8}`, node),
      );
    }
    if (groups.size > GROUPS_MAX) {
      groups.clear();
      nodes.forEach((node) => add(`clients ${hash(node.label) % 16}`, node));
    }
    return [...groups.values()].map((group) =>
      group.nodes.length === 1
        ? { ...group, label: group.nodes[0].label, node: group.nodes[0] }
        : group,
    );
  }

  // On an ellipse; the slot is that of the name's hash, or the next one that is free.
  lay_out_ring(shown, area, middle) {
    let slots = 8;
    while (slots < shown.length) {
      slots += slots >= 16 ? 16 : 8;
    }
    const taken = new Array(slots).fill(false);
    for (const one of [...shown].sort((a, b) => (a.as < b.as ? -1 : 1))) {
      let slot = hash(one.label) % slots;
      while (taken[slot]) {
        slot = (slot + 1) % slots;
      }
      taken[slot] = true;
      const angle = (slot / slots) * 2 * Math.PI + 0.3;
      const depth = slots > 24 && slot % 2 === 1 ? 0.74 : 1;
      const place = {
        x: middle.x + Math.cos(angle) * (area.w / 2 - 52) * depth,
        y: middle.y + Math.sin(angle) * (area.h / 2 - 40) * depth,
        node: one.node,
        members: one.nodes.length,
        label: one.label,
        nodes: one.nodes,
      };
      this.put(one.as, place);
      one.nodes.forEach((node) => this.shown_as.set(node.key, one.as));
    }
  }

  put(as, place) {
    this.places.set(as, place);
    this.shown_as.set(as, as);
  }

  place_of(key) {
    return this.places.get(this.shown_as.get(key));
  }

  // ---- packets ----------------------------------------------------------------------------------

  // A packet sets out. Where the dots are too many, the edge only lights up.
  send(item, now, speed) {
    if (item.path === undefined && item.from_key === undefined) {
      return;
    }
    const dot = {
      item,
      start: now,
      kind: kind_of(item),
      fate: fate_of(item),
      ms: TRAVEL_MS / Math.min(4, Math.max(0.25, Math.sqrt(speed))),
    };
    dot.ms *= dot.fate === "delayed" ? 2 : 1;
    if (this.dots.length >= DOTS_MAX) {
      this.dots.shift();
    }
    this.dots.push(dot);
  }

  // ---- drawing ----------------------------------------------------------------------------------

  draw(world, now, chosen) {
    this.resize();
    this.layout(world);
    const draw = this.context;
    draw.clearRect(0, 0, this.width, this.height);
    this.draw_areas();
    this.gather(world, now);
    this.draw_edges();
    this.draw_dots(now);
    this.draw_nodes(chosen, world);
    return this.dots.length > 0;
  }

  draw_areas() {
    const draw = this.context;
    draw.lineWidth = 1;
    draw.font = `13px ${this.font}`;
    draw.textAlign = "left";
    for (const area of this.areas) {
      draw.fillStyle = this.colours.box;
      draw.strokeStyle = this.colours.line;
      draw.beginPath();
      draw.roundRect(area.x, area.y, area.w, area.h, 10);
      draw.fill();
      draw.stroke();
      draw.fillStyle = this.colours.quiet;
      draw.fillText(
        visible(area.name.split("/").slice(-2).join("/"), Math.floor(area.w / 8) - 3),
        area.x + 12,
        area.y + 20,
      );
    }
  }

  // Edges as they are drawn, and what is under way at each node: gathered now and then, since there
  // may be many thousands.
  gather(world, now) {
    if (this.lines !== null && now - this.gathered < GATHER_MS) {
      return;
    }
    this.gathered = now;
    this.lines = new Map();
    for (const edge of world.edges.values()) {
      const [one, other] = [this.place_of(edge.one), this.place_of(edge.other)];
      if (one === undefined || other === undefined || one === other) {
        continue;
      }
      const key = `${this.shown_as.get(edge.one)}\n${this.shown_as.get(edge.other)}`;
      const line = this.lines.get(key) || { one, other, is_up: false };
      line.is_up = line.is_up || edge.is_up;
      this.lines.set(key, line);
    }
    for (const key of this.uplinks) {
      this.lines.set(`uplink ${key}`, {
        one: this.place_of(key),
        other: this.places.get(MASTER),
        is_up: true,
      });
    }
    for (const place of this.places.values()) {
      const nodes = place.nodes || [place.node];
      place.under_way = nodes.reduce((sum, node) => sum + node.under_way, 0);
      place.is_there = nodes.some((node) => node.is_there);
    }
  }

  draw_edges() {
    const draw = this.context;
    draw.strokeStyle = this.colours.line;
    for (const { one, other, is_up } of this.lines.values()) {
      draw.setLineDash(is_up ? [] : [3, 5]);
      draw.beginPath();
      draw.moveTo(one.x, one.y);
      draw.lineTo(other.x, other.y);
      draw.stroke();
    }
    draw.setLineDash([]);
  }

  draw_dots(now) {
    this.dots = this.dots.filter((dot) => now - dot.start < dot.ms + FLASH_MS);
    const has_words = this.dots.length < LABELS_ABOVE;
    for (const dot of this.dots) {
      const progress = Math.min(1, Math.max(0, (now - dot.start) / dot.ms));
      const path = (dot.item.path || [dot.item.from_key])
        .map((key) => this.place_of(key))
        .filter((place) => place !== undefined);
      if (path.length > 1) {
        this.draw_dot(dot, path, progress, has_words);
      } else if (path.length === 1 && dot.item.to_key === undefined) {
        this.draw_ring(dot, path[0], progress);
      }
    }
  }

  // To everyone in the network.
  draw_ring(dot, place, progress) {
    const draw = this.context;
    draw.strokeStyle = this.colours[dot.kind];
    draw.globalAlpha = 1 - progress;
    draw.beginPath();
    draw.arc(place.x, place.y, 12 + (this.calm.matches ? 14 : 50 * progress), 0, 2 * Math.PI);
    draw.stroke();
    draw.globalAlpha = 1;
  }

  draw_dot(dot, path, progress, has_words) {
    const draw = this.context;
    const stop = { dropped: 0.5, refused: 0.5, held: 0.6, cut: 0.5 }[dot.fate] || 1;
    const along = this.calm.matches ? stop * 0.5 : Math.min(progress, stop);
    const leg = Math.min(path.length - 2, Math.floor(along * (path.length - 1)));
    const part = along * (path.length - 1) - leg;
    const [from, to] = [path[leg], path[leg + 1]];
    const x = from.x + (to.x - from.x) * part;
    const y = from.y + (to.y - from.y) * part;
    draw.fillStyle = draw.strokeStyle =
      this.colours[dot.fate === "" || dot.fate === "delayed" ? dot.kind : "fault"];
    if (progress >= 1 && stop === 1) {
      return; // it has arrived
    }
    this.draw_shape(dot.kind, x, y);
    if (dot.fate !== "") {
      this.draw_fate(dot.fate, x, y);
    }
    if (has_words && dot.kind !== "ping") {
      draw.font = `12px ${this.font}`;
      draw.textAlign = "center";
      const qos = dot.item.qos > 0 ? ` ${dot.item.qos}` : "";
      draw.fillText(`${dot.item.type}${qos}${dot.fate ? ` ${dot.fate}` : ""}`, x, y - 10);
    }
  }

  // Each kind has a shape of its own, for those who do not tell its colour.
  draw_shape(kind, x, y) {
    const draw = this.context;
    draw.beginPath();
    if (kind === "publish") {
      draw.arc(x, y, 5.5, 0, 2 * Math.PI);
    } else if (kind === "answer") {
      draw.moveTo(x, y - 5);
      draw.lineTo(x + 5, y);
      draw.lineTo(x, y + 5);
      draw.lineTo(x - 5, y);
    } else if (kind === "subscribe") {
      draw.rect(x - 4.5, y - 4.5, 9, 9);
    } else if (kind === "connect") {
      draw.moveTo(x, y - 6);
      draw.lineTo(x + 5.5, y + 4);
      draw.lineTo(x - 5.5, y + 4);
    } else {
      draw.arc(x, y, kind === "ping" ? 2 : 3.5, 0, 2 * Math.PI);
    }
    draw.fill();
  }

  draw_fate(fate, x, y) {
    const draw = this.context;
    draw.lineWidth = 2;
    draw.beginPath();
    if (fate === "delayed") {
      draw.setLineDash([3, 3]);
      draw.arc(x, y, 9, 0, 2 * Math.PI);
    } else if (fate === "held") {
      draw.moveTo(x + 8, y - 8);
      draw.lineTo(x + 8, y + 8);
      draw.moveTo(x + 12, y - 8);
      draw.lineTo(x + 12, y + 8);
    } else {
      draw.moveTo(x - 8, y - 8);
      draw.lineTo(x + 8, y + 8);
      draw.moveTo(x - 8, y + 8);
      draw.lineTo(x + 8, y - 8);
    }
    draw.stroke();
    draw.setLineDash([]);
    draw.lineWidth = 1;
  }

  draw_nodes(chosen, world) {
    const draw = this.context;
    const lit = new Set(
      [chosen?.from_key, chosen?.to_key].filter(Boolean).map((key) => this.shown_as.get(key)),
    );
    draw.textAlign = "center";
    for (const [as, place] of this.places) {
      const kind = place.node?.kind || "client";
      const size =
        kind === "broker"
          ? 15
          : place.members > 1
            ? 10 + Math.min(12, Math.log2(place.members) * 1.5)
            : kind === "router"
              ? 11
              : 8;
      const there = place.is_there;
      draw.beginPath();
      if (kind === "router" || kind === "master") {
        draw.rect(place.x - size, place.y - size, 2 * size, 2 * size);
      } else {
        draw.arc(place.x, place.y, size, 0, 2 * Math.PI);
      }
      draw.fillStyle = there ? this.colours[kind] : this.colours.box;
      draw.strokeStyle = lit.has(as) ? this.colours.ink : this.colours[kind];
      draw.lineWidth = lit.has(as) ? 4 : 2;
      draw.fill();
      draw.stroke();
      this.draw_words(place, size);
    }
    draw.lineWidth = 1;
  }

  draw_words(place, size) {
    const draw = this.context;
    const label = place.members > 1 ? place.label : place.node.label;
    draw.fillStyle = this.colours.ink;
    draw.font = `12px ${this.font}`;
    draw.fillText(visible(label, this.places.size > 16 ? 12 : 18), place.x, place.y + size + 14);
    if (place.under_way > 0) {
      draw.fillText(`${number(place.under_way)} under way`, place.x, place.y + size + 28);
    }
    if (place.members > 1) {
      draw.fillStyle = place.is_there ? this.colours.paper : this.colours.ink;
      draw.font = `${place.members > 999 ? 9 : 11}px ${this.font}`;
      draw.fillText(number(place.members), place.x, place.y + 4);
    }
  }

  // ---- for those who do not see it ----------------------------------------------------------------

  describe(world) {
    const nodes = [...world.nodes.values()];
    const count = (kind) => nodes.filter((node) => node.kind === kind).length;
    return `${world.areas.size} networks with ${count("broker")} brokers, ${count("router")} routers and ${count("client")} clients`;
  }

  table(world) {
    const nodes = [...world.nodes.values()]
      .sort((a, b) => b.sent + b.received - a.sent - a.received)
      .slice(0, 200);
    const head = ["Who", "What", "Network", "Sent", "Received", "Under way", "There"];
    return element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text))),
      ),
      element(
        "tbody",
        {},
        ...nodes.map((node) =>
          element(
            "tr",
            {},
            ...[
              visible(node.label, 60),
              node.kind,
              visible(node.area, 40),
              number(node.sent),
              number(node.received),
              number(node.under_way),
              node.is_there ? "yes" : "no",
            ].map((cell) => element("td", {}, element("bdi", {}, cell))),
          ),
        ),
      ),
    );
  }

  click(event) {
    let nearest = null;
    let least = 24;
    for (const place of this.places.values()) {
      const distance = Math.hypot(place.x - event.offsetX, place.y - event.offsetY);
      if (distance < least) {
        [nearest, least] = [place, distance];
      }
    }
    this.on_choose(
      nearest === null
        ? ""
        : nearest.members > 1
          ? nearest.label.replace(/\*.*| \d+$/, "*")
          : nearest.node.kind === "broker"
            ? ""
            : nearest.node.label,
    );
  }
}
