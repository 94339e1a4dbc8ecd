// What follows from the items up to a moment: who is there, who is connected with whom, what is
// under way, which topics have which values. Going back means to begin anew (`reset`), or where a
// `copy` was made, and take the items again.
import { Aliases } from "./aliases.js";
import { Sessions } from "./sessions.js";
import { Topics } from "./topics.js";
import { text_of } from "./text.js";

const LOCAL_MAX = 999; // addresses of one network; above stand gates
const NODES_MAX = 20000; // those above are one node, "others"

const acknowledgements = new Set(["PUBACK", "PUBREC", "PUBREL", "PUBCOMP"]);
const last_ones = new Set(["PUBACK", "PUBCOMP"]);
const answered = {
  CONNACK: "CONNECT",
  SUBACK: "SUBSCRIBE",
  UNSUBACK: "UNSUBSCRIBE",
  PINGRESP: "PINGREQ",
};
const asks = new Set(Object.values(answered));
const kinds = {
  CONNECT: "connect",
  CONNACK: "connect",
  AUTH: "connect",
  open: "connect",
  creq: "connect",
  cres: "connect",
  join: "connect",
  lease: "connect",
  leased: "connect",
  PUBLISH: "publish",
  publ: "publish",
  upload: "publish",
  given: "publish",
  PUBACK: "answer",
  PUBREC: "answer",
  PUBREL: "answer",
  PUBCOMP: "answer",
  stored: "answer",
  SUBSCRIBE: "subscribe",
  SUBACK: "subscribe",
  UNSUBSCRIBE: "subscribe",
  UNSUBACK: "subscribe",
  sreq: "subscribe",
  sres: "subscribe",
  PINGREQ: "ping",
  PINGRESP: "ping",
  ping: "ping",
  ask: "ping",
  waits: "ping",
  mailbox: "ping",
  DISCONNECT: "end",
  close: "end",
  disc: "end",
  left: "end",
  back: "end",
  bye: "end",
};

// What joins networks, whether or not its tap is watched.
export const MASTER = "master";

export function kind_of(item) {
  const has_nothing = item.type === "given" && item.packets === 0;
  return has_nothing ? "ping" : kinds[item.type] || "fault";
}

// What happened to it: "", "dropped", "delayed", "held", "cut" and so on.
export function fate_of(item) {
  if (item.way !== undefined) {
    return item.way.what === "comment" ? "" : item.way.what;
  }
  if (item.type === "cut" || (item.end !== undefined && item.end.side === "network")) {
    return "cut";
  }
  return item.fault !== undefined || item.type === "????" ? "wrong" : "";
}

const folder_of = (path) => path.slice(0, path.lastIndexOf("/") + 1);

export function network_of(item) {
  return text_of(item, "network");
}

const elements_of = (item) =>
  (item.plain || item.elements || []).map((one) =>
    typeof one === "string" ? one : atob(one.base64),
  );

const NO_NODE = {
  area: "",
  sent: 0,
  received: 0,
  under_way: 0, // exchanges that it began, and that are open
  queued: 0, // messages that wait for it, while it is away
  is_there: true,
};

export class World {
  constructor() {
    this.changes = 0; // of who is there, and who is connected with whom
    this.reset();
  }

  reset() {
    this.changes++;
    this.nodes = new Map();
    this.areas = new Map(); // by the file's name: its nodes
    this.routers = new Map(); // likewise
    this.edges = new Map();
    this.exchanges = new Map(); // those that are open, by their connection
    this.aliases = new Aliases();
    this.sessions = new Sessions();
    this.gates = new Map(); // the master's mailboxes, as its tap has them
    this.topics = new Topics();
  }

  // Packets are left out: what was under way is not known any more.
  skip() {
    this.exchanges.clear();
    this.aliases = new Aliases();
    for (const node of this.nodes.values()) {
      node.under_way = 0;
    }
  }

  // As it is now, for `restore`. null: something in it is nested too deeply (a topic of very many
  // levels).
  copy() {
    try {
      return structuredClone({ ...this });
    } catch {
      return null;
    }
  }

  // As it was then. Items know of their exchanges only what was known then.
  restore(copy, items) {
    const { changes } = this;
    Object.assign(this, structuredClone(copy), { changes: changes + 1 });
    this.aliases = Object.assign(new Aliases(), this.aliases);
    this.sessions = Sessions.of(this.sessions);
    this.topics = Object.assign(new Topics(), this.topics);
    const open = [...this.exchanges.values()].flatMap((all) => [...all.values()]);
    for (const { list } of open) {
      const here = list.map((n) => items.get(n)).filter((item) => item !== undefined);
      here.forEach((item) => (item.exchange = list));
    }
  }

  // ---- who is there -----------------------------------------------------------------------------

  node(key, area, kind, label) {
    let node = this.nodes.get(key);
    if (node === undefined && this.nodes.size >= NODES_MAX) {
      [key, kind, label] = [`others ${area}`, "client", "others"];
      node = this.nodes.get(key);
    }
    if (node === undefined) {
      node = { ...NO_NODE, key, area, kind, label, peers: new Set() };
      this.nodes.set(key, node);
      this.changes++;
      if (!this.areas.has(area)) {
        this.areas.set(area, new Set());
      }
      this.areas.get(area).add(node);
    }
    return node;
  }

  edge(one, other) {
    const key = one.key < other.key ? `${one.key}\n${other.key}` : `${other.key}\n${one.key}`;
    let edge = this.edges.get(key);
    if (edge === undefined) {
      edge = { one, other, count: 0, is_up: true };
      this.edges.set(key, edge);
      this.changes++;
      one.peers.add(other.key);
      other.peers.add(one.key);
    }
    edge.count++;
    return edge;
  }

  device(network, address) {
    const remote = address > LOCAL_MAX;
    return this.node(
      `n ${network} ${address}`,
      network,
      remote ? "remote" : "device",
      String(address),
    );
  }

  // Who came or left, by an item that is itself not shown.
  learn(item) {
    const node = this.device(network_of(item), item.sender);
    if (item.type === "join") {
      this.learn_device(node, item);
    }
    node.is_there = item.type !== "left";
    return node;
  }

  learn_device(node, item) {
    const elements = elements_of(item);
    const kind = elements[0];
    if (kind === "broker" || kind === "client" || kind === "router") {
      node.kind = node.kind === "remote" && kind !== "router" ? "remote" : kind;
      node.label = elements[1] ? `${elements[1]} ${item.sender}` : `${kind} ${item.sender}`;
      this.changes++;
    }
    if (node.kind === "router") {
      this.take_router(node, item.sender);
    }
  }

  // The router of a gate is known by the address that it has in its network.
  take_router(node, address) {
    if (!this.routers.has(node.area)) {
      this.routers.set(node.area, new Set());
    }
    this.routers.get(node.area).add(node);
    const gate = this.gates.get(Math.floor(address / (LOCAL_MAX + 1)));
    if (gate !== undefined && gate.key !== node.key) {
      this.forget(gate.key);
      gate.key = node.key;
    }
  }

  // The router of a network, by which packets from and to others go.
  router_of(network) {
    for (const node of this.routers.get(network) || []) {
      if (node.is_there) {
        return node;
      }
    }
    return null;
  }

  // The broker of a tap: a device of a network that is watched too, or a node of its own.
  broker(item, network) {
    if (item.broker !== undefined) {
      const found = this.areas_with(item.broker);
      const beside = found.find((area) => folder_of(area) === folder_of(network)) || found[0];
      if (beside !== undefined) {
        return this.nodes.get(`n ${beside} ${item.broker}`);
      }
    }
    const name =
      item.place || (item.broker === undefined ? `port ${item.port}` : `broker ${item.broker}`);
    return this.node(
      `b ${network} ${name}`,
      network,
      "broker",
      name.startsWith("broker") ? name : `broker ${name}`,
    );
  }

  areas_with(address) {
    return [...this.areas.keys()].filter(
      (area) => this.nodes.get(`n ${area} ${address}`)?.kind === "broker",
    );
  }

  client(item, network, broker) {
    const known = item.client !== undefined || item.client_base64 !== undefined;
    const name = known ? text_of(item, "client") : item.peer;
    const node = this.node(`c ${network} ${name}`, broker.area, "client", name);
    if (known && item.type === "CONNECT") {
      this.forget(`c ${network} ${item.peer}`); // it has a name now
    }
    return node;
  }

  forget(key) {
    const node = this.nodes.get(key);
    if (node === undefined) {
      return;
    }
    for (const peer of node.peers) {
      this.nodes.get(peer)?.peers.delete(key);
      this.edges.delete(key < peer ? `${key}\n${peer}` : `${peer}\n${key}`);
    }
    this.areas.get(node.area).delete(node);
    this.nodes.delete(key);
    this.changes++;
  }

  // ---- items ------------------------------------------------------------------------------------

  // Takes the next item, and notes with it from which node to which it goes: `from`, `to`, `path`.
  take(item) {
    if (item.connection !== undefined) {
      this.take_packet(item);
    } else if (item.sender !== undefined && item.receiver !== undefined) {
      this.take_line(item);
    } else if (item.gate !== undefined) {
      this.take_gate(item);
    }
    return item;
  }

  take_packet(item) {
    const network = network_of(item);
    this.aliases.take(item);
    const broker = this.broker(item, network);
    const client = this.client(item, network, broker);
    const edge = this.edge(client, broker);
    const from_broker = item.from === "broker" || item.end?.side === "broker";
    const [from, to] = from_broker ? [broker, client] : [client, broker];
    item.from_key = from.key;
    item.to_key = to.key;
    item.path = [from.key, to.key];
    from.sent++;
    to.received++;
    if (item.type === "close" || item.type === "cut") {
      edge.is_up = client.is_there = false;
      client.under_way = 0;
    } else if (fate_of(item) !== "dropped") {
      edge.is_up = client.is_there = true;
    }
    this.take_exchange(item, client, broker);
    if (fate_of(item) !== "dropped") {
      this.sessions.take(item, client, broker);
    }
    if (item.type === "PUBLISH") {
      this.topics.take(text_of(item, "topic"), item, item.from === "client");
    }
  }

  take_line(item) {
    const network = network_of(item);
    const from = this.learn(item);
    const to = item.receiver === 0 ? null : this.device(network, item.receiver);
    from.sent++;
    item.from_key = from.key;
    if (to !== null) {
      to.received++;
      item.to_key = to.key;
      const edge = this.edge(from, to);
      edge.is_up = item.type !== "disc";
      item.path = this.way(network, from, to);
      this.take_line_exchange(item);
    }
    const elements = elements_of(item);
    if (item.type === "publ" && elements.length === 2 && (!item.sealed || item.plain)) {
      const message = { ...item, qos: 0, payload: elements[1] };
      this.topics.take(elements[0], message, from.kind !== "broker");
    }
  }

  // By way of the router and the master, where one of the two is elsewhere; the master's tap has the
  // part between those two itself.
  way(network, from, to) {
    const router = this.router_of(network);
    const is_remote = from.kind === "remote" || to.kind === "remote";
    if (router === null || !is_remote || router === from || router === to) {
      return [from.key, to.key];
    }
    if (this.gates.size > 0) {
      return from.kind === "remote" ? [router.key, to.key] : [from.key, router.key];
    }
    return from.kind === "remote" ? [MASTER, router.key, to.key] : [from.key, router.key, MASTER];
  }

  // ---- gates at the master ------------------------------------------------------------------------

  // The mailbox of a gate, and the router that empties it.
  gate(number, network) {
    let gate = this.gates.get(number);
    if (gate === undefined) {
      const address = number * (LOCAL_MAX + 1);
      const area = [...this.areas.keys()].find(
        (name) => this.nodes.get(`n ${name} ${address}`)?.kind === "router",
      );
      const node =
        area === undefined
          ? this.node(`g ${network} ${number}`, network, "router", `gate ${number}`)
          : this.nodes.get(`n ${area} ${address}`);
      gate = { number, key: node.key, packets: 0, bytes: 0, dropped: 0, is_leased: true };
      this.gates.set(number, gate);
    }
    return gate;
  }

  master() {
    if (!this.nodes.has(MASTER)) {
      const node = { key: MASTER, kind: "master", label: "master", peers: new Set() };
      this.nodes.set(MASTER, { ...NO_NODE, ...node });
      this.changes++;
    }
    return this.nodes.get(MASTER);
  }

  take_gate(item) {
    const master = this.master();
    item.from_key = item.to_key = MASTER;
    item.path = []; // what the master does alone moves nowhere
    if (item.gate === 0) {
      return;
    }
    const gate = this.gate(item.gate, network_of(item));
    const router = this.nodes.get(gate.key);
    if (item.type === "mailbox") {
      Object.assign(gate, { packets: item.packets, bytes: item.bytes, dropped: item.dropped });
    } else if (item.type !== "waits") {
      const [from, to] = item.from === "router" ? [router, master] : [master, router];
      this.edge(from, to).is_up = gate.is_leased = item.type !== "bye";
      from.sent++;
      to.received++;
      [item.from_key, item.to_key] = [from.key, to.key];
      item.path = [from.key, to.key];
    }
  }

  // ---- exchanges --------------------------------------------------------------------------------

  // Packets that belong together: from the first to the answer that ends it. `item.exchange` is the
  // list of their numbers, the same one for all of them.
  take_exchange(item, client, broker) {
    const place = `${network_of(item)} ${item.connection}`;
    if (item.type === "PUBLISH" && item.qos > 0) {
      const owner = item.from === "client" ? client : broker;
      this.begin(place, `${item.from} ${item.packet_id}`, item, owner);
    } else if (acknowledgements.has(item.type)) {
      const by_publisher = item.type === "PUBREL";
      const other = item.from === "client" ? "broker" : "client";
      const key = `${by_publisher ? item.from : other} ${item.packet_id}`;
      const open = this.go_on(place, key, item, last_ones.has(item.type));
      this.take_over(open, item, broker);
    } else if (answered[item.type] !== undefined) {
      this.go_on(place, `${answered[item.type]} ${item.packet_id || ""}`, item, true);
    } else if (asks.has(item.type)) {
      this.begin(place, `${item.type} ${item.packet_id || ""}`, item, null);
    } else if (item.type === "close" || item.type === "cut") {
      this.sessions.take_unsettled(client, this.end_all(place, broker));
    }
    if (item.type === "PINGRESP" && !this.exchanges.has(place)) {
      client.queued = 0; // all that waited was sent, or has expired
    }
  }

  // The broker answers for a message from now on.
  take_over(open, item, broker) {
    if (open === undefined || item.type === "PUBREL" || fate_of(item) === "dropped") {
      return;
    }
    if (open.message !== undefined && item.from === "broker" && !(item.reason >= 128)) {
      this.sessions.keep(open.message.topic, open.message.qos, broker);
      open.message = undefined;
    }
    open.is_received = true;
  }

  take_line_exchange(item) {
    const answers = { cres: "creq", sres: "sreq" };
    const place = `${network_of(item)} line`;
    if (item.type === "creq" || item.type === "sreq") {
      this.begin(place, `${item.sender} ${item.receiver} ${item.type}`, item, null);
    } else if (answers[item.type] !== undefined) {
      this.go_on(place, `${item.receiver} ${item.sender} ${answers[item.type]}`, item, true);
    }
  }

  begin(place, key, item, owner) {
    const open = this.exchanges.get(place)?.get(key);
    if (open !== undefined) {
      // it is sent again
      open.list.push(item.n);
      item.exchange = open.list;
      return;
    }
    item.exchange = [item.n];
    if (fate_of(item) === "wrong") {
      return;
    }
    if (!this.exchanges.has(place)) {
      this.exchanges.set(place, new Map());
    }
    const is_message = item.type === "PUBLISH" && item.from === "client";
    const message = is_message ? { topic: text_of(item, "topic"), qos: item.qos } : undefined;
    this.exchanges.get(place).set(key, { list: item.exchange, owner, message });
    if (owner !== null) {
      owner.under_way++;
    }
  }

  go_on(place, key, item, is_last) {
    const open = this.exchanges.get(place)?.get(key);
    if (open === undefined) {
      return undefined;
    }
    open.list.push(item.n);
    item.exchange = open.list;
    if (is_last && fate_of(item) !== "dropped") {
      this.close_exchange(place, key, open);
    }
    return open;
  }

  close_exchange(place, key, open) {
    const all = this.exchanges.get(place);
    all.delete(key);
    if (all.size === 0) {
      this.exchanges.delete(place);
    }
    if (open.owner !== null && open.owner.under_way > 0) {
      open.owner.under_way--;
    }
  }

  // Returns how many messages of the broker were not received.
  end_all(place, broker) {
    let unsettled = 0;
    for (const [key, open] of this.exchanges.get(place) || []) {
      unsettled += open.owner === broker && !open.is_received ? 1 : 0;
      this.close_exchange(place, key, open);
    }
    return unsettled;
  }
}
