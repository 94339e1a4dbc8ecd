// A lesson that plays in the page: what stands on its screen, its questions and their answers, and
// what is typed into its programs. The lesson itself plays elsewhere, and says what it awaits.
import { ask_json } from "./items.js";
import { button, element, outside, visible } from "./text.js";

const LOOK_MS = 250;
const CHOICE = /^([a-z])\)/;

// What a question offers: {letter, text} each; a choice may have several lines.
function choices_of(text) {
  const choices = [];
  for (const line of text.split("\n")) {
    const letter = CHOICE.exec(line)?.[1];
    if (letter !== undefined) {
      choices.push({ letter, text: line });
    } else if (choices.length > 0) {
      choices[choices.length - 1].text += ` ${line.trim()}`;
    }
  }
  return choices;
}

export class Lesson {
  constructor(place) {
    this.place = place;
    this.serial = -1; // of what is shown; later states have larger ones
    this.is_typed = false; // a line, whose answer has not come
    this.screen = "";
    this.head = element("h3", { tabindex: -1 });
    this.rows = element("div", { class: "screen", role: "log", "aria-label": "The lesson" });
    this.answer = element("div", { class: "replies buttons" });
    place.append(this.head, this.rows, this.answer);
  }

  open(answer) {
    this.show(answer);
    setInterval(() => this.say(undefined), LOOK_MS);
  }

  // Types a line, or only looks. What awaited a line does not any more once it is typed, though
  // answers to earlier looks may still say so.
  async say(line) {
    const is_look = line === undefined;
    if (this.is_typed) {
      return;
    }
    this.is_typed = !is_look;
    try {
      const answer = await ask_json("control", is_look ? undefined : `>${line}`);
      this.is_typed &&= is_look;
      if (!this.is_typed) {
        this.show(answer);
      }
    } catch {
      if (!this.is_over) {
        this.finish("The lesson has ended.");
      }
    }
  }

  finish(text) {
    this.is_over = true;
    this.answer.replaceChildren(element("p", { class: "quiet" }, text));
  }

  show(answer) {
    if (answer.serial <= this.serial || this.is_over) {
      return;
    }
    this.serial = answer.serial;
    this.place.dataset.serial = answer.serial;
    const screen = `${answer.lesson}: ${answer.heading} (${answer.count})`;
    const is_new = screen !== this.screen;
    if (is_new) {
      this.screen = screen;
      this.head.textContent = visible(screen);
      this.shown = 0;
      this.rows.replaceChildren();
    }
    this.show_rows(answer.rows);
    this.show_answer(answer);
  }

  // Only what came since, so that a screen reader reads nothing twice.
  show_rows(rows) {
    if (rows.length < this.shown || rows.length >= 400) {
      this.rows.replaceChildren();
      this.shown = 0;
    }
    this.rows.append(...rows.slice(this.shown).map((row) => this.row(row)));
    this.shown = rows.length;
    this.rows.scrollTop = this.rows.scrollHeight;
  }

  row({ kind, lead, text = "" }) {
    if (kind === "text" || kind === "ask") {
      const lines = text.split("\n");
      const end = kind === "ask" ? lines.findIndex((line) => CHOICE.test(line)) : -1;
      const said = (end < 0 ? lines : lines.slice(0, end)).join("\n");
      return element("div", { class: kind }, ...this.paragraphs(said));
    }
    return element(
      "p",
      { class: `line ${kind}` },
      lead === "" ? null : element("b", {}, visible(lead)),
      outside(text, 2000),
    );
  }

  // Lines that begin with a blank stay as they are.
  paragraphs(text) {
    const made = [];
    let kept = "";
    const flush = (tag) => {
      if (kept.trim() !== "") {
        made.push(element(tag, {}, kept));
      }
      kept = "";
    };
    let is_fixed = false;
    for (const line of text.split("\n")) {
      const fixed = line.startsWith(" ");
      if (line === "" || fixed !== is_fixed) {
        flush(is_fixed ? "pre" : "p");
      }
      is_fixed = fixed;
      kept += fixed ? `${visible(line)}\n` : `${visible(line)} `;
    }
    flush(is_fixed ? "pre" : "p");
    return made;
  }

  show_answer({ awaits, rows }) {
    const had_focus = this.answer.contains(document.activeElement);
    const makes = {
      enter: () => [button("Go on", () => this.say(""), { class: "primary" })],
      guess: () => this.guesses(rows.findLast((row) => row.kind === "ask")?.text || ""),
      try: () => this.tries(),
      close: () => [
        button("Close the lesson", () => {
          this.say("");
          this.finish("The lesson is over.");
        }),
      ],
    };
    this.answer.dataset.awaits = awaits;
    if (awaits === "try" && this.answer.querySelector("form") !== null) {
      return; // what is being typed stays
    }
    this.answer.replaceChildren(
      ...(makes[awaits]?.() || [element("p", { class: "quiet" }, "The programs are at work…")]),
    );
    if (had_focus) {
      (this.answer.querySelector("input, button") || this.head).focus();
    }
  }

  guesses(text) {
    return [
      ...choices_of(text).map((choice) =>
        button(visible(choice.text, 300), () => this.say(choice.letter), {
          class: "choice",
          "data-letter": choice.letter,
        }),
      ),
      button("I do not guess", () => this.say(""), { class: "choice" }),
    ];
  }

  tries() {
    const field = element("input", {
      type: "text",
      "aria-label": "Program and line, as: lamp list",
      placeholder: "lamp list",
      autocomplete: "off",
      spellcheck: "false",
    });
    const form = element(
      "form",
      { class: "pull" },
      element("label", {}, "Type", field),
      element("button", { type: "submit" }, "Send"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim() !== "" && !this.is_typed) {
        this.say(field.value);
        field.value = "";
      }
    });
    return [form, button("Go on", () => this.say(""), { class: "primary" })];
  }
}
