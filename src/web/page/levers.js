// The levers of the program that shows itself: rules of faults with what they hit, and commands that
// hold, step, cut, freeze and thaw. The program says what it has and how it stands; nothing of that
// is kept here.
import { ask_json } from "./items.js";
import { button, counted, element, outside, visible } from "./text.js";

const LOOK_MS = 1000;
const CLIENTS_SHOWN = 200; // that are proposed
const pulls = [
  ["hold", "Hold", "Hold every packet until it is stepped or thawed"],
  ["step", "Step", "Let the oldest held packet go"],
  ["cut", "Cut", "End connections as a broken cable would"],
  ["freeze", "Freeze", "Let nothing pass, and tell neither side"],
  ["thaw", "Thaw", "End holds and freezes; all that waits goes on"],
];
const proposals = [
  "drop PUBACK 1",
  "drop every 3 PUBLISH",
  "delay 500 ms to broker",
  "duplicate PUBLISH 1",
  "cut before PUBREL 1",
  "refuse CONNECT for 10 s",
  "profile 3g",
];

// A client id as a word of a command.
const quoted = (text) => (/^[\w.*?-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`);

export class Levers {
  constructor(place) {
    this.place = place;
    this.answer = null;
    this.is_asking = false;
    this.rules_text = "";
    const options = (list) => list.map((value) => element("option", { value }));
    this.rule = element("input", {
      type: "text",
      list: "rule-proposals",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "drop PUBACK 1 to dev-*",
    });
    this.client = element("input", {
      type: "text",
      list: "client-proposals",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "all",
    });
    this.clients = element("datalist", { id: "client-proposals" });
    this.pulls = element("div", { class: "pull" });
    this.rules = element("ul", { class: "rules", "aria-label": "Rules in force" });
    this.state = element("p", { class: "quiet" });
    this.said = element("p", { role: "status", "aria-live": "polite", class: "said" });
    this.form = element(
      "form",
      { class: "pull", "aria-label": "Add a rule" },
      element("label", {}, "Rule", this.rule),
      element("button", { type: "submit", class: "primary" }, "Add rule"),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add_rule();
    });
    this.client.addEventListener("focus", () => this.propose_clients());
    place.append(
      this.form,
      element("datalist", { id: "rule-proposals" }, ...options(proposals)),
      this.pulls,
      this.clients,
      this.said,
      this.state,
      this.rules,
    );
  }

  // `clients` gives the nodes that can be named.
  open(clients) {
    this.find_clients = clients;
    this.look();
    setInterval(() => this.look(), LOOK_MS);
  }

  propose_clients() {
    const names = this.find_clients().slice(0, CLIENTS_SHOWN);
    this.clients.replaceChildren(...names.map((node) => element("option", { value: node.label })));
  }

  async look() {
    if (!this.is_asking && !document.hidden) {
      await this.pull("");
    }
  }

  async add_rule() {
    const text = this.rule.value.trim();
    if (text !== "" && (await this.pull(`rule ${text}`))) {
      this.rule.value = "";
    }
  }

  // Gives a command, or only looks. Whether it was right.
  async pull(command) {
    this.is_asking = true;
    try {
      const answer = await ask_json("control", command === "" ? undefined : command);
      this.show(answer, command);
      return answer.right;
    } catch (error) {
      this.say(error.message, true);
      return false;
    } finally {
      this.is_asking = false;
    }
  }

  say(text, is_wrong) {
    this.said.textContent = visible(text, 500);
    this.said.classList.toggle("wrong", is_wrong);
  }

  show(answer, command) {
    if (command !== "") {
      const texts = answer.said.map((one) => one.error ?? one.notice);
      this.say(texts.join("; ") || `${command}: done`, !answer.right);
    }
    if (this.answer === null) {
      this.add_pulls(answer.commands);
    }
    this.answer = answer;
    this.show_state(answer);
    this.show_rules(answer.rules);
  }

  // What the program has, and whether it can name a client.
  add_pulls(commands) {
    const takes_client = pulls.some(([name]) => commands[name] === true);
    this.pulls.replaceChildren(
      ...(takes_client ? [element("label", {}, "Client", this.client)] : []),
      ...pulls
        .filter(([name]) => commands[name] !== undefined)
        .map(([name, label, title]) =>
          button(label, () => this.pull_of(name, commands[name]), { title, "data-pull": name }),
        ),
    );
  }

  pull_of(name, takes_client) {
    const client = takes_client ? this.client.value.trim() : "";
    this.pull(client === "" ? name : `${name} ${quoted(client)}`);
  }

  show_state({ waiting, frozen }) {
    const text = `${counted(waiting, "packet")} held${frozen ? "; frozen" : ""}`;
    if (this.state.textContent !== text) {
      this.state.textContent = text;
    }
  }

  // Made anew only if something changed, so that the focus stays.
  show_rules(rules) {
    const text = JSON.stringify(rules);
    if (text === this.rules_text) {
      return;
    }
    this.rules_text = text;
    const focused = document.activeElement?.dataset.undo;
    this.rules.replaceChildren(
      ...rules.map((rule) =>
        element(
          "li",
          { "data-rule": rule.number },
          element("code", {}, outside(rule.rule, 500)),
          element("span", { class: "hits" }, counted(rule.hits, "hit")),
          button("Undo", () => this.pull(`undo ${rule.number}`), {
            "aria-label": `Take back rule ${rule.number}: ${visible(rule.rule, 200)}`,
            "data-undo": rule.number,
          }),
        ),
      ),
    );
    this.rules.querySelector(`[data-undo="${Number(focused)}"]`)?.focus();
  }
}
