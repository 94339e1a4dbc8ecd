// What brokers keep for clients that are away, as far as packets tell: which sessions outlive their
// connection, what they subscribed to, and how many messages wait for them (`queued` of a node).
//
// Only sessions whose client is away stand in the tree of filters, so that a message costs nothing
// where nobody is away.
import { text_of } from "./text.js";

const FILTERS_MAX = 100000; // of all sessions; more are not remembered, and nothing waits for them
const ASKED_MAX = 16; // subscriptions of a client that are not answered yet

const is_granted = (answer) => answer !== undefined && answer.reason < 128;

// Filters by their levels, each with the sessions that have it and the QoS that was granted.
class FilterTree {
  constructor() {
    this.root = { children: new Map(), holders: new Map() };
  }

  add(filter, session, qos) {
    let at = this.root;
    for (const level of filter.split("/")) {
      if (!at.children.has(level)) {
        at.children.set(level, { children: new Map(), holders: new Map() });
      }
      at = at.children.get(level);
    }
    at.holders.set(session, qos);
  }

  remove(filter, session) {
    const way = [this.root];
    const levels = filter.split("/");
    for (const level of levels) {
      const next = way[way.length - 1].children.get(level);
      if (next === undefined) {
        return;
      }
      way.push(next);
    }
    way[levels.length].holders.delete(session);
    for (let i = levels.length; i > 0; i--) {
      if (way[i].children.size === 0 && way[i].holders.size === 0) {
        way[i - 1].children.delete(levels[i - 1]);
      }
    }
  }

  // The sessions that have a filter for the topic (4.7), with the best QoS of each.
  find(topic) {
    const found = new Map();
    const take = (node) =>
      node.holders.forEach((qos, session) =>
        found.set(session, Math.max(qos, found.get(session) ?? 0)),
      );
    let nodes = [this.root];
    topic.split("/").forEach((level, i) => {
      const has_wildcards = i > 0 || !topic.startsWith("$");
      const next = [];
      for (const { children } of nodes) {
        if (has_wildcards && children.has("#")) {
          take(children.get("#"));
        }
        for (const key of has_wildcards ? [level, "+"] : [level]) {
          if (children.has(key)) {
            next.push(children.get(key));
          }
        }
      }
      nodes = next;
    });
    for (const node of nodes) {
      take(node);
      if (node.children.has("#")) {
        take(node.children.get("#")); // "a/#" has "a", too
      }
    }
    return found;
  }
}

const new_session = (node, broker) => ({
  node,
  broker,
  keeps: false,
  is_away: false,
  filters: new Map(), // with the QoS that was granted
  asked: new Map(), // by packet identifier: those that are not answered yet
});

export class Sessions {
  constructor() {
    this.of_clients = new Map(); // by the client's key
    this.away = new Map(); // by the broker's key: the filters of those that are away
    this.filters = 0;
  }

  // Of a copy, which has its values but does not know what they are.
  static of(copy) {
    const sessions = Object.assign(new Sessions(), copy);
    sessions.away.forEach((tree, key) =>
      sessions.away.set(key, Object.assign(new FilterTree(), tree)),
    );
    return sessions;
  }

  session(client, broker) {
    let session = this.of_clients.get(client.key);
    if (session === undefined) {
      session = new_session(client, broker);
      this.of_clients.set(client.key, session);
    }
    return session;
  }

  // What a packet of this client, or to it, says of its session.
  take(item, client, broker) {
    const takes = {
      CONNECT: this.take_connect,
      CONNACK: this.take_connack,
      SUBSCRIBE: this.take_subscribe,
      SUBACK: this.take_suback,
      UNSUBSCRIBE: this.take_unsubscribe,
      DISCONNECT: this.take_disconnect,
      PUBLISH: this.take_delivery,
      close: this.take_end,
      cut: this.take_end,
    }[item.type];
    if (takes !== undefined && client.key.startsWith("c ")) {
      takes.call(this, item, this.session(client, broker));
    }
  }

  expiry(item) {
    const found = (item.properties || []).find(
      (one) => one.property === "session expiry interval",
    );
    return found?.value;
  }

  take_connect(item, session) {
    session.keeps =
      item.version === "5.0" ? (this.expiry(item) ?? 0) > 0 : item.clean_start === false;
    if (item.clean_start) {
      this.forget(session);
    }
  }

  take_connack(item, session) {
    if (item.reason !== 0) {
      return;
    }
    this.come_back(session);
    if (!item.session_present) {
      this.forget(session);
    }
    const granted = this.expiry(item);
    session.keeps = granted === undefined ? session.keeps : granted > 0;
  }

  take_subscribe(item, session) {
    if (session.asked.size < ASKED_MAX) {
      session.asked.set(item.packet_id, item.filters || []);
    }
  }

  take_suback(item, session) {
    const filters = session.asked.get(item.packet_id) || [];
    session.asked.delete(item.packet_id);
    filters.forEach((one, i) => {
      const filter = text_of(one, "filter");
      const answer = (item.reasons || [])[i];
      if (is_granted(answer) && !filter.startsWith("$share/")) {
        this.add_filter(session, filter, answer.reason);
      }
    });
  }

  add_filter(session, filter, qos) {
    if (!session.filters.has(filter)) {
      if (this.filters >= FILTERS_MAX) {
        return;
      }
      this.filters++;
    }
    session.filters.set(filter, qos);
  }

  take_unsubscribe(item, session) {
    for (const one of item.filters || []) {
      this.filters -= session.filters.delete(text_of(one, "filter")) ? 1 : 0;
    }
  }

  take_disconnect(item, session) {
    if (this.expiry(item) !== undefined) {
      session.keeps = this.expiry(item) > 0;
    }
  }

  // Its connection ended before so many messages to it were acknowledged: they wait, too.
  take_unsettled(client, count) {
    if (this.of_clients.get(client.key)?.keeps) {
      client.queued += count;
    }
  }

  // What waited is sent, in its turn; a retained message did not wait.
  take_delivery(item, session) {
    const { node } = session;
    if (item.from === "broker" && item.qos > 0 && !item.retain && node.queued > 0) {
      node.queued--;
    }
  }

  take_end(item, session) {
    session.asked.clear();
    if (!session.keeps) {
      this.forget(session);
      this.of_clients.delete(session.node.key);
    } else if (!session.is_away) {
      session.is_away = true;
      const tree = this.away.get(session.broker.key) || new FilterTree();
      this.away.set(session.broker.key, tree);
      session.filters.forEach((qos, filter) => tree.add(filter, session, qos));
    }
  }

  come_back(session) {
    if (session.is_away) {
      session.is_away = false;
      const tree = this.away.get(session.broker.key);
      session.filters.forEach((qos, filter) => tree.remove(filter, session));
    }
  }

  forget(session) {
    this.come_back(session);
    this.filters -= session.filters.size;
    session.filters.clear();
    session.node.queued = 0;
  }

  // The broker has taken a message over: it waits for those who are away.
  keep(topic, qos, broker) {
    const tree = this.away.get(broker.key);
    if (tree !== undefined && qos > 0) {
      tree.find(topic).forEach((granted, session) => {
        session.node.queued += granted > 0 ? 1 : 0;
      });
    }
  }
}
