// What follows from the items up to a moment: who is there, who is connected with whom, what is
// under way, which topics have which values. Going back means to begin anew (`reset`) and take the
// items again.
import { Topics } from "./topics.js";
import { text_of } from "./text.js";

const LOCAL_MAX = 999; // addresses of one network; above stand gates
const NODES_MAX = 20000; // those above are one node, "others"

const acknowledgements = new Set(["PUBACK", "PUBREC", "PUBREL", "PUBCOMP"]);
const kinds = {
  CONNECT: "connect",
  CONNACK: "connect",
  AUTH: "connect",
  open: "connect",
  creq: "connect",
  cres: "connect",
  join: "connect",
  PUBLISH: "publish",
  publ: "publish",
  PUBACK: "answer",
  PUBREC: "answer",
  PUBREL: "answer",
  PUBCOMP: "answer",
  SUBSCRIBE: "subscribe",
  SUBACK: "subscribe",
  UNSUBSCRIBE: "subscribe",
  UNSUBACK: "subscribe",
  sreq: "subscribe",
  sres: "subscribe",
  PINGREQ: "ping",
  PINGRESP: "ping",
  ping: "ping",
  DISCONNECT: "end",
  close: "end",
  disc: "end",
  left: "end",
};

// What joins networks, though none of what is watched shows it.
export const MASTER = "master";

export function kind_of(item) {
  return kinds[item.type] || "fault";
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

export class World {
  constructor() {
    this.reset();
  }

  reset() {
    this.nodes = new Map();
    this.areas = new Map(); // by the file's name: its nodes' keys
    this.edges = new Map();
    this.exchanges = new Map(); // those that are open
    this.topics = new Topics();
    this.counts = new Map();
    this.bytes = 0;
    this.master = null;
  }

  // ---- who is there -----------------------------------------------------------------------------

  node(key, area, kind, label) {
    let node = this.nodes.get(key);
    if (node === undefined && this.nodes.size >= NODES_MAX) {
      [key, kind, label] = [`others ${area}`, "client", "others"];
      node = this.nodes.get(key);
    }
    if (node === undefined) {
      node = {
        key,
        area,
        kind,
        label,
        sent: 0,
        received: 0,
        under_way: 0,
        is_there: true,
        peers: new Set(),
      };
      this.nodes.set(key, node);
      if (!this.areas.has(area)) {
        this.areas.set(area, []);
      }
      this.areas.get(area).push(key);
    }
    return node;
  }

  edge(one, other) {
    const key = one.key < other.key ? `${one.key}\n${other.key}` : `${other.key}\n${one.key}`;
    let edge = this.edges.get(key);
    if (edge === undefined) {
      edge = { key, one: one.key, other: other.key, count: 0, is_up: true };
      this.edges.set(key, edge);
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

  learn_device(node, item) {
    const elements = elements_of(item);
    const kind = elements[0];
    if (kind === "broker" || kind === "client" || kind === "router") {
      node.kind = node.kind === "remote" && kind !== "router" ? "remote" : kind;
      node.label = elements[1] ? `${elements[1]} ${item.sender}` : `${kind} ${item.sender}`;
    }
  }

  // The router of a network, by which packets from and to others go.
  router_of(network) {
    for (const key of this.areas.get(network) || []) {
      const node = this.nodes.get(key);
      if (node.kind === "router" && node.is_there) {
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
    const keys = this.areas.get(node.area);
    keys.splice(keys.indexOf(key), 1);
    this.nodes.delete(key);
  }

  // ---- items ------------------------------------------------------------------------------------

  // Takes the next item, and notes with it from which node to which it goes: `from`, `to`, `path`.
  take(item) {
    this.counts.set(item.type || "no packet", (this.counts.get(item.type || "no packet") || 0) + 1);
    this.bytes += item.bytes || 0;
    if (item.connection !== undefined) {
      this.take_packet(item);
    } else if (item.sender !== undefined && item.receiver !== undefined) {
      this.take_line(item);
    }
    return item;
  }

  take_packet(item) {
    const network = network_of(item);
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
    if (item.type === "PUBLISH") {
      this.topics.take(text_of(item, "topic"), item, item.from === "client");
    }
  }

  take_line(item) {
    const network = network_of(item);
    const from = this.device(network, item.sender);
    const to = item.receiver === 0 ? null : this.device(network, item.receiver);
    if (item.type === "join") {
      this.learn_device(from, item);
    }
    from.is_there = item.type !== "left";
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

  // By way of the router and the master, where one of the two is elsewhere.
  way(network, from, to) {
    const router = this.router_of(network);
    const is_remote = from.kind === "remote" || to.kind === "remote";
    if (router === null || !is_remote || router === from || router === to) {
      return [from.key, to.key];
    }
    return from.kind === "remote" ? [MASTER, router.key, to.key] : [from.key, router.key, MASTER];
  }

  // ---- exchanges --------------------------------------------------------------------------------

  // Packets that belong together: from the first to the answer that ends it. `item.exchange` is the
  // list of their numbers, the same one for all of them.
  take_exchange(item, client, broker) {
    const answered = {
      CONNACK: "CONNECT",
      SUBACK: "SUBSCRIBE",
      UNSUBACK: "UNSUBSCRIBE",
      PINGRESP: "PINGREQ",
    };
    const place = `${network_of(item)} ${item.connection}`;
    if (item.type === "PUBLISH" && item.qos > 0) {
      this.begin(
        `${place} ${item.from} ${item.packet_id}`,
        item,
        item.from === "client" ? client : broker,
      );
    } else if (acknowledgements.has(item.type)) {
      const by_publisher = item.type === "PUBREL";
      const other = item.from === "client" ? "broker" : "client";
      const key = `${place} ${by_publisher ? item.from : other} ${item.packet_id}`;
      this.go_on(key, item, item.type === "PUBACK" || item.type === "PUBCOMP");
    } else if (answered[item.type] !== undefined) {
      this.go_on(`${place} ${answered[item.type]} ${item.packet_id || ""}`, item, true);
    } else if (Object.values(answered).includes(item.type)) {
      this.begin(`${place} ${item.type} ${item.packet_id || ""}`, item, null);
    } else if (item.type === "close" || item.type === "cut") {
      this.end_all(`${place} `);
    }
  }

  take_line_exchange(item) {
    const answers = { cres: "creq", sres: "sreq" };
    const place = (from, to, type) => `${network_of(item)} line ${from} ${to} ${type}`;
    if (item.type === "creq" || item.type === "sreq") {
      this.begin(place(item.sender, item.receiver, item.type), item, null);
    } else if (answers[item.type] !== undefined) {
      this.go_on(place(item.receiver, item.sender, answers[item.type]), item, true);
    }
  }

  begin(key, item, owner) {
    const open = this.exchanges.get(key);
    if (open !== undefined) {
      // it is sent again
      open.list.push(item.n);
      item.exchange = open.list;
      return;
    }
    item.exchange = [item.n];
    if (fate_of(item) !== "wrong") {
      this.exchanges.set(key, { list: item.exchange, owner });
      if (owner !== null) {
        owner.under_way++;
      }
    }
  }

  go_on(key, item, is_last) {
    const open = this.exchanges.get(key);
    if (open === undefined) {
      return;
    }
    open.list.push(item.n);
    item.exchange = open.list;
    if (is_last && fate_of(item) !== "dropped") {
      this.close_exchange(key, open);
    }
  }

  close_exchange(key, open) {
    this.exchanges.delete(key);
    if (open.owner !== null && open.owner.under_way > 0) {
      open.owner.under_way--;
    }
  }

  end_all(place) {
    for (const [key, open] of this.exchanges) {
      if (key.startsWith(place)) {
        this.close_exchange(key, open);
      }
    }
  }
}
