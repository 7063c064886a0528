"use strict";
// Everything from the data enters the document as text or as a checked attribute, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const STATES = ["met", "missed", "on course", "behind", "not reported", "candidate"];
  // Uncertain rows wait to be asked for, unless there are no others.
  const isSure = (state) => state !== "candidate";
  const SURE = data.scoreboard.some((row) => isSure(row.state)) ? STATES.filter(isSure) : STATES;
  const STEP = 60;
  const SVG = "http://www.w3.org/2000/svg";
  let language = /^vi/i.test(navigator.language) || !navigator.languages?.some((tag) => /^en/i.test(tag)) ? "vi" : "en";
  const filter = { search: "", place: "", indicator: "", year: "", states: new Set(SURE) };
  const order = { key: "", down: false };
  const shown = { rows: STEP, charts: 12, ahead: 15, overdue: 15, done: 15 };

  const $ = (selector) => document.querySelector(selector);
  const word = (key) => data.words[language][key] ?? key.replace(/^doubt\./, "");
  const locale = () => (language === "vi" ? "vi-VN" : "en-GB");

  /** An element with properties, data attributes and children; text children become text nodes. */
  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }
  function draw(tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** Text as it is compared: small letters without diacritics. */
  function fold(text) {
    return String(text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
  }
  const day = (iso) => (iso ? new Date(iso + "T00:00:00Z").toLocaleDateString(locale(), { timeZone: "UTC", day: "2-digit", month: "2-digit", year: "numeric" }) : "");
  const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
  const plain = (value, digits = 2) => value.toLocaleString(locale(), { maximumFractionDigits: digits });

  const isMoney = (unit) => unit === "VND" || unit === "USD";
  const currency = (unit) => (unit === "VND" ? word("dong") : unit);
  function amount(value, unit) {
    if (value === null || value === undefined) return "";
    if (isMoney(unit)) {
      const size = Math.abs(value);
      if (size >= 1e9) return `${plain(value / 1e9)} ${word("bn")} ${currency(unit)}`;
      if (size >= 1e6) return `${plain(value / 1e6)} ${word("mn")} ${currency(unit)}`;
      return `${plain(value)} ${currency(unit)}`;
    }
    if (unit === "%" || unit === "plan %") return `${plain(value)}%`;
    const number = Math.abs(value) >= 1e6 ? `${plain(value / 1e6)} ${word("mn")}` : plain(value, 4);
    return `${number} ${unit ?? ""}`.trim();
  }
  const BOUNDS = { ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ " };
  function goal(row) {
    const bound = BOUNDS[row.target_bound] ?? "";
    const sign = row.dir === "up" ? "↑ " : row.dir === "down" ? "↓ " : "";
    if (row.target_value !== null) return sign + bound + amount(row.target_value, row.unit);
    return `${sign}${amount(row.target_low, row.unit)} – ${amount(row.target_high, row.unit)}`;
  }
  const indicator = (row) => (language === "en" && row.indicator_en) || row.indicator;

  // ---- what the filters let through

  const said = (passage) => (passage === null || passage === undefined ? "" : data.passages[passage].sentence);
  for (const row of data.scoreboard) {
    row.folded = fold([row.indicator, row.indicator_en, row.place, row.promised_by, said(row.target_passage), said(row.latest_passage)].join(" "));
  }
  for (const row of data.deadlines) row.folded = fold([row.what, row.who, row.place, said(row.passage)].join(" "));
  for (const row of data.contradictions) row.folded = fold([row.indicator, row.indicator_en, row.place].join(" "));
  for (const chart of data.series) chart.folded = fold([chart.indicator, chart.indicator_en, chart.place].join(" "));

  function fits(row, date) {
    return (
      (!filter.place || row.place === filter.place) &&
      (!filter.year || (date ?? "").startsWith(filter.year)) &&
      fold(filter.search).split(/\s+/).every((term) => row.folded.includes(term))
    );
  }
  const fitsScoreboard = (row) => fits(row, row.deadline) && (!filter.indicator || row.indicator === filter.indicator);
  function fitsChart(chart) {
    const inYear = !filter.year || [...chart.figures, ...chart.targets].some((point) => point.day.startsWith(filter.year));
    return fits(chart, filter.year) && inYear && (!filter.indicator || chart.indicator === filter.indicator);
  }

  // ---- the scoreboard

  const COLUMNS = [
    { key: "indicator", of: (row) => indicator(row) },
    { key: "place", of: (row) => row.place ?? "" },
    { key: "target", of: (row) => row.target_value ?? row.target_low ?? -Infinity },
    { key: "deadline", of: (row) => row.deadline ?? "" },
    { key: "latest", of: (row) => row.latest_value ?? -Infinity },
    { key: "gap", of: (row) => row.gap ?? -Infinity },
    { key: "state", of: (row) => STATES.indexOf(row.state) },
    { key: "sources" },
  ];

  function sorted(rows) {
    const column = COLUMNS.find((one) => one.key === order.key);
    if (!column?.of) return rows;
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "vi") : a < b ? -1 : a > b ? 1 : 0);
    return rows.toSorted((a, b) => compare(column.of(a), column.of(b)) * (order.down ? -1 : 1));
  }
  function cell(key, className, ...children) {
    const inner = make("div", {}, ...children);
    const made = make("td", { className: inner.hasChildNodes() ? className : `${className} empty` }, inner);
    made.dataset.label = word(key);
    return made;
  }
  function source(passage, key) {
    if (passage === null || passage === undefined) return null;
    return make("button", { type: "button", textContent: word(key), onclick: () => openPassage(passage) });
  }
  const badge = (state) => make("span", { className: `state is-${state.replaceAll(" ", "-")}`, textContent: word(state) });

  function scoreRow(row) {
    const latest = row.latest_value === null ? "" : (BOUNDS[row.latest_bound] ?? "") + amount(row.latest_value, row.unit);
    const when = row.latest_period_end ? `${word("from")} ${day(row.latest_period_end)}` : "";
    return make(
      "tr", {},
      cell("indicator", "", indicator(row), row.promised_by ? make("small", { textContent: `${word("promised_by")}: ${row.promised_by}` }) : null),
      cell("place", "", row.place),
      cell("target", "number", goal(row)),
      cell("deadline", "deadline", day(row.deadline)),
      cell("latest", "number", latest, when ? make("small", { textContent: when }) : null),
      cell("gap", "number", row.gap === null ? "" : (row.gap > 0 ? "+" : "") + (row.gap_unit === "điểm %" ? `${plain(row.gap)} ${language === "vi" ? "điểm %" : "points"}` : amount(row.gap, row.gap_unit))),
      cell("state", "", badge(row.state), row.doubt ? make("small", { textContent: row.doubt.split(/,\s*/).map((one) => word(`doubt.${one}`)).join(", ") }) : null),
      cell("sources", "sources", source(row.target_passage, "source_target"), source(row.latest_passage, "source_latest")),
    );
  }
  function showScoreboard() {
    const rows = data.scoreboard.filter(fitsScoreboard);
    $("#states").replaceChildren(
      ...STATES.map((state) => {
        const count = rows.filter((row) => row.state === state).length;
        const button = make("button", { type: "button", className: `is-${state.replaceAll(" ", "-")}` }, make("strong", { textContent: plain(count) }), word(state));
        button.setAttribute("aria-pressed", String(filter.states.has(state)));
        button.dataset.state = state;
        button.onclick = () => {
          filter.states.has(state) ? filter.states.delete(state) : filter.states.add(state);
          shown.rows = STEP;
          showScoreboard();
        };
        return button;
      }),
    );
    const left = sorted(rows.filter((row) => filter.states.has(row.state)));
    $("#scoreboard thead tr").replaceChildren(
      ...COLUMNS.map((column) => {
        if (!column.of) return make("th", { scope: "col", textContent: word(column.key) });
        const button = make("button", { type: "button", textContent: word(column.key) });
        button.onclick = () => {
          order.down = order.key === column.key && !order.down;
          order.key = column.key;
          showScoreboard();
        };
        const head = make("th", { scope: "col" }, button);
        if (order.key === column.key) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
        return head;
      }),
    );
    $("#scoreboard tbody").replaceChildren(...left.slice(0, shown.rows).map(scoreRow));
    $("#scoreboard .count").textContent = left.length ? `${plain(Math.min(shown.rows, left.length))} / ${plain(left.length)} ${word("rows")}` : word("none");
    more("#scoreboard", left.length, "rows", STEP, showScoreboard);
  }
  function more(where, total, key, step, show) {
    const button = $(`${where} .more`);
    button.hidden = total <= shown[key];
    button.onclick = () => {
      shown[key] += step;
      show();
    };
  }

  // ---- charts

  const BOX = { width: 360, height: 190, left: 54, right: 14, top: 12, bottom: 26 };

  function scale(from, to, low, high) {
    return (value) => (to === from ? (low + high) / 2 : low + ((value - from) / (to - from)) * (high - low));
  }
  /** Round steps that cover a range: 1, 2 or 5 times a power of ten. */
  function ticks(low, high) {
    const rough = (high - low || Math.abs(high) || 1) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
    const first = Math.floor(low / step) * step;
    return Array.from({ length: Math.ceil((high - first) / step - 1e-9) + 1 }, (_, number) => first + number * step);
  }
  function short(value, unit, most) {
    const size = Math.abs(value);
    if (isMoney(unit) && most >= 1e9) return plain(value / 1e9);
    return size >= 10000 ? value.toLocaleString(locale(), { notation: "compact", maximumFractionDigits: 1 }) : plain(value);
  }
  function mark(shape, attributes, point, label) {
    const element = draw(shape, { ...attributes, tabindex: "0", role: "button" });
    element.append(draw("title", {}, label));
    const open = () => openPassage(point.passage);
    element.addEventListener("click", open);
    element.addEventListener("keydown", (event) => event.key === "Enter" && open());
    return element;
  }
  function chartOf(chart) {
    const points = [...chart.figures, ...chart.targets];
    const times = points.map((point) => Date.parse(point.day));
    const values = ticks(Math.min(...points.map((point) => point.value)), Math.max(...points.map((point) => point.value)));
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const x = scale(from, to, BOX.left + 8, BOX.width - BOX.right - 8);
    const y = scale(values[0], values.at(-1), BOX.height - BOX.bottom, BOX.top);
    const at = (point) => [x(Date.parse(point.day)), y(point.value)];
    const svg = draw("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": `${indicator(chart)}, ${chart.place}` });
    for (const value of values) {
      const line = y(value);
      svg.append(draw("line", { class: "axis", x1: BOX.left, x2: BOX.width - BOX.right, y1: line, y2: line }));
      svg.append(draw("text", { x: BOX.left - 6, y: line + 4, "text-anchor": "end" }, short(value, chart.unit, values.at(-1))));
    }
    const ends = from === to ? [from] : [from, to];
    ends.forEach((time, number) => {
      const anchor = ends.length === 1 ? "middle" : number ? "end" : "start";
      svg.append(draw("text", { x: x(time), y: BOX.height - 8, "text-anchor": anchor }, day(new Date(time).toISOString().slice(0, 10))));
    });
    for (const point of chart.targets) {
      const [right, height] = at(point);
      const left = Math.max(x(Math.max(Date.parse(point.since ?? point.day), from)), BOX.left);
      if (left < right) svg.append(draw("line", { class: "reach", x1: left, x2: right, y1: height, y2: height }));
    }
    const figures = chart.figures.toSorted((a, b) => a.day.localeCompare(b.day));
    // What adds up or grows over a period is one line only where the periods begin on the same day.
    for (const start of new Set(figures.map((point) => (chart.same_start ? point.since : "")))) {
      const together = figures.filter((point) => !chart.same_start || point.since === start);
      const path = together.filter((point, number) => point.day !== together[number - 1]?.day).map((point) => at(point).join(","));
      if (path.length > 1) svg.append(draw("polyline", { class: "line", points: path.join(" ") }));
    }
    for (const point of figures) {
      const [cx, cy] = at(point);
      const label = `${word("figure")}: ${amount(point.value, chart.unit)} (${day(point.day)})`;
      svg.append(mark("circle", { class: "dot", cx, cy, r: 5 }, point, label));
    }
    for (const point of chart.targets) {
      const [cx, cy] = at(point);
      const label = `${word("goal")}: ${BOUNDS[point.bound] ?? ""}${amount(point.value, chart.unit)} (${day(point.day)})`;
      svg.append(mark("path", { class: "goal", d: `M${cx} ${cy - 7}L${cx + 7} ${cy}L${cx} ${cy + 7}L${cx - 7} ${cy}Z` }, point, label));
    }
    const unit = isMoney(chart.unit) ? `${values.at(-1) >= 1e9 ? `${word("bn")} ` : ""}${currency(chart.unit)}` : chart.unit === "plan %" ? "%" : chart.unit;
    const caption = make("figcaption", {}, indicator(chart), make("small", { textContent: [chart.place, unit].filter(Boolean).join(" · ") }));
    return make("figure", {}, caption, svg);
  }
  function showCharts() {
    const charts = data.series.filter(fitsChart);
    $("#charts .grid").replaceChildren(...charts.slice(0, shown.charts).map(chartOf));
    $("#charts .hint").textContent = charts.length ? word("chart_hint") : word("no_charts");
    more("#charts", charts.length, "charts", 12, showCharts);
  }

  // ---- deadlines

  function deadlineItem(row) {
    const left = days(data.meta.as_of, row.deadline);
    const count = left === 0 ? word("today") : word(left > 0 ? "days_left" : "days_over").replace("{n}", plain(Math.abs(left)));
    return make(
      "li", {},
      make("strong", { textContent: row.state === "reported done" ? day(row.deadline) : `${day(row.deadline)} · ${count}` }),
      make("div", { textContent: row.what }),
      make("small", { textContent: [row.who, row.place].filter(Boolean).join(" · ") }),
      source(row.passage, "sources"),
    );
  }
  function showDeadlines() {
    const rows = data.deadlines.filter((row) => fits(row, row.deadline));
    const lists = {
      ahead: rows.filter((row) => row.state === "due"),
      overdue: rows.filter((row) => row.state === "overdue").toReversed(),
      done: rows.filter((row) => row.state === "reported done").toReversed(),
    };
    for (const [name, list] of Object.entries(lists)) {
      $(`#${name}`).hidden = !list.length && name === "done";
      $(`#${name} h3`).textContent = `${word(name)} (${plain(list.length)})`;
      $(`#${name} ol`).replaceChildren(...list.slice(0, shown[name]).map(deadlineItem));
      more(`#${name}`, list.length, name, 30, showDeadlines);
    }
  }

  // ---- figures that contradict each other

  function showContradictions() {
    const rows = data.contradictions.filter((row) => fits(row, row.day) && (!filter.indicator || row.indicator === filter.indicator));
    $("#contradictions").hidden = !rows.length;
    $("#contradictions ul").replaceChildren(
      ...rows.map((row) =>
        make(
          "li", {},
          make("strong", { textContent: indicator(row) }),
          make("small", { textContent: `${row.place} · ${word("from")} ${day(row.day)}` }),
          ...row.figures.map((figure) => make("button", { type: "button", textContent: amount(figure.value, row.unit), onclick: () => openPassage(figure.passage) })),
        ),
      ),
    );
  }

  // ---- data quality

  function showQuality() {
    const failed = data.quality.filter((check) => check.failed > 0);
    $("#quality .hint").textContent = failed.length ? word("quality_hint").replace("{n}", plain(data.quality.length)) : word("quality_good");
    $("#quality ul").replaceChildren(
      ...failed.map((check) => make("li", {}, `${word(`table.${check.table_name}`)}: ${language === "vi" ? check.told_vi : check.told}`, make("small", { textContent: `${word(check.severity)} · ${plain(check.failed)} / ${plain(check.checked)}` }))),
    );
  }

  // ---- the sentence behind a figure

  function openPassage(number) {
    if (number === null || number === undefined) return;
    const passage = data.passages[number];
    const article = data.articles[passage.article];
    const dialog = $("#passage");
    dialog.querySelector(".where").textContent = [article.source, article.published ? day(article.published) : word("undated")].join(" · ");
    dialog.querySelector("h3").textContent = article.title;
    dialog.querySelector("blockquote").replaceChildren(passage.before, make("mark", { textContent: passage.sentence }), passage.after);
    const link = dialog.querySelector("a");
    link.hidden = !/^https?:\/\//i.test(article.url ?? "");
    // Browsers that know text fragments scroll to the sentence on the page itself.
    link.href = link.hidden ? "" : `${article.url.replace(/#.*$/, "")}#:~:text=${fragment(passage.sentence)}`;
    dialog.showModal();
    dialog.scrollTop = 0;
  }
  function fragment(sentence) {
    const words = sentence.trim().split(/\s+/);
    const encode = (some) => encodeURIComponent(some.join(" ")).replaceAll("-", "%2D");
    return words.length <= 12 ? encode(words) : `${encode(words.slice(0, 5))},${encode(words.slice(-5))}`;
  }

  // ---- filters and languages

  function options(select, first, values, label = (value) => value) {
    const kept = select.value;
    select.replaceChildren(new Option(word(first), ""), ...values.map((value) => new Option(label(value), value)));
    select.value = values.includes(kept) ? kept : "";
    select.setAttribute("aria-label", word(first));
  }
  function showFilters() {
    const everything = [...data.scoreboard, ...data.series, ...data.deadlines];
    const distinct = (values) => [...new Set(values.filter(Boolean))].sort((a, b) => a.localeCompare(b, "vi"));
    const english = new Map(everything.map((row) => [row.indicator, row.indicator_en]));
    options($("#place"), "all_places", distinct(everything.map((row) => row.place)));
    options($("#indicator"), "all_indicators", distinct([...data.scoreboard, ...data.series].map((row) => row.indicator)), (name) => (language === "en" && english.get(name)) || name);
    options($("#year"), "all_years", distinct([...data.scoreboard, ...data.deadlines].map((row) => row.deadline?.slice(0, 4))).toReversed());
    $("#search").placeholder = word("search");
    $("#search").setAttribute("aria-label", word("search"));
  }
  function showRows() {
    Object.assign(shown, { rows: STEP, charts: 12, ahead: 15, overdue: 15, done: 15 });
    showScoreboard();
    showCharts();
    showDeadlines();
    showContradictions();
  }
  function showAll() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
    document.title = [word("title"), data.meta.place].filter(Boolean).join(" – ");
    $("#as-of").textContent = `${word("as_of")} ${day(data.meta.as_of)}${data.meta.place ? ` · ${data.meta.place}` : ""}`;
    showFilters();
    showRows();
    showQuality();
  }

  let waiting = 0;
  $("#search").addEventListener("input", (event) => {
    filter.search = event.target.value.trim();
    clearTimeout(waiting);
    waiting = setTimeout(showRows, 120);
  });
  for (const key of ["place", "indicator", "year"]) {
    $(`#${key}`).addEventListener("change", (event) => {
      filter[key] = event.target.value;
      showRows();
    });
  }
  $("#filters").addEventListener("submit", (event) => event.preventDefault());
  $("#filters").addEventListener("reset", () => {
    Object.assign(filter, { search: "", place: "", indicator: "", year: "", states: new Set(SURE) });
    setTimeout(showRows);
  });
  $("#language").addEventListener("click", () => {
    language = language === "vi" ? "en" : "vi";
    showAll();
  });
  $("#passage button").addEventListener("click", () => $("#passage").close());
  $("#passage").addEventListener("click", (event) => event.target === event.currentTarget && event.currentTarget.close());
  showAll();
})();
