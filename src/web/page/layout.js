// Where everything stands: networks as areas, brokers in their middle, routers at their foot, the
// master below them, clients on a ring around. Many clients fold into groups, so that as many nodes
// are drawn as can be read; a group that is opened shows its devices in a drawer below, and nothing
// else moves. Where a node stands follows from its name alone, as far as there is room.
import { MASTER } from "./world.js";

const GROUP_ABOVE = 48; // clients of an area that are drawn one by one
const GROUPS_MAX = 20;
const MASTER_HEIGHT = 56;
const FOOT_HEIGHT = 52; // of an area with routers, which stand below its ring
const MEMBERS_MAX = 100; // of a drawer; a larger group has smaller ones in it
const CELL = { w: 76, h: 44 };
const DRAWER_HEAD = 34;
export const DRAWER_MARGIN = 6;

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  }
  return value >>> 0;
}

// "dev-17" and "dev-4" are of one group. What follows from a label is kept with its node.
function names_of(node) {
  if (node.named !== node.label) {
    node.named = node.label;
    node.group = node.label.replace(/\d+/g, "*");
    node.hash = hash(node.label);
  }
  return node;
}

const by_name = new Intl.Collator("en", { numeric: true });

const single = (node) => ({ as: node.key, label: node.label, node, nodes: [node] });

function group_by(nodes, name_of) {
  const groups = new Map();
  for (const node of nodes) {
    const label = name_of(names_of(node));
    const group = groups.get(label);
    if (group !== undefined) {
      group.nodes.push(node);
    } else {
      groups.set(label, { as: `group ${node.area} ${label}`, label, node: null, nodes: [node] });
    }
  }
  return groups;
}

// Nodes as they are drawn: each by itself, or groups of them.
function fold(nodes) {
  if (nodes.length <= GROUP_ABOVE) {
    return nodes.map(single);
  }
  let groups = group_by(nodes, (node) => node.group);
  if (groups.size > GROUPS_MAX || groups.size < 4) {
    groups = group_by(nodes, (node) => `${node.group.slice(0, 10)} ${node.hash % 8}`);
  }
  if (groups.size > GROUPS_MAX) {
    groups = group_by(nodes, (node) => `clients ${node.hash % 16}`);
  }
  return [...groups.values()].map((group) =>
    group.nodes.length === 1 ? { ...single(group.nodes[0]), as: group.as } : group,
  );
}

// The members of a group, by name; many of them in smaller groups again.
function unfold(group) {
  const nodes = [...group.nodes].sort((a, b) => by_name.compare(a.label, b.label));
  if (nodes.length <= MEMBERS_MAX) {
    return nodes.map(single);
  }
  const size = Math.max(MEMBERS_MAX, Math.ceil(nodes.length / MEMBERS_MAX));
  const parts = [];
  for (let i = 0; i < nodes.length; i += size) {
    const members = nodes.slice(i, i + size);
    const label = `${members[0].label} …`;
    parts.push({ as: `${group.as} part ${parts.length}`, label, node: null, nodes: members });
  }
  return parts;
}

export class Layout {
  // `opened` is the path of groups that are opened, each within the one before.
  constructor(world, width, height, opened) {
    this.places = new Map(); // of nodes and groups, by what they are drawn as
    this.placed = new Map(); // of nodes that may stand within a group, by their keys
    this.areas = [];
    this.uplinks = [];
    this.groups = new Map(); // that can be opened, by what they are drawn as
    this.width = width;
    this.height = height;
    this.lay_out(world);
    this.drawer = this.open_drawer(opened);
    this.lines = this.join(world);
  }

  lay_out(world) {
    const names = [...world.areas.keys()].filter((name) => world.areas.get(name).size > 0).sort();
    const gates = [...world.gates.values()].filter((gate) => world.nodes.has(gate.key));
    const routers = names.map((name) => world.router_of(name)).filter((node) => node !== null);
    this.uplinks = [...new Set([...gates, ...routers].map((one) => one.key))];
    const has_master = this.uplinks.length > 1 || world.nodes.has(MASTER);
    const foot = has_master ? MASTER_HEIGHT : 0;
    const wished =
      this.width > this.height
        ? Math.ceil(Math.sqrt((names.length * this.width) / this.height))
        : 1;
    const columns = Math.min(names.length, wished) || 1;
    const rows = Math.ceil(names.length / columns) || 1;
    const [w, h] = [this.width / columns, (this.height - foot) / rows];
    names.forEach((name, i) => {
      const [x, y] = [(i % columns) * w + 6, Math.floor(i / columns) * h + 6];
      const area = { name, x, y, w: w - 12, h: h - 12 };
      this.areas.push(area);
      this.lay_out_area(world, area);
    });
    if (has_master) {
      this.put_master(world);
    }
  }

  // Below the networks, joined with their routers.
  put_master(world) {
    const alone = { kind: "master", label: "master", under_way: 0, queued: 0, is_there: true };
    const node = world.nodes.get(MASTER) || alone;
    this.put(MASTER, { x: this.width / 2, y: this.height - 30, node, members: 1 });
  }

  lay_out_area(world, area) {
    const [brokers, routers, remotes, others] = [[], [], [], []];
    const kinds = { broker: brokers, router: routers, remote: remotes };
    for (const node of world.areas.get(area.name)) {
      (kinds[node.kind] || others).push(node);
    }
    others.push(...(routers.length > 0 ? [] : remotes)); // else they are behind the router
    const foot = routers.length > 0 ? FOOT_HEIGHT : 0;
    const ring = { ...area, h: area.h - foot };
    const middle = { x: ring.x + ring.w / 2, y: ring.y + ring.h / 2 + 8 };
    const spread = brokers.length > 1 ? Math.min(ring.w, ring.h) * 0.16 : 0;
    brokers.sort((a, b) => (a.label < b.label ? -1 : 1)).forEach((node, i) => {
      const angle = (i / brokers.length) * 2 * Math.PI;
      const x = middle.x + Math.cos(angle) * spread;
      const y = middle.y + Math.sin(angle) * spread * 0.8;
      this.put(node.key, { x, y, node, members: 1 });
    });
    routers.sort((a, b) => (a.label < b.label ? -1 : 1)).forEach((node, i) => {
      const x = area.x + (area.w * (i + 1)) / (routers.length + 1);
      this.put(node.key, { x, y: area.y + area.h - 34, node, members: 1 });
    });
    this.lay_out_ring(fold(others), ring, middle);
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
      const x = middle.x + Math.cos(angle) * (area.w / 2 - 52) * depth;
      const y = middle.y + Math.sin(angle) * (area.h / 2 - 40) * depth;
      this.put_one(one, x, y);
    }
  }

  put_one(one, x, y, more) {
    const { node, label, nodes } = one;
    const place = this.put(one.as, { x, y, node, members: nodes.length, label, nodes, ...more });
    nodes.forEach((member) => this.placed.set(member.key, place));
    if (nodes.length > 1) {
      this.groups.set(one.as, one);
    }
  }

  put(as, place) {
    const made = { as, ...place };
    this.places.set(as, made);
    return made;
  }

  place_of(key) {
    return this.placed.get(key) ?? this.places.get(key);
  }

  // ---- the drawer -------------------------------------------------------------------------------

  // The devices of the innermost group that is opened, in rows below everything else.
  open_drawer(opened) {
    let inner = null;
    const path = [];
    for (const as of opened) {
      const group = inner === null ? this.groups.get(as) : inner.parts.find((one) => one.as === as);
      if (group === undefined || group.nodes.length < 2) {
        break;
      }
      inner = { ...group, parts: unfold(group) };
      path.push(inner);
    }
    if (inner === null) {
      return null;
    }
    const columns = Math.max(1, Math.floor((this.width - 2 * DRAWER_MARGIN) / CELL.w));
    const rows = Math.ceil(inner.parts.length / columns);
    const via = this.places.get(path[0].as);
    const step = (this.width - 2 * DRAWER_MARGIN) / columns;
    inner.parts.forEach((one, i) => {
      const x = DRAWER_MARGIN + ((i % columns) + 0.5) * step;
      const y = this.height + DRAWER_HEAD + (Math.floor(i / columns) + 0.5) * CELL.h;
      this.put_one(one, x, y, { via, is_small: true });
    });
    const top = this.height + DRAWER_MARGIN;
    return { path, via, top, h: DRAWER_HEAD + rows * CELL.h, cell: step };
  }

  get full_height() {
    return this.height + (this.drawer === null ? 0 : this.drawer.h + 2 * DRAWER_MARGIN);
  }

  // ---- edges ------------------------------------------------------------------------------------

  // Edges as they are drawn, each with those of the world that it stands for.
  join(world) {
    const lines = [];
    const line = (one, other) => {
      one.lines ??= new Map();
      let made = one.lines.get(other);
      if (made === undefined) {
        made = { one, other, is_up: false, edges: [] };
        one.lines.set(other, made);
        lines.push(made);
      }
      return made;
    };
    const outer = (key) => this.place_of(key)?.via || this.place_of(key);
    for (const edge of world.edges.values()) {
      const one = outer(edge.one.key);
      const other = outer(edge.other.key);
      if (one !== undefined && other !== undefined && one !== other) {
        line(one, other).edges.push(edge);
      }
    }
    const master = this.places.get(MASTER);
    for (const key of master === undefined ? [] : this.uplinks) {
      const router = this.place_of(key);
      if (router !== undefined) {
        line(router, master);
      }
    }
    return lines;
  }
}
