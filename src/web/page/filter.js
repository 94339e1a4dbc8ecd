// Which packets are shown: by client, topic filter, type, QoS, fault and text.
import { element, text_of } from "./text.js";
import { fate_of, kind_of } from "./world.js";

const kinds = [
  ["", "all types"],
  ["connect", "connecting"],
  ["publish", "messages"],
  ["answer", "acknowledgements"],
  ["subscribe", "subscribing"],
  ["ping", "pings"],
  ["end", "ends"],
];

// Whether a topic matches a filter of MQTT (4.7), with its wildcards.
export function topic_matches(filter, topic) {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === "#") {
      return !(i === 0 && topic.startsWith("$"));
    }
    if (i >= levels.length || (wanted[i] !== "+" && wanted[i] !== levels[i])) {
      return false;
    }
  }
  return wanted.length === levels.length && !(wanted[0] === "+" && topic.startsWith("$"));
}

function topic_of(item) {
  if (item.type === "PUBLISH") {
    return text_of(item, "topic");
  }
  const elements = item.type === "publ" ? item.plain || item.elements || [] : [];
  return elements.length === 2 ? String(elements[0]) : null;
}

export class Filter {
  constructor(form, on_change) {
    this.form = form;
    this.on_change = on_change;
    const field = (name, label, placeholder) =>
      element(
        "label",
        {},
        label,
        element("input", {
          name,
          type: "search",
          placeholder,
          autocomplete: "off",
          spellcheck: "false",
        }),
      );
    const select = (name, label, options) =>
      element(
        "label",
        {},
        label,
        element(
          "select",
          { name },
          ...options.map(([value, text]) => element("option", { value }, text)),
        ),
      );
    form.append(
      field("client", "Client", "dev-1"),
      field("topic", "Topic filter", "home/+/temp"),
      field("text", "Text", "refused"),
      select("kind", "Type", kinds),
      select("qos", "QoS", [
        ["", "any"],
        ["0", "0"],
        ["1", "1"],
        ["2", "2"],
      ]),
      element(
        "label",
        { class: "check" },
        element("input", { name: "faults", type: "checkbox" }),
        "only faults",
      ),
      element(
        "label",
        { class: "check" },
        element("input", { name: "pings", type: "checkbox", checked: true }),
        "pings",
      ),
      element("output", { name: "found", "aria-live": "polite" }),
    );
    form.addEventListener("input", () => this.read());
    form.addEventListener("submit", (event) => event.preventDefault());
    this.read(true);
  }

  read(is_first) {
    const value = (name) => this.form.elements[name].value.trim();
    this.wanted = {
      client: value("client").toLowerCase(),
      topic: value("topic"),
      text: value("text").toLowerCase(),
      kind: value("kind"),
      qos: value("qos"),
      faults: this.form.elements.faults.checked,
      pings: this.form.elements.pings.checked,
    };
    const { client, topic, text, kind, qos, faults, pings } = this.wanted;
    this.is_open = !(client || topic || text || kind || qos || faults) && pings;
    if (is_first !== true) {
      this.on_change();
    }
  }

  set(name, value) {
    this.form.elements[name].value = value;
    this.read();
  }

  say(text) {
    this.form.elements.found.value = text;
  }

  matches(item) {
    if (this.is_open) {
      return true;
    }
    const { client, topic, text, kind, qos, faults, pings } = this.wanted;
    const item_kind = kind_of(item);
    if (
      (!pings && item_kind === "ping") ||
      (kind && item_kind !== kind) ||
      (faults && fate_of(item) === "")
    ) {
      return false;
    }
    if (qos !== "" && String(item.qos) !== qos) {
      return false;
    }
    if (client && !this.is_from_client(item, client)) {
      return false;
    }
    if (topic) {
      const name = topic_of(item);
      if (name === null || !topic_matches(topic, name)) {
        return false;
      }
    }
    return (
      !text ||
      `${item.type} ${item.words || ""} ${item.why || ""} ${item.payload || ""}`
        .toLowerCase()
        .includes(text)
    );
  }

  is_from_client(item, client) {
    const name =
      item.connection === undefined
        ? `${item.sender} ${item.receiver}`
        : text_of(item, "client") || item.peer || "";
    return client.endsWith("*")
      ? name.toLowerCase().startsWith(client.slice(0, -1))
      : name.toLowerCase().split(" ").includes(client) || name.toLowerCase() === client;
  }
}
