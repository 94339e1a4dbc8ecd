// The page: items come in (items.js), the moment that is shown moves along them, and what follows
// from them up to there (world.js) is drawn. `cursor` is the number of the first item that is not
// shown yet.
import { Items, Stream, ask_json, fetch_arrivals, fetch_items } from "./items.js";
import { World, kind_of } from "./world.js";
import { Topology } from "./topology.js";
import { Ladder } from "./ladder.js";
import { Detail } from "./detail.js";
import { Filter } from "./filter.js";
import { TopicsView } from "./topics.js";
import { TakeAway } from "./take_away.js";
import { Timeline } from "./timeline.js";
import { Levers } from "./levers.js";
import { Lesson } from "./lesson.js";
import { button, counted, element, number } from "./text.js";

const BEFORE = 3000; // items that are shown of the past at the start, and around a moment
const MARK = 1000; // items between a moment that was gone back to and the mark before it
const TURN_MS = 8; // for taking items in one picture, so that it stays fluent
const TURN_SHARE = 0.3; // of the time since the last one, where pictures are seldom anyway
const TURN_MOST_MS = 50; // after a picture that took very long, or a sleep: the rest follows
const TURN_ITEMS = 100; // between two looks at the clock
const SHOW_MS = 120; // between two pictures of the ladder, which is made of elements
const SHOW_REST_MS = 600; // and of what is larger, or changes less
const SHOW_SHARE = 5; // a part that took a while, with its layout, rests so many times as long
const DRAW_SHARE = 2; // likewise, of the topology, whose packets move
const TOPICS_A_PICTURE = 20; // rows that are made anew; the others follow
const TOPICS_MS = 50; // between two such pictures
const ANIMATE_MAX = 16; // packets of one picture that set out on the canvas
const POLL_MS = 2000;

const at = (id) => document.getElementById(id);
const items = new Items();
const world = new World();
const state = {
  mode: "live",
  cursor: 0,
  first: 0,
  counts: {}, // of the types of all items
  speed: 1,
  clock: 0,
  chosen: undefined,
  anchor: null,
  connection: "connecting",
  is_loading: false,
};

const stream = new Stream({
  lines(from, lines) {
    if (items.append(from, lines)) {
      begin_at(from);
    }
  },
  skipped(from, to) {
    items.clear(to);
    skip_to(to, to - from);
  },
  state(text) {
    state.connection = text;
  },
});

const topology = new Topology(at("topology"), {
  choose: (name) => filter.set("client", name),
  say: (text) => set_text(at("topology-said"), text),
});
const ladder = new Ladder(at("ladder"), { choose, scroll });
const detail = new Detail(at("detail"), choose);
const filter = new Filter(at("filter"), () => {
  state.anchor = null;
  show_soon();
});
const topics = new TopicsView(at("topics"), choose);
const take_away = new TakeAway(at("take"), filter, at("ladder"));
const timeline = new Timeline(at("time"), { toggle, seek, step, speed, live, fault });

// ---- the moment that is shown ---------------------------------------------------------------------

let mark = null; // {n, copy}: what the world was before an item, for the next step back

// Who came before is there, though it said so long ago.
function begin_at(n) {
  world.reset();
  items.arrivals.forEach((item) => world.learn(item));
  state.cursor = n;
  mark = null;
}

// Live, what is between is not seen; who is there is known all the same.
function skip_to(n, count) {
  items.skipped += count;
  world.skip();
  state.cursor = n;
}

function take_one(animates, now) {
  const item = world.take(items.get(state.cursor));
  state.cursor++;
  if (animates && filter.matches(item)) {
    topology.send(item, now, state.speed);
  }
  return item;
}

// Until when items are taken for one picture.
const turn_end = (passed) =>
  performance.now() + Math.min(TURN_MOST_MS, Math.max(TURN_MS, TURN_SHARE * passed));

// What comes live, as much as one picture has time for. A page that slept may have lost some.
function take_live(now, passed) {
  if (state.cursor < items.base) {
    skip_to(items.base, items.base - state.cursor);
  }
  const end = turn_end(passed);
  while (state.cursor < items.next && performance.now() < end) {
    advance_to(state.cursor + TURN_ITEMS, items.next - state.cursor <= TURN_ITEMS ? ANIMATE_MAX : 0, now);
  }
}

// Takes items up to the number.
function advance_to(n, animates_last, now) {
  const end = Math.min(n, items.next);
  while (state.cursor < end) {
    take_one(end - state.cursor <= animates_last, now);
  }
}

// ---- going to a moment ----------------------------------------------------------------------------

let wanted = null; // the newest of several wishes counts

async function seek(n, chosen) {
  stop();
  state.anchor = null;
  wanted = n;
  if (state.is_loading) {
    return;
  }
  state.is_loading = true;
  try {
    while (wanted !== null) {
      const to = wanted;
      wanted = null;
      await go_to(to);
    }
  } catch (error) {
    say(`The packets cannot be read: ${error.message}`);
  }
  state.is_loading = false;
  if (chosen !== undefined) {
    state.chosen = items.get(chosen);
  } else if (state.chosen?.n >= state.cursor) {
    state.chosen = undefined; // it has not been sent yet
  }
  show_soon();
}

async function go_to(n) {
  if (
    n < items.base ||
    n > items.next ||
    (n < state.cursor && n - items.base < 200 && items.base > state.first)
  ) {
    await load_around(n);
  }
  if (n < state.cursor) {
    go_back(n);
  }
  advance_to(n, 1, performance.now());
  state.clock = items.get(state.cursor - 1)?.at || 0;
}

// To the mark before the item, or else to the first item that is here and from there to a new mark,
// so that steps back do not take all items again each time.
function go_back(n) {
  if (mark !== null && items.has(mark.n) && mark.n <= n) {
    world.restore(mark.copy, items);
    state.cursor = mark.n;
    return;
  }
  begin_at(items.base);
  if (n - MARK > items.base) {
    advance_to(n - MARK, 0, performance.now());
    const copy = world.copy();
    mark = copy === null ? null : { n: state.cursor, copy };
  }
}

async function load_around(n) {
  const from = Math.max(state.first, n - BEFORE);
  const got = await fetch_items(from, 2 * BEFORE);
  items.arrivals = await fetch_arrivals(got.from);
  items.clear(got.from);
  items.append(got.from, got.lines);
  begin_at(got.from);
}

async function load_more() {
  if (state.is_loading || items.next >= items.total) {
    return;
  }
  state.is_loading = true;
  try {
    const got = await fetch_items(items.next);
    if (got.lines.length > 0 && items.append(got.from, got.lines)) {
      begin_at(got.from);
    }
  } catch (error) {
    say(`The packets cannot be read: ${error.message}`);
  }
  state.is_loading = false;
}

function stop() {
  if (state.mode === "live") {
    stream.close();
  }
  state.mode = "stopped";
}

function toggle() {
  if (state.mode !== "stopped") {
    stop();
  } else {
    state.mode = "playing";
    state.clock = items.get(state.cursor)?.at || state.clock;
  }
  state.anchor = null;
  show_soon();
}

function speed(value) {
  state.speed = value;
}

function live() {
  state.mode = "live";
  state.anchor = null;
  mark = null;
  stream.open(
    Math.max(state.first, items.has(items.total - 1) ? items.next : items.total - BEFORE),
  );
  show_soon();
}

async function step(by) {
  await seek(Math.max(state.first, Math.min(items.total, state.cursor + by)));
  state.chosen = items.get(state.cursor - 1);
  show_soon();
}

async function fault(back) {
  const from = state.chosen?.n ?? state.cursor;
  const found = await ask_json(`fault?from=${back ? from : from + 1}${back ? "&back" : ""}`);
  if (found.item === null) {
    const none = back
      ? "There is no fault before this moment."
      : "There is no fault after this moment: Shift+F goes back to the last one.";
    say(found.count === 0 ? "No fault was seen." : none);
    return;
  }
  await seek(found.item + 1, found.item);
}

// The number of the item that stands so many rows behind this one in the ladder.
function number_behind(n, rows) {
  let left = rows;
  let at_n = n + 1;
  while (at_n < state.cursor && left > 0) {
    left -= filter.matches(items.get(at_n)) ? 1 : 0;
    at_n++;
  }
  return at_n;
}

async function choose(n) {
  if (state.mode === "live" || state.mode === "playing") {
    stop();
  }
  if (!items.has(n) || n >= state.cursor) {
    await seek(n + 1, n);
  }
  state.chosen = items.get(n);
  if (!items_in_ladder().includes(state.chosen)) {
    state.anchor = number_behind(n, Math.floor(ladder.room / 2));
  }
  show_soon();
  if (matchMedia("(max-width: 60rem)").matches) {
    at("detail").scrollIntoView({ block: "nearest" });
  }
}

function scroll(by) {
  if (state.mode !== "stopped") {
    stop();
  }
  seek(Math.max(state.first, Math.min(items.total, state.cursor + by)));
}

// ---- pictures -------------------------------------------------------------------------------------

let said = { text: "", until: 0 };

function say(text) {
  said = { text, until: performance.now() + 5000 };
}

function status() {
  if (performance.now() < said.until) {
    return said.text;
  }
  const skipped =
    items.skipped > 0
      ? `; ${number(items.skipped)} skipped, since they came too fast (the slider reads them back)`
      : "";
  const texts = {
    live: "live",
    lost: "The connection to the server is lost; trying again",
    connecting: "connecting",
    refused: "The server refuses: open the link with #token=TOKEN behind it",
  };
  const mode = {
    live: texts[state.connection],
    playing: `replay at ${state.speed} ×`,
    stopped: "stopped",
  }[state.mode];
  return `${mode}: ${counted(world.nodes.size, "device or broker", "devices and brokers")}, ${counted(world.topics.size, "topic")}${skipped}`;
}

function set_text(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

// The last items up to the cursor that the filter lets through; or those around the one that was
// chosen, so that its whole exchange can be seen.
function items_in_ladder() {
  const found = [];
  const last = state.anchor !== null && state.mode === "stopped" ? state.anchor : state.cursor;
  for (
    let n = Math.min(last, state.cursor) - 1;
    n >= items.base && found.length < ladder.room;
    n--
  ) {
    const item = items.get(n);
    if (filter.matches(item)) {
      found.push(item);
    }
  }
  return found.reverse();
}

// Of all that was seen, not only of what the page keeps.
function show_counts() {
  const rows = Object.entries(state.counts).sort((one, other) => other[1] - one[1]);
  at("counts").replaceChildren(
    element(
      "table",
      {},
      element(
        "tbody",
        {},
        ...rows.map(([type, count]) =>
          element(
            "tr",
            { "data-type": type },
            element("th", { scope: "row" }, type),
            element("td", {}, number(count)),
          ),
        ),
      ),
    ),
  );
}

// Parts that can be seen. To ask for their sizes would lay out the page within each picture.
const shown_parts = new Set();
const part_sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    shown_parts[contentRect.width > 0 ? "add" : "delete"](target.id);
  }
});
document.querySelectorAll("section").forEach((part) => part_sizes.observe(part));
const is_shown = (id) => shown_parts.has(id);

// What is made of elements is made anew now and then, seldom where it takes long.
const due = { draw: 0, show: 0, rest: 0, topics: 0 };

function show_soon() {
  due.show = due.rest = due.topics = 0;
}

// Until its picture is painted, too: what stands in this channel comes behind that.
const painted = new MessageChannel();
painted.port1.onmessage = ({ data: [name, begun, least] }) => {
  due[name] = begun + Math.max(least, SHOW_SHARE * (performance.now() - begun));
};

function rest(name, begun, least) {
  due[name] = begun + least;
  painted.port2.postMessage([name, begun, least]);
}

function show() {
  const now = performance.now();
  const last = items.get(state.cursor - 1);
  set_text(at("state"), status());
  timeline.show({
    mode: state.mode,
    cursor: state.cursor,
    first: state.first,
    total: items.total,
    at: last?.at,
  });
  if (is_shown("part-ladder")) {
    ladder.show(items_in_ladder(), world, state.chosen);
  }
  if (is_shown("part-detail") && state.chosen !== undefined) {
    detail.show(state.chosen, (n) => items.get(n), world);
  }
  rest("show", now, SHOW_MS);
}

function show_rest() {
  const now = performance.now();
  if (is_shown("part-take")) {
    show_counts();
  }
  at("topology").setAttribute("aria-label", topology.describe(world));
  if (at("nodes").open) {
    at("nodes").lastElementChild.replaceChildren(topology.table(world));
  }
  rest("rest", now, SHOW_REST_MS);
}

function show_topics() {
  const now = performance.now();
  const at_now = items.get(state.cursor - 1)?.at || 0;
  const is_whole =
    !is_shown("part-topics") || topics.show(world.topics, at_now, { most: TOPICS_A_PICTURE, filter: filter.wanted.topic });
  rest("topics", now, is_whole ? SHOW_REST_MS : TOPICS_MS);
}

// At most one of them in a picture.
function show_what_is_due(now) {
  if (now >= due.show) {
    show();
  } else if (now >= due.topics) {
    show_topics();
  } else if (now >= due.rest) {
    show_rest();
  }
}

// As much of what is due by the clock as one picture has time for.
function replay(now, passed) {
  const end = turn_end(passed);
  let turn = 0;
  while (state.cursor < items.next && items.get(state.cursor).at <= state.clock) {
    take_one(turn++ < ANIMATE_MAX, now);
    if (turn % TURN_ITEMS === 0 && performance.now() > end) {
      return;
    }
  }
}

// What came is taken in: all at once when live, by the clock in a replay.
function go_on(now, passed) {
  if (state.mode === "live") {
    take_live(now, passed);
  } else if (state.mode === "playing") {
    state.clock += (passed / 1000) * state.speed;
    replay(now, passed);
    if (items.next - state.cursor < BEFORE) {
      load_more();
    }
    if (state.cursor >= items.total) {
      stop();
    }
  }
}

let before = performance.now();
const frames = { longest: 0, count: 0 };

function frame(now) {
  requestAnimationFrame(frame);
  const passed = now - before;
  before = now;
  frames.longest = Math.max(frames.longest, passed);
  frames.count++;
  go_on(now, Math.min(passed, 1000));
  const begun = performance.now();
  let is_enough = false; // for this picture
  if (is_shown("part-topology") && now >= due.draw) {
    is_enough = topology.draw(world, now, state.chosen);
    due.draw = begun + DRAW_SHARE * (performance.now() - begun);
  }
  if (!is_enough) {
    show_what_is_due(now);
  }
}

// ---- keys, parts, start ---------------------------------------------------------------------------

const keys = {
  " ": toggle,
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  ArrowUp: () => choose_beside(-1),
  ArrowDown: () => choose_beside(1),
  f: () => fault(false),
  F: () => fault(true),
  l: live,
  Home: () => seek(state.first),
  End: () => seek(items.total),
  "/": () => at("filter").elements.text.focus(),
};

function choose_beside(by) {
  const shown = items_in_ladder();
  const place = shown.indexOf(state.chosen);
  const next = place < 0 ? shown[shown.length - 1] : shown[place + by];
  if (next !== undefined) {
    choose(next.n);
  } else {
    step(by);
  }
}

addEventListener("keydown", (event) => {
  const is_typing =
    /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey;
  const presses = event.key === " " && event.target.closest("button, summary, a") !== null;
  const does = keys[event.key];
  if (does !== undefined && !is_typing && !presses) {
    event.preventDefault();
    does();
  }
});

// A lesson stands first, levers beside what they act on.
function add_tabs(control) {
  const topology_part = ["topology", "Topology"];
  const first = control?.[0] === "lesson" ? [control, topology_part] : [topology_part, control];
  document.body.dataset.part = first[0][0];
  const parts = [
    ...first.filter((part) => part !== null),
    ["ladder", "Packets"],
    ["detail", "One packet"],
    ["topics", "Topics"],
    ["take", "Take away"],
  ];
  for (const [name, label] of parts) {
    at("tabs").append(
      button(
        label,
        () => {
          document.body.dataset.part = name;
          for (const tab of at("tabs").children) {
            tab.setAttribute("aria-pressed", String(tab.textContent === label));
          }
          show_soon();
        },
        { "aria-pressed": String(name === document.body.dataset.part) },
      ),
    );
  }
}

function add_legend() {
  const kinds = [
    ["publish", "●", "message"],
    ["answer", "◆", "acknowledgement"],
    ["subscribe", "■", "subscribing"],
    ["connect", "▲", "connecting"],
    ["fault", "✕", "dropped or cut"],
  ];
  at("legend").replaceChildren(
    ...kinds.map(([kind, mark, text]) =>
      element(
        "span",
        { class: `key ${kind}` },
        element("span", { "aria-hidden": "true" }, mark),
        ` ${text}`,
      ),
    ),
  );
}

async function learn() {
  try {
    const about = await ask_json("about");
    state.first = about.first;
    items.total = Math.max(items.total, about.next);
    state.counts = about.counts;
    return about;
  } catch (error) {
    say(error.message);
    return null;
  }
}

// The part for what stands behind the page: a lesson, or a program with levers.
async function open_control() {
  try {
    const answer = await ask_json("control");
    const is_lesson = answer.lesson !== undefined;
    const name = is_lesson ? "lesson" : "levers";
    at(`part-${name}`).hidden = false;
    if (is_lesson) {
      new Lesson(at("lesson")).open(answer);
    } else {
      const clients = () => [...world.nodes.values()].filter((node) => node.kind === "client");
      new Levers(at("levers")).open(clients);
    }
    return [name, is_lesson ? "Lesson" : "Levers"];
  } catch (error) {
    say(error.message);
    return null;
  }
}

async function start() {
  add_legend();
  const about = await learn();
  add_tabs(about?.control ? await open_control() : null);
  if (about !== null) {
    document.title = `MQTT, live: ${about.files.join(", ")}`;
    at("title").replaceChildren("MQTT, live: ", element("bdi", {}, about.files.join(", ")));
    items.clear(Math.max(about.first, about.next - BEFORE));
    items.arrivals = await fetch_arrivals(items.base).catch(() => []);
    begin_at(items.base);
    stream.open(items.base);
  }
  setInterval(learn, POLL_MS);
  requestAnimationFrame(frame);
}

start();

// For tests, and for those who look into it.
globalThis.mqttsim = {
  items,
  world,
  state,
  filter,
  topology,
  frames,
  kind_of,
  take_away,
  seek,
  step,
  choose,
  live,
};
