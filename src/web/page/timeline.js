// Time: live, stopped, or going on at some speed; a step, a slider, the next fault. It knows moments
// only as numbers of items; main.js does the rest.
import { button, clock, element, number } from "./text.js";

const speeds = [0.01, 0.1, 0.5, 1, 2, 10, 100];

export class Timeline {
  constructor(place, on) {
    this.on = on;
    this.play = button("Stop", () => on.toggle(), {
      title: "Stop or go on (space)",
      class: "primary",
    });
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      "aria-label": "Where in the record",
      class: "slider",
    });
    this.slider.addEventListener("input", () => on.seek(Number(this.slider.value)));
    this.speed = element(
      "select",
      { "aria-label": "Speed" },
      ...speeds.map((speed) =>
        element("option", { value: speed, selected: speed === 1 }, `${speed} ×`),
      ),
    );
    this.speed.addEventListener("change", () => on.speed(Number(this.speed.value)));
    this.where = element("output", { class: "where" });
    this.live = button("Live", () => on.live(), {
      title: "To what happens now (L)",
      "aria-pressed": "true",
    });
    place.append(
      button("◀ fault", () => on.fault(true), { title: "Back to the fault before (Shift+F)" }),
      button("◂", () => on.step(-1), {
        "aria-label": "One packet back",
        title: "One packet back (←)",
      }),
      this.play,
      button("▸", () => on.step(1), { "aria-label": "One packet on", title: "One packet on (→)" }),
      button("fault ▶", () => on.fault(false), { title: "On to the next fault (F)" }),
      this.speed,
      this.live,
      this.slider,
      this.where,
    );
  }

  show({ mode, cursor, first, total, at }) {
    this.play.textContent = mode === "stopped" ? "Go on" : "Stop";
    this.live.setAttribute("aria-pressed", String(mode === "live"));
    this.slider.min = first;
    this.slider.max = total;
    this.slider.value = cursor;
    this.slider.setAttribute("aria-valuetext", `packet ${cursor} of ${total}`);
    this.where.value = `${number(cursor)} of ${number(total)}${at ? `, ${clock(at, true)}` : ""}`;
  }
}
