// Topics that messages name by a number, which was sent with the topic before (5.0, 3.3.2.3.4).
import { text_of, visible } from "./text.js";

const ALIASES_MAX = 50000; // of all connections; what more stand for stays unknown
const TOPIC_MAX = 1000; // that is kept of a name

export class Aliases {
  constructor() {
    this.known = new Map(); // by the connection and its side: topics by their numbers
    this.count = 0;
  }

  // Gives a message that has a number only the topic that it stands for. Packets come in order.
  take(item) {
    const place = `${text_of(item, "network")} ${item.connection}`;
    if (item.type === "close" || item.type === "cut") {
      this.forget(`${place} client`);
      this.forget(`${place} broker`);
    }
    const alias = (item.properties || []).find((one) => one.property === "topic alias")?.value;
    if (item.type !== "PUBLISH" || alias === undefined) {
      return;
    }
    const known = this.known.get(`${place} ${item.from}`) || new Map();
    const topic = text_of(item, "topic");
    if (topic === "" && known.has(alias)) {
      item.topic = known.get(alias);
      item.words = item.words?.replace(/^\(by alias\)/, () => `${visible(item.topic)} (by alias)`);
    } else if (topic !== "" && (this.count < ALIASES_MAX || known.has(alias))) {
      this.count += known.has(alias) ? 0 : 1;
      this.known.set(`${place} ${item.from}`, known.set(alias, topic.slice(0, TOPIC_MAX)));
    }
  }

  forget(place) {
    this.count -= this.known.get(place)?.size || 0;
    this.known.delete(place);
  }
}
