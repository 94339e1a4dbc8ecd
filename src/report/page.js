// Shows the object of the element `data` (src/report/page.h). Everything from it becomes text of
// elements, never markup.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const page = document.getElementById("page");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const list = (name) => data[name] || [];

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function drawn(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function section(title) {
    page.append(element("h2", {}, title));
  }

  function add_table(columns, rows, attributes) {
    const head = element("tr", {}, ...columns.map((c) => element("th", { scope: "col" }, c)));
    const body = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
    page.append(
      element(
        "div",
        { class: "wide", tabindex: "0" },
        element("table", attributes, element("thead", {}, head), element("tbody", {}, ...body))
      )
    );
  }

  // ---- numbers and times ------------------------------------------------------------------------

  function two(number) {
    return String(Math.floor(number)).padStart(2, "0");
  }

  function clock(seconds, has_parts) {
    const day = Math.floor(seconds / 86400);
    const text = two((seconds % 86400) / 3600) + ":" + two((seconds % 3600) / 60);
    const rest = seconds % 60;
    const parts = has_parts ? "." + two((rest % 1) * 100) : "";
    return (day > 0 ? day + "d " : "") + text + ":" + two(rest) + parts;
  }

  function short(number) {
    const size = Math.abs(number);
    const units = [
      [1e9, " G"],
      [1e6, " M"],
      [1e3, " k"],
    ];
    for (const [least, unit] of units) {
      if (size >= least) {
        return Number((number / least).toPrecision(3)) + unit;
      }
    }
    return String(Number(number.toPrecision(3)));
  }

  // ---- the head ---------------------------------------------------------------------------------

  function show_head() {
    page.append(element("h1", {}, data.title));
    if (data.subtitle !== "") {
      page.append(element("p", { class: "subtitle" }, data.subtitle));
    }
    if (data.verdict) {
      const tone = data.verdict.good ? "good" : "bad";
      page.append(element("p", { class: "verdict " + tone, role: "status" }, data.verdict.text));
    }
    if (list("facts").length > 0) {
      const facts = list("facts").map(([name, value]) =>
        element("div", {}, element("dt", {}, name), element("dd", {}, value))
      );
      page.append(element("dl", { class: "facts" }, ...facts));
    }
  }

  function show_expectations() {
    if (list("expectations").length === 0) {
      return;
    }
    section("Expectations");
    const rows = list("expectations").map((e) => [
      element("span", { class: e.holds ? "good" : "bad" }, e.holds ? "\u2713 holds" : "\u2717 broken"),
      e.text,
      e.found,
    ]);
    add_table(["", "expected", "found"], rows, { class: "left" });
  }

  // ---- charts -----------------------------------------------------------------------------------

  const shades = {
    light: { lines: ["#0072b2", "#d55e00", "#00805c", "#a3457e", "#7a5c00", "#555555"],
             grid: "#e3e7eb", axis: "#8c959f", band: "rgba(213, 94, 0, 0.14)", text: "#7a3600" },
    dark: { lines: ["#56b4e9", "#f0a35e", "#3ecfa8", "#e59ac7", "#f0e442", "#bbbbbb"],
            grid: "#26303a", axis: "#6b7683", band: "rgba(240, 163, 94, 0.18)", text: "#f0c79e" },
  };
  const shade = () => (dark.matches ? shades.dark : shades.light);
  const charts = [];
  let is_following = false;

  // All charts show the same span of time.
  function follow(from) {
    if (is_following) {
      return;
    }
    is_following = true;
    for (const chart of charts) {
      if (chart !== from) {
        chart.updateOptions({ dateWindow: from.xAxisRange() });
      }
    }
    is_following = false;
  }

  function draw_bands(canvas, area, chart) {
    let free_from = -Infinity; // of room for a label
    for (const band of list("bands")) {
      const left = Math.max(chart.toDomXCoord(band.from), area.x);
      const right = Math.min(chart.toDomXCoord(band.until), area.x + area.w);
      if (right < area.x || left > area.x + area.w) {
        continue;
      }
      canvas.fillStyle = shade().band;
      canvas.fillRect(left, area.y, Math.max(right - left, 2), area.h);
      canvas.fillStyle = shade().text;
      canvas.font = "11px system-ui, sans-serif";
      const width = canvas.measureText(band.label).width;
      if (left + 3 >= free_from && left + 3 + width <= area.x + area.w) {
        canvas.fillText(band.label, left + 3, area.y + 12);
        free_from = left + 3 + width + 8;
      }
    }
  }

  function fill_legend(legend, state, unit) {
    legend.textContent = "";
    if (state.x !== undefined) {
      legend.append(element("b", {}, clock(state.x, true)));
    }
    for (const series of state.series) {
      const name = element("b", {}, "\u25a0 ");
      name.style.color = series.color;
      const value = series.y === undefined || series.y === null ? "" : " " + short(series.y) + " " + unit;
      legend.append(element("span", {}, name, series.label + value));
    }
  }

  function look(chart) {
    return {
      colors: shade().lines.slice(0, chart.series.length),
      gridLineColor: shade().grid,
      axisLineColor: shade().axis,
    };
  }

  function show_chart(chart) {
    const heading = element("h3", {}, chart.title + (chart.unit === "" ? "" : ", " + chart.unit));
    const legend = element("div", { class: "legend" });
    const place = element("div", { class: "chart", role: "img", "aria-label": chart.title + " over time" });
    page.append(heading, place, legend);
    const rows = chart.times.map((t, i) => [t, ...chart.series.map((s) => s.values[i])]);
    const made = new Dygraph(place, rows, {
      labels: ["time", ...chart.series.map((s) => s.name)],
      labelsDiv: document.createElement("div"),
      legend: "always",
      legendFormatter: (state) => (fill_legend(legend, state, chart.unit), ""),
      axes: {
        x: { axisLabelFormatter: (t) => clock(t, false), pixelsPerLabel: 90 },
        y: { axisLabelFormatter: short, axisLabelWidth: 60 },
      },
      includeZero: true,
      strokeWidth: 1.6,
      animatedZooms: !calm.matches,
      underlayCallback: draw_bands,
      drawCallback: (drawn_chart, is_first) => is_first || follow(drawn_chart),
      ...look(chart),
    });
    charts.push(made);
    dark.addEventListener("change", () => made.updateOptions(look(chart)));
  }

  function show_charts() {
    if (list("charts").length === 0) {
      return;
    }
    section("Over time");
    const hint = "Drag over a chart to look closer, double-click to see all.";
    const bands = list("bands").length > 0 ? " Shaded: faults." : "";
    page.append(element("p", { class: "subtitle" }, hint + bands));
    list("charts").forEach(show_chart);
  }

  // ---- topology ---------------------------------------------------------------------------------

  const box = { width: 230, row: 44, head: 30, gap: 28, columns: 4, radius: 9 };

  // Boxes in rows, each as high as its fullest; who stands in none is above all, in the middle.
  function lay_out(nodes) {
    const areas = new Map();
    const places = nodes.map(() => null);
    nodes.forEach((node, i) => {
      if (node.area !== "") {
        areas.set(node.area, [...(areas.get(node.area) || []), i]);
      }
    });
    const columns = Math.max(1, Math.min(box.columns, areas.size));
    const width = columns * (box.width + box.gap) + box.gap;
    const above = nodes.map((n, i) => i).filter((i) => nodes[i].area === "");
    above.forEach((node, i) => {
      places[node] = { x: (width * (i + 1)) / (above.length + 1) - 40, y: 30 };
    });
    const frames = [];
    let top = above.length > 0 ? 80 : 16;
    let highest = 0;
    [...areas].forEach(([name, inside], i) => {
      if (i > 0 && i % columns === 0) {
        top += highest + box.gap;
        highest = 0;
      }
      const frame = { name, x: box.gap + (i % columns) * (box.width + box.gap), y: top,
                      height: box.head + inside.length * box.row };
      frames.push(frame);
      highest = Math.max(highest, frame.height);
      inside.forEach((node, row) => {
        places[node] = { x: frame.x + 22, y: frame.y + box.head + row * box.row + 12 };
      });
    });
    return { frames, places, width, height: top + highest + 16 };
  }

  function draw_edge([from, to, label], places) {
    const a = places[from];
    const b = places[to];
    const bend = a.x - 14; // along the side of a box
    const half = (a.y + b.y) / 2;
    const curve = a.x === b.x ? [bend, a.y, bend, b.y] : [a.x, half, b.x, half];
    const path = ["M", a.x, a.y, "C", ...curve, b.x, b.y].join(" ");
    return drawn("path", { class: "edge", d: path }, drawn("title", {}, label));
  }

  function draw_node(node, place) {
    return drawn(
      "g",
      { class: node.kind + (node.area === "" ? "" : " inside") },
      drawn("circle", { cx: place.x, cy: place.y, r: box.radius }),
      drawn("text", { x: place.x + 16, y: place.y + 1 }, node.label),
      drawn("text", { class: "note", x: place.x + 16, y: place.y + 15 }, node.note)
    );
  }

  function show_topology() {
    const nodes = list("nodes");
    if (nodes.length === 0) {
      return;
    }
    section("Topology");
    const plan = lay_out(nodes);
    const picture = drawn("svg", { width: plan.width, height: plan.height, role: "img",
                                   viewBox: "0 0 " + plan.width + " " + plan.height },
                          drawn("title", {}, "Networks with their brokers, routers and devices"));
    for (const frame of plan.frames) {
      picture.append(
        drawn("rect", { class: "area", x: frame.x, y: frame.y, width: box.width, height: frame.height, rx: 6 }),
        drawn("text", { class: "note", x: frame.x + 38, y: frame.y + 15 }, frame.name)
      );
    }
    list("edges").forEach((edge) => picture.append(draw_edge(edge, plan.places)));
    nodes.forEach((node, i) => picture.append(draw_node(node, plan.places[i])));
    page.append(element("div", { class: "wide", tabindex: "0" }, picture));
  }

  // ---- tables and ladders -----------------------------------------------------------------------

  function show_tables() {
    for (const table of list("tables").filter((t) => t.rows.length > 0)) {
      section(table.title);
      add_table(table.columns, table.rows, {});
    }
  }

  function show_ladders() {
    for (const ladder of list("ladders")) {
      section(ladder.title);
      page.append(element("pre", { tabindex: "0" }, ladder.text));
      if (ladder.command !== "") {
        page.append(element("p", { class: "subtitle" }, "To see it again:"));
        page.append(element("pre", { tabindex: "0" }, ladder.command));
      }
    }
  }

  show_head();
  show_expectations();
  show_charts();
  show_topology();
  show_tables();
  show_ladders();
})();
