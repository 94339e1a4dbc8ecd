// Who talks to whom, drawn on a canvas: what layout.js has placed, packets on their way, and what
// waits or is in flight at each node. It is drawn again when something moves or has changed.
import { DRAWER_MARGIN, Layout } from "./layout.js";
import { counted, element, number, visible } from "./text.js";
import { MASTER, fate_of, kind_of } from "./world.js";

const DOTS_MAX = 400;
const LABELS_ABOVE = 40; // dots from which on they have no words
const TRAVEL_MS = 900;
const FLASH_MS = 600;
const STAGGER_MS = 300; // between two on one edge
const STAGGER_MOST_MS = 1500;
const GATHER_MS = 500;
const CROWD = 500; // nodes from which on they are laid out anew only now and then
const LAYOUT_SHARE = 25; // then a layout that took a while rests so many times as long
const STACK_MAX = 5; // that are drawn of what waits
const MAILBOX = { w: 12, h: 26 };
const CLICK_PX = 24;
const TEXT_PX = 16; // of a page that all sizes here are for

export class Topology {
  constructor(canvas, { choose, say }) {
    this.canvas = canvas;
    this.below = document.createElement("canvas"); // what packets pass over
    this.above = document.createElement("canvas"); // and under
    this.on_choose = choose;
    this.say = say;
    this.dots = [];
    this.begun = new Map(); // when the last one set out, by its edge
    this.opened = []; // the path of groups that are opened
    this.focused = null; // by the keyboard: what a node is drawn as
    this.signature = "";
    this.layout = null;
    this.gathered = -Infinity; // before the first picture, however soon that is
    this.rests_until = 0;
    this.is_stale = true;
    this.size = { width: 0, base: 0, scale: 1, ratio: 1 };
    this.drawer_height = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.read_colours());
    this.read_colours();
    new ResizeObserver(([entry]) => this.resize(entry.contentRect)).observe(canvas);
    canvas.addEventListener("click", (event) => this.click(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.focus(null));
  }

  // What is drawn, by what it is drawn as.
  get places() {
    return this.layout === null ? new Map() : this.layout.places;
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
    this.is_stale = true;
  }

  // ---- layout -----------------------------------------------------------------------------------

  // Everything is as large as the page's text. A drawer makes the canvas higher than its style has
  // it.
  resize({ width, height }) {
    const pixels = devicePixelRatio || 1;
    const scale = parseFloat(getComputedStyle(this.canvas).fontSize) / TEXT_PX;
    const base = height / scale - this.drawer_height;
    this.size = { width: width / scale, base, scale, ratio: pixels * scale };
    this.canvas.width = Math.round(width * pixels);
    this.canvas.height = Math.round(height * pixels);
    this.signature = "";
  }

  // Lays out anew if somebody came or went.
  lay_out(world, now) {
    const { width, base } = this.size;
    const wanted = `${world.changes} ${width} ${base} ${this.opened.join("\n")}`;
    const can_wait = world.nodes.size > CROWD && now < this.rests_until;
    if (wanted === this.signature || (can_wait && this.signature !== "")) {
      return;
    }
    const begun = performance.now();
    this.layout = new Layout(world, width, base, this.opened);
    this.opened = (this.layout.drawer?.path || []).map(({ as }) => as);
    this.signature = `${world.changes} ${width} ${base} ${this.opened.join("\n")}`;
    this.drawer_height = this.layout.full_height - base;
    this.canvas.style.setProperty("--drawer", `${this.drawer_height * this.size.scale}px`);
    this.gathered = -Infinity;
    this.rests_until = now + Math.max(GATHER_MS, LAYOUT_SHARE * (performance.now() - begun));
  }

  place_of(key) {
    return this.layout.place_of(key);
  }

  // ---- packets ----------------------------------------------------------------------------------

  // A packet sets out. Those of one exchange follow within a moment: they go one behind the other,
  // as far as there are few.
  send(item, now, speed) {
    if (item.path === undefined && item.from_key === undefined) {
      return;
    }
    const slowness = 1 / Math.min(4, Math.max(0.25, Math.sqrt(speed)));
    const dot = {
      item,
      start: this.start_of(item, now, STAGGER_MS * slowness),
      kind: kind_of(item),
      fate: fate_of(item),
      ms: TRAVEL_MS * slowness,
    };
    dot.ms *= dot.fate === "delayed" ? 2 : 1;
    if (this.dots.length >= DOTS_MAX) {
      this.dots.shift();
    }
    this.dots.push(dot);
  }

  start_of(item, now, gap) {
    if (this.dots.length >= LABELS_ABOVE) {
      this.begun.clear();
      return now;
    }
    const edge = [item.from_key, item.to_key].sort().join("\n");
    const next = (this.begun.get(edge) ?? 0) + gap;
    const start = next > now && next < now + STAGGER_MOST_MS ? next : now;
    this.begun.set(edge, start);
    return start;
  }

  // ---- drawing ----------------------------------------------------------------------------------

  // Returns whether it took long, since not only packets moved.
  draw(world, now, chosen) {
    if (this.size.width === 0) {
      return false;
    }
    this.lay_out(world, now);
    this.gather(world, now);
    const is_still = !this.is_stale && chosen === this.drawn_with;
    if (this.dots.length === 0 && is_still) {
      return false;
    }
    if (!is_still) {
      this.is_stale = false;
      this.drawn_with = chosen;
      this.paint(this.below, () => this.draw_below());
      this.paint(this.above, () => this.draw_nodes(chosen));
    }
    this.paint(this.canvas, () => {
      this.put_layer(this.below);
      this.draw_dots(now);
      this.put_layer(this.above);
    });
    return !is_still;
  }

  // What stands still is painted on layers of its own: words take longer than all the rest.
  paint(canvas, does) {
    const { ratio } = this.size;
    if (canvas.width !== this.canvas.width || canvas.height !== this.canvas.height) {
      [canvas.width, canvas.height] = [this.canvas.width, this.canvas.height];
    }
    this.context = canvas.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.size.width, this.layout.full_height);
    does();
  }

  put_layer(layer) {
    const { width, height } = this.canvas;
    if (width > 0 && height > 0) {
      this.context.drawImage(layer, 0, 0, width / this.size.ratio, height / this.size.ratio);
    }
  }

  draw_below() {
    this.draw_areas();
    this.draw_drawer();
    this.draw_edges();
    this.draw_mailboxes();
  }

  draw_box(x, y, w, h) {
    const draw = this.context;
    draw.lineWidth = 1;
    draw.fillStyle = this.colours.box;
    draw.strokeStyle = this.colours.line;
    draw.beginPath();
    draw.roundRect(x, y, w, h, 10);
    draw.fill();
    draw.stroke();
  }

  draw_areas() {
    const draw = this.context;
    draw.font = `13px ${this.font}`;
    draw.textAlign = "left";
    for (const area of this.layout.areas) {
      this.draw_box(area.x, area.y, area.w, area.h);
      draw.fillStyle = this.colours.quiet;
      const name = area.name.split("/").slice(-2).join("/");
      draw.fillText(visible(name, Math.floor(area.w / 8) - 3), area.x + 12, area.y + 20);
    }
  }

  // The devices of a group that is opened, joined with where the group stands.
  draw_drawer() {
    const { drawer } = this.layout;
    if (drawer === null) {
      return;
    }
    const draw = this.context;
    const width = this.size.width - 2 * DRAWER_MARGIN;
    this.draw_box(DRAWER_MARGIN, drawer.top, width, drawer.h);
    draw.strokeStyle = this.colours.ink;
    draw.setLineDash([2, 4]);
    draw.beginPath();
    draw.moveTo(drawer.via.x, drawer.via.y);
    draw.lineTo(drawer.via.x, drawer.top);
    draw.stroke();
    draw.setLineDash([]);
    draw.font = `13px ${this.font}`;
    draw.textAlign = "left";
    draw.fillStyle = this.colours.quiet;
    const names = drawer.path.map((one) => `${visible(one.label, 24)} (${number(one.nodes.length)})`);
    draw.fillText(names.join(" ▸ "), DRAWER_MARGIN + 12, drawer.top + 20);
  }

  // What is under way, and what waits, at each node: gathered now and then, since there may be many
  // thousands.
  gather(world, now) {
    if (now - this.gathered < GATHER_MS) {
      return;
    }
    this.gathered = now;
    this.is_stale = true;
    for (const line of this.layout.lines) {
      line.is_up = line.edges.length === 0 || line.edges.some((edge) => edge.is_up);
    }
    for (const place of this.places.values()) {
      [place.under_way, place.queued, place.is_there] = [0, 0, false];
      for (const node of place.nodes || [place.node]) {
        place.under_way += node.under_way;
        place.queued += node.queued;
        place.is_there ||= node.is_there;
      }
    }
    this.mailboxes = [...world.gates.values()];
  }

  draw_edges() {
    const draw = this.context;
    draw.strokeStyle = this.colours.line;
    for (const { one, other, is_up } of this.layout.lines) {
      draw.setLineDash(is_up ? [] : [3, 5]);
      draw.beginPath();
      draw.moveTo(one.x, one.y);
      draw.lineTo(other.x, other.y);
      draw.stroke();
    }
    draw.setLineDash([]);
  }

  // At the master, on the line to the router that empties it. It is full at ten packets, a hundred,
  // a thousand, and so on, whichever no mailbox is above.
  draw_mailboxes() {
    const master = this.places.get(MASTER);
    if (master === undefined) {
      return;
    }
    const most = Math.max(10, ...this.mailboxes.map((gate) => gate.packets));
    const full = 10 ** Math.ceil(Math.log10(most));
    this.mailboxes.forEach((gate, i) => {
      const router = this.place_of(gate.key);
      if (router !== undefined) {
        const [dx, dy] = [router.x - master.x, router.y - master.y];
        const part = Math.min(0.5, 46 / (Math.hypot(dx, dy) || 1));
        // Side by side, if routers stand one above the other.
        const beside =
          Math.abs(dx) > 2 * MAILBOX.w ? 0 : (i - (this.mailboxes.length - 1) / 2) * 2 * MAILBOX.w;
        const [x, y] = [master.x + dx * part + beside, master.y + dy * part];
        this.draw_mailbox(gate, x, y, gate.packets / full);
      }
    });
  }

  draw_mailbox(gate, x, y, level) {
    const draw = this.context;
    const { w, h } = MAILBOX;
    const [left, top] = [x - w / 2, y - h / 2];
    const filled = gate.packets === 0 ? 0 : Math.max(3, level * h);
    draw.fillStyle = this.colours.paper;
    draw.fillRect(left, top, w, h);
    draw.fillStyle = this.colours[gate.dropped > 0 ? "fault" : "publish"];
    draw.fillRect(left, top + h - filled, w, filled);
    draw.strokeStyle = this.colours[gate.is_leased ? "master" : "quiet"];
    draw.strokeRect(left, top, w, h);
    if (gate.packets > 0 || gate.dropped > 0) {
      const texts = [`${number(gate.packets)} in the mailbox`];
      if (gate.dropped > 0) {
        texts.push(`${number(gate.dropped)} lost`);
      }
      draw.font = `12px ${this.font}`;
      draw.textAlign = x < this.size.width / 2 ? "right" : "left";
      draw.fillStyle = this.colours.ink;
      const side = draw.textAlign === "right" ? left - 5 : left + w + 5;
      texts.forEach((text, i) => draw.fillText(text, side, top + h - 1 + 14 * i));
    }
  }

  draw_dots(now) {
    this.dots = this.dots.filter((dot) => now - dot.start < dot.ms + FLASH_MS);
    const has_words = this.dots.length < LABELS_ABOVE;
    for (const dot of this.dots) {
      const progress = Math.min(1, (now - dot.start) / dot.ms);
      if (progress < 0) {
        continue; // it waits for its turn
      }
      const path = this.path_of(dot.item);
      if (path.length > 1) {
        this.draw_dot(dot, path, progress, has_words);
      } else if (path.length === 1 && dot.item.to_key === undefined) {
        this.draw_ring(dot, path[0], progress);
      }
    }
  }

  // Through the place of its group, if a device stands in the drawer.
  path_of(item) {
    const places = (item.path || [item.from_key])
      .map((key) => this.place_of(key))
      .filter((place) => place !== undefined);
    return places.length < 2
      ? places
      : places.flatMap((place, i) =>
          place.via === undefined ? [place] : i === 0 ? [place, place.via] : [place.via, place],
        );
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
      const words = `${dot.item.type}${qos}${dot.fate ? ` ${dot.fate}` : ""}`;
      draw.strokeStyle = this.colours.box;
      draw.lineWidth = 3;
      draw.strokeText(words, x, y - 10);
      draw.fillText(words, x, y - 10);
      draw.lineWidth = 1;
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

  draw_nodes(chosen) {
    const draw = this.context;
    const lit = new Set(
      [chosen?.from_key, chosen?.to_key].filter(Boolean).map((key) => this.place_of(key)),
    );
    draw.textAlign = "center";
    for (const [as, place] of this.places) {
      const kind = place.node?.kind || "client";
      const size = this.size_of(place, kind);
      const is_lit = lit.has(place) || this.layout.drawer?.path.some((one) => one.as === as);
      draw.beginPath();
      if (kind === "router" || kind === "master") {
        draw.rect(place.x - size, place.y - size, 2 * size, 2 * size);
      } else {
        draw.arc(place.x, place.y, size, 0, 2 * Math.PI);
      }
      draw.fillStyle = place.is_there ? this.colours[kind] : this.colours.box;
      draw.strokeStyle = is_lit ? this.colours.ink : this.colours[kind];
      draw.lineWidth = is_lit ? 4 : 2;
      draw.fill();
      draw.stroke();
      this.draw_queue(place, size);
      this.draw_words(place, size);
      if (as === this.focused) {
        this.draw_focus(place, size);
      }
    }
    draw.lineWidth = 1;
  }

  size_of(place, kind) {
    if (place.members > 1) {
      return place.is_small ? 11 : 10 + Math.min(12, Math.log2(place.members) * 1.5);
    }
    return place.is_small ? 6 : { broker: 15, router: 11 }[kind] || 8;
  }

  draw_focus(place, size) {
    const draw = this.context;
    draw.strokeStyle = this.colours.ink;
    draw.lineWidth = 2;
    draw.strokeRect(place.x - size - 5, place.y - size - 5, 2 * size + 10, 2 * size + 10);
  }

  // What waits stands in a stack beside the node.
  draw_queue(place, size) {
    const draw = this.context;
    draw.fillStyle = this.colours.publish;
    for (let i = 0; i < Math.min(STACK_MAX, place.queued); i++) {
      draw.fillRect(place.x + size + 4, place.y + size - 3 - 5 * i, 10, 3);
    }
  }

  draw_words(place, size) {
    const draw = this.context;
    const label = place.members > 1 ? place.label : place.node.label;
    const most = place.is_small ? this.layout.drawer.cell / 7 : this.places.size > 16 ? 12 : 18;
    const gap = place.is_small ? 11 : 14;
    const states = [
      place.under_way > 0 ? `${number(place.under_way)} in flight` : "",
      place.queued > 0 ? `${number(place.queued)} waiting` : "",
    ].filter(Boolean);
    draw.fillStyle = this.colours.ink;
    draw.font = `${place.is_small ? 10.5 : 12}px ${this.font}`;
    [visible(label, Math.floor(most)), ...(place.is_small ? [states.join(", ")] : states)].forEach(
      (text, i) => draw.fillText(text, place.x, place.y + size + gap * (i + 1)),
    );
    if (place.members > 1) {
      draw.fillStyle = place.is_there ? this.colours.paper : this.colours.ink;
      draw.font = `${place.members > 999 || place.is_small ? 9 : 11}px ${this.font}`;
      draw.fillText(number(place.members), place.x, place.y + 4);
    }
  }

  // ---- for those who do not see it ----------------------------------------------------------------

  describe(world) {
    const counts = { broker: 0, router: 0, client: 0 };
    for (const { kind } of world.nodes.values()) {
      counts[kind]++;
    }
    return `${counted(world.areas.size, "network")} with ${counted(counts.broker, "broker")}, ${counted(counts.router, "router")} and ${counted(counts.client, "client")}`;
  }

  table(world) {
    const nodes = [...world.nodes.values()]
      .sort((a, b) => b.sent + b.received - a.sent - a.received)
      .slice(0, 200);
    const head = ["Who", "What", "Network", "Sent", "Received", "In flight", "Waiting", "There"];
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
              number(node.queued),
              node.is_there ? "yes" : "no",
            ].map((cell) => element("td", {}, element("bdi", {}, cell))),
          ),
        ),
      ),
    );
  }

  // ---- choosing ---------------------------------------------------------------------------------

  click(event) {
    const [x, y] = [event.offsetX / this.size.scale, event.offsetY / this.size.scale];
    let nearest = null;
    let least = CLICK_PX;
    for (const place of this.places.values()) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance < least) {
        [nearest, least] = [place, distance];
      }
    }
    this.choose(nearest);
  }

  // A group opens, or closes; of a device only its packets are shown from then on.
  choose(place) {
    if (place !== null && place.members > 1) {
      this.toggle(place);
    } else {
      const is_client = place !== null && !["broker", "master"].includes(place.node.kind);
      this.on_choose(is_client ? place.node.label : "");
    }
  }

  toggle(place) {
    const at = this.opened.indexOf(place.as);
    if (at >= 0) {
      this.opened = this.opened.slice(0, at);
    } else {
      this.opened = place.is_small ? [...this.opened, place.as] : [place.as];
    }
    this.signature = "";
    this.say(
      at >= 0
        ? `${visible(place.label)} is closed`
        : `${visible(place.label)} is open: ${counted(place.members, "device")}`,
    );
  }

  // Arrows go from node to node in the order in which they are drawn.
  key(event) {
    const all = [...this.places.values()];
    const now = all.findIndex((place) => place.as === this.focused);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const { key } = event;
    if (steps[key] !== undefined) {
      this.focus(all[(now + steps[key] + all.length) % all.length]);
    } else if (key === "Home" || key === "End") {
      this.focus(all[key === "Home" ? 0 : all.length - 1]);
    } else if (key === "Escape" && this.opened.length > 0) {
      this.toggle(this.layout.drawer.path[this.opened.length - 1]);
    } else if ((key === "Enter" || key === " ") && now >= 0) {
      this.choose(all[now]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  focus(place) {
    this.focused = place?.as ?? null;
    this.is_stale = true;
    if (place) {
      this.say(this.words_of(place));
    }
  }

  words_of(place) {
    const states = [
      place.is_there ? "" : "away",
      place.under_way > 0 ? `${number(place.under_way)} in flight` : "",
      place.queued > 0 ? `${number(place.queued)} waiting` : "",
    ].filter(Boolean);
    const what =
      place.members > 1
        ? `${visible(place.label)}, a group of ${counted(place.members, "device")}, ${this.opened.includes(place.as) ? "open" : "closed"}`
        : `${visible(place.node.label)}, ${place.node.kind}`;
    return [what, ...states].join(", ");
  }
}
