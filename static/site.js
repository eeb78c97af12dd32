// Filters in place, and what is fetched on demand: cards for citations, search. The page is whole without them.
// Headings may have any id and class, so that what is looked for by class is named with its element, and no global
// variable is taken for a function: an id makes one.
(() => {
  const here = document.currentScript.dataset;
  const one = (q, from = document) => from.querySelector(q);
  const all = (q, from = document) => [...from.querySelectorAll(q)];
  const make = (tag, set, ...inside) => {
    const el = Object.assign(document.createElement(tag), set);
    el.append(...inside);
    return el;
  };
  const plain = (e) => !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey;

  // Scripts of their own, fetched when a reader first needs them, after the stylesheet of what they show: search, and that for
  // cards, the bar above a text and the comparison of sources.
  let styled, evidence, search;
  const add = (what, set, data) => new Promise((onload, onerror) => {
    const el = make(what, { ...set, onload, onerror });
    Object.assign(el.dataset, data);
    document.head.append(el);
  });
  const fetched = (src) => {
    styled ||= add("link", { rel: "stylesheet", href: here.style }).catch(() => {});
    return styled.then(() => add("script", { src }, here));
  };
  const load = () => (evidence ||= fetched(here.evidence).then(() => window.dossierEvidence));
  const cite = "a.cite", part = "div.sure[data-here] a[class*=s-]";
  if (here.evidence) {
    let wait;
    for (const link of all(cite)) link.ariaExpanded = "false";
    addEventListener("click", (e) => {
      const link = e.target.closest(cite + "," + part);
      if (!link || !plain(e) || (link.matches(cite) && !one(link.hash))) return;
      e.preventDefault();
      clearTimeout(wait);
      load().then((found) => (link.matches(cite) ? found.open(link) : found.dim(link)), () => (location.href = link.href.baseVal ?? link.href));
    });
    addEventListener("pointerover", (e) => {
      clearTimeout(wait);
      const link = e.pointerType === "mouse" && e.target.closest?.(cite);
      if (link) wait = setTimeout(() => load().then((found) => found.preview(link), () => {}), 300);
    });
    const table = one("table.compare");
    if (table) {
      const ask = make("button", { type: "button", className: "choose", textContent: "Filter the questions, or compare two sources" });
      ask.onclick = () => load().then((found) => found.compare(ask), () => {});
      table.parentElement.before(ask);
    }
  }

  // On the whole timeline, links to the pages of topics filter the list instead.
  const filters = one("[data-filter]");
  const filter = (topic) => load().then((found) => found.filter(topic));
  if (filters && here.evidence) {
    const chosen = () => filter(new URLSearchParams(location.search).get("topic") || "");
    filters.onclick = (e) => {
      const link = e.target.closest("a");
      if (!link || !plain(e)) return;
      const { topic } = link.dataset;
      try {
        history.pushState(null, "", location.pathname + (topic && "?topic=" + topic));
      } catch {
        return; // the link leads to the page of the topic
      }
      e.preventDefault();
      chosen();
    };
    addEventListener("popstate", chosen);
    if (location.search) chosen();
  }

  // The address of an event, claim or reference takes the focus there, whatever the filter.
  const arrive = () => {
    const id = location.hash.slice(1);
    let el = document.getElementById(id);
    try {
      el ||= document.getElementById(decodeURIComponent(id));
    } catch {
      return; // no place: a lone `%` stands for nothing
    }
    if (!el || el.matches("h2, h3, h4")) return;
    if (el.hidden) return void filter("").then(arrive);
    if (!el.matches("a, button, input")) el.tabIndex = -1;
    el.focus();
  };
  addEventListener("hashchange", arrive);
  arrive();

  // An address from the time when a list was on one page: the entry is on one of its further pages now.
  const list = one("nav[data-places]");
  const follow = () => {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (!id || document.getElementById(id)) return;
    let hash = 0;
    for (const byte of new TextEncoder().encode(id)) hash = (Math.imul(hash, 31) + byte) >>> 0;
    const arrived = () => {
      const places = window.dossierPlaces;
      if (Object.hasOwn(places, id)) location.replace(here.root + places[id] + "#" + encodeURIComponent(id));
    };
    document.head.append(make("script", { src: list.dataset.places + (hash % list.dataset.buckets) + ".js", onload: arrived }));
  };
  if (list) {
    addEventListener("hashchange", follow);
    follow();
  }

  const ask = () => {
    if (typeof window.dossierAsk === "function") window.dossierAsk();
    else search ||= fetched(here.search);
  };
  const link = one("a.find");
  if (!link || !here.search) return;
  link.onclick = (e) => {
    if (!plain(e)) return;
    e.preventDefault();
    ask();
  };
  addEventListener("keydown", (e) => {
    if (e.key !== "/" || !plain(e) || e.target.closest("input, textarea, select, [contenteditable]")) return;
    e.preventDefault();
    ask();
  });
})();
