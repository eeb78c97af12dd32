// Cards for citations, filters in place, search on call: the page is whole without them.
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

  // The popover closes itself on Escape and on a click elsewhere, and gives the focus back.
  const open = (link, ref) => {
    const card = make("div", { className: "card " + link.className.replace("cite", ""), popover: "auto", tabIndex: -1, role: "dialog", ariaLabel: link.ariaLabel });
    const copy = ref.closest("li").cloneNode(true);
    // Of a source that is cited in several parts, the card shows the one that is meant.
    for (const other of all(".back, .part", copy)) if (other.id !== ref.id) other.remove();
    const close = make("button", { type: "button", className: "close", ariaLabel: "Close", textContent: "×", onclick: () => card.hidePopover() });
    card.append(close, ...copy.childNodes);
    link.after(card);
    card.showPopover();
    if (getComputedStyle(card).position === "absolute") {
      const at = link.getBoundingClientRect();
      const above = at.top > card.offsetHeight + 8 && at.bottom + card.offsetHeight + 8 > innerHeight;
      card.style.left = Math.max(16, Math.min(at.left - 24, document.body.clientWidth - card.offsetWidth - 16)) + scrollX + "px";
      card.style.top = (above ? at.top - card.offsetHeight - 8 : at.bottom + 8) + scrollY + "px";
    }
    link.ariaExpanded = "true";
    card.ontoggle = (e) => {
      if (e.newState !== "closed") return;
      link.ariaExpanded = "false";
      card.remove();
    };
    card.focus({ preventScroll: true });
  };
  if (HTMLElement.prototype.showPopover) {
    for (const link of all("a.cite")) {
      const ref = document.getElementById(link.hash.slice(1));
      if (!ref) continue;
      link.ariaExpanded = "false";
      link.onclick = (e) => {
        if (!plain(e)) return;
        e.preventDefault();
        if (link.ariaExpanded === "true") one("div.card").hidePopover();
        else open(link, ref);
      };
    }
  }

  // On the whole timeline, links to the pages of topics filter the list instead.
  const filters = one("[data-filter]");
  const events = all("li.event[data-topics]");
  const filter = (topic) => {
    const links = all("a", filters);
    if (!links.some((a) => a.dataset.topic === topic)) topic = "";
    for (const event of events) {
      event.hidden = !!topic && !event.dataset.topics.split(" ").includes(topic);
      for (const mark of all(`.overview [href="#${event.id}"], .strip [data-id="${event.id}"]`)) mark.classList.toggle("faint", event.hidden);
    }
    for (const year of all("li.year")) year.hidden = !one("li.event:not([hidden])", year);
    for (const a of links) a.ariaCurrent = a.dataset.topic === topic ? "true" : null;
    one("p.status").textContent = topic && `${events.filter((event) => !event.hidden).length} of ${events.length} events`;
  };
  const chosen = () => filter(new URLSearchParams(location.search).get("topic") || "");
  if (filters) {
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
      filter(topic);
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
    if (el.hidden) filter("");
    if (!el.matches("a, button, input")) el.tabIndex = -1;
    el.focus();
  };
  addEventListener("hashchange", arrive);
  arrive();

  // Search is a script of its own, fetched on demand.
  const ask = () => {
    if (typeof window.dossierAsk === "function") window.dossierAsk();
    else {
      const script = make("script", { src: here.search });
      Object.assign(script.dataset, here);
      document.head.append(script);
    }
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
