// Cards for citations, the bar above a text, and the comparison of sources: fetched when a reader first needs them.
(() => {
  const here = document.currentScript.dataset;
  const one = (q, from = document) => from.querySelector(q);
  const all = (q, from = document) => [...from.querySelectorAll(q)];
  const make = (tag, set, ...inside) => {
    const el = Object.assign(document.createElement(tag), set);
    el.append(...inside.filter(Boolean));
    return el;
  };
  const root = here.root;
  const a = (href, text) => make("a", { href: root + href, textContent: text });

  // What the cards show besides the references: the evidence for claims, in one file or in several by the ids of the claims.
  const loaded = {};
  const load = (name) =>
    (loaded[name] ??= new Promise((done) => {
      document.head.append(make("script", { src: name, onload: () => done(window.dossierCards), onerror: () => done() }));
    }));
  const cards = (href) => {
    if (!here.cards) return Promise.resolve();
    if (here.cardFiles === "1") return load(here.cards + ".js");
    const id = decodeURIComponent(href.split("#")[1] ?? href.match(/([^/]+?)(\.html|\/|\/index\.html)$/)?.[1] ?? "");
    let hash = 0;
    for (const byte of new TextEncoder().encode(id)) hash = (Math.imul(hash, 31) + byte) >>> 0;
    return load(here.cards + "-" + (hash % here.cardFiles) + ".js");
  };

  // What a number in the text stands for: one reference, or those of a run from the first to the last.
  const references = (link) => {
    const first = document.getElementById(link.hash.slice(1));
    if (!first || !link.dataset.last) return first ? [first] : [];
    const [from, to] = [parseInt(first.id.slice(4)), Number(link.dataset.last)];
    return Array.from({ length: to - from + 1 }, (_, at) => document.getElementById("ref-" + (from + at))).filter(Boolean);
  };

  const reliability = (of) => of !== "unrated" && make("span", { className: "rel rel-" + of, textContent: of.replace("-", " to ") + " reliability" });
  const who = ([label, href, place, address, date, reliable, quote]) =>
    make("li", {}, a(href, label[0].toUpperCase() + label.slice(1)), date && ", " + date, place && ", ", place && (address ? make("a", { href: address, className: "external", rel: "external noopener", textContent: place }) : place), " ", reliability(reliable), quote && make("blockquote", {}, make("p", { textContent: "“" + quote + "”" })));
  const opposed = (asked, id) => [
    make("p", { className: "opposed-q" }, a(asked.h, asked.q)),
    make("ul", { className: "readings" }, ...asked.r.map(([text, by, claims]) => {
      const mine = claims.includes(id);
      return make("li", { className: mine ? "this" : "" }, make("p", { textContent: text }), make("p", { className: "by", textContent: by + (mine ? ": this claim" : "") }));
    })),
    make("p", { className: "verdict" }, make("b", { textContent: "Verdict" }), " " + asked.v),
  ];
  const evidence = (found, href) => {
    const [id, claim] = Object.entries(found.claims).find(([, claim]) => root + claim.h === href) || [];
    if (!claim) return [];
    const acts = make("p", { className: "acts" });
    if (navigator.clipboard) {
      const copy = make("button", { type: "button", textContent: "Copy link" });
      const say = (text) => () => (copy.textContent = text);
      copy.onclick = () => navigator.clipboard.writeText(new URL(root + claim.h, location.href)).then(say("Copied"), say("Not copied"));
      acts.append(copy);
    }
    acts.append(a(claim.h, "All on this claim"));
    if (claim.e) acts.append(a(claim.h + "#cite", "Cite"), a(claim.e, "Embed"));
    return [
      make("p", { className: "small", textContent: claim.s }),
      make("ul", { className: "who-says" }, ...claim.w.map(who)),
      ...(claim.d || []).flatMap((asked) => opposed(found.disagreements[asked], id)),
      acts,
    ];
  };

  // Chosen by click, tap or key, a card takes the focus and closes when that leaves; a pointer that rests on a number gets a
  // preview, which closes when the pointer leaves both.
  let shown, wait;
  const is_open = (kind) => shown?.card.isConnected && (!kind || shown.card.popover === kind);
  const close = () => is_open() && shown.card.hidePopover();
  const later = (what, ms) => {
    clearTimeout(wait);
    wait = setTimeout(what, ms);
  };
  const place = ({ card, link }) => {
    const at = link.getBoundingClientRect();
    if (getComputedStyle(card).position === "fixed") {
      card.classList.toggle("above", at.bottom > innerHeight / 2);
      return;
    }
    const above = at.top > card.offsetHeight + 8 && at.bottom + card.offsetHeight + 8 > innerHeight;
    card.style.left = Math.max(16, Math.min(at.left - 24, document.body.clientWidth - card.offsetWidth - 16)) + scrollX + "px";
    card.style.top = (above ? at.top - card.offsetHeight - 8 : at.bottom + 8) + scrollY + "px";
  };
  const show = (link, kind) => {
    const refs = references(link);
    if (!refs.length || !link.showPopover) return;
    close();
    const card = make("div", { className: "card " + link.className.replace("cite", ""), popover: kind, tabIndex: -1, role: "dialog", ariaLabel: link.ariaLabel });
    card.append(make("button", { type: "button", className: "close", ariaLabel: "Close", textContent: "×", onclick: close }));
    for (const [at, ref] of refs.entries()) {
      const item = ref.closest("li");
      const copy = item.cloneNode(true);
      // Of a source that is cited in several parts, the card shows the one that is meant.
      for (const other of all(".back, .part", copy)) if (other.id !== ref.id) other.remove();
      for (const part of all("[id]", copy)) part.removeAttribute("id");
      const box = make("div", {}, ...copy.childNodes);
      if (at) card.append(make("hr", {}));
      card.append(box);
      const to = one("p.st > a:only-child", item);
      if (to) cards(to.getAttribute("href")).then((found) => {
        if (!found || !card.isConnected) return;
        one(".src", box)?.remove();
        box.append(...evidence(found, to.getAttribute("href")));
        place({ card, link });
      });
    }
    link.after(card);
    card.showPopover();
    shown = { card, link };
    place(shown);
    link.ariaExpanded = "true";
    card.ontoggle = (e) => {
      if (e.newState !== "closed") return;
      link.ariaExpanded = "false";
      card.remove();
    };
    if (kind === "manual") {
      card.onpointerenter = () => clearTimeout(wait);
      card.onpointerleave = link.onpointerleave = () => later(() => is_open("manual") && close(), 200);
      return;
    }
    link.onpointerleave = null;
    card.addEventListener("focusout", (e) => {
      if (e.relatedTarget && e.relatedTarget !== link && !card.contains(e.relatedTarget)) close();
    });
    card.focus({ preventScroll: true });
  };
  addEventListener("keydown", (e) => e.key === "Escape" && is_open("manual") && close());

  // A part of the bar above a text leads to its marks in the text, and dims those of other standings.
  const dim = (part) => {
    const kind = "." + (part.className.baseVal ?? part.className).match(/s-[a-z-]+/)[0];
    const marks = all("a.cite, .refs > ol > li, .ledger > ol > li");
    const is = (mark) => mark.matches(kind) || one(".badge" + kind, mark);
    const again = part.ariaCurrent === "true";
    for (const other of all("div.sure a[class*=s-]")) other.ariaCurrent = !again && other.matches(kind) ? "true" : null;
    for (const mark of marks) mark.classList.toggle("faint", !again && !is(mark));
    const first = marks.find(is);
    if (again || !first) return;
    if (!first.matches("a")) first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  };

  // The sources side by side: filters by what hangs on a question and by topic, and two sources at a time.
  const compare = (ask) => {
    const rows = all("table.compare tbody tr");
    const articles = all("article[data-about]");
    const sources = all("thead th[data-source]", one("table.compare"));
    const box = make("div", { className: "choose" });
    const choose = (label, options) => {
      const select = make("select", {}, ...options.map(([value, text]) => make("option", { value, textContent: text })));
      select.onchange = () => show();
      box.append(make("label", {}, label + " ", select));
      return select;
    };
    const names = { high: "much hangs on it", medium: "something hangs on it", low: "small differences" };
    const kinds = Object.keys(names).filter((name) => rows.some((row) => row.dataset.severity === name));
    const severity = choose("Questions", [["", "all"], ...kinds.map((name) => [name, names[name]])]);
    const topics = [...new Set(rows.flatMap((row) => row.dataset.about.split("|")))].filter(Boolean);
    const topic = choose("Topic", [["", "all"], ...topics.map((title) => [title, title])]);
    const named = [["", "all"], ...sources.map((th) => [th.dataset.source, one("a", th).textContent])];
    const pair = sources.length > 2 ? [choose("Compare", named), choose("with", named)] : [];
    const said = make("p", { className: "status", role: "status" });
    const show = () => {
      const fits = (row) => (!severity.value || row.dataset.severity === severity.value) && (!topic.value || row.dataset.about.split("|").includes(topic.value));
      const whole = !severity.value && !topic.value;
      for (const row of [...rows, ...articles]) row.hidden = !fits(row);
      for (const fold of all(".comparison details")) if (!whole) fold.open = true;
      for (const part of all("main > section:has(article[data-about])")) part.hidden = !one("article:not([hidden])", part);
      const two = pair.map((select) => select.value).filter(Boolean);
      for (const table of all("table.compare")) {
        table.classList.toggle("two", two.length > 0);
        for (const cell of all("[data-source]", table)) cell.toggleAttribute("data-two", two.includes(cell.dataset.source));
      }
      said.textContent = whole ? "" : `${rows.filter(fits).length} of ${rows.length} questions`;
    };
    box.append(said);
    ask.replaceWith(box);
    severity.focus();
  };

  // The timeline, whole or of one topic.
  const filter = (topic) => {
    const links = all("[data-filter] a");
    const events = all("li.event[data-topics]");
    if (!links.some((link) => link.dataset.topic === topic)) topic = "";
    for (const event of events) {
      event.hidden = !!topic && !event.dataset.topics.split(" ").includes(topic);
      // The event that was asked for is shown, whatever the filter.
      if (location.hash === "#" + event.id) event.hidden = false;
      for (const mark of all(`svg.draw [href="#${event.id}"]`)) mark.classList.toggle("faint", event.hidden);
    }
    for (const year of all("li.year")) year.hidden = !one("li.event:not([hidden])", year);
    for (const link of links) link.ariaCurrent = link.dataset.topic === topic ? "true" : null;
    one("p.status").textContent = topic && `${events.filter((event) => !event.hidden).length} of ${events.length} events`;
  };

  window.dossierEvidence = {
    filter,
    open: (link) => (is_open("auto") && shown.link === link ? close() : show(link, "auto")),
    preview: (link) => is_open() || show(link, "manual"),
    dim,
    compare,
  };
})();
