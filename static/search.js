// Search: a box over any page, or in its place on the search page. The index is a script, so that it loads from disk too.
(() => {
  const { root, index: address } = document.currentScript.dataset;
  const make = (tag, set, ...inside) => {
    const el = Object.assign(document.createElement(tag), set);
    el.append(...inside);
    return el;
  };
  let loading;
  const index = () => (loading ||= new Promise((done, fail) => {
    document.head.append(make("script", { src: address, onload: () => done(window.dossierSearch), onerror: fail }));
  }));

  // Every word must be found: at the start of a word of the title, in the title, or in what else is known.
  // Letters that Unicode does not take apart.
  const folds = { ß: "ss", ł: "l", ø: "o", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ı: "i" };
  const plain = (text) =>
    " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßłøæœđðþı]/g, (letter) => folds[letter]);
  const worth = { page: 3, entity: 2, disagreement: 1 };
  const find = (docs, text) => {
    const words = plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const score = (doc) => {
      doc.title ??= plain(doc.t);
      doc.rest ??= plain((doc.s || "") + " " + (doc.x || ""));
      let sum = (worth[doc.k] || 0) + 9 / doc.title.length;
      for (const word of words) {
        const at = doc.title.includes(" " + word) ? 5 : doc.title.includes(word) ? 2 : doc.rest.includes(word) ? 1 : 0;
        if (!at) return 0;
        sum += at;
      }
      return sum;
    };
    return words.length ? docs.map((doc) => [score(doc), doc]).filter(([sum]) => sum).sort((a, b) => b[0] - a[0]).map(([, doc]) => doc) : [];
  };

  const label = "Search pages and claims";
  const meaning = (word) => word[0].toUpperCase() + word.slice(1).replace("-", " ");
  const input = make("input", { type: "search", className: "q", ariaLabel: label, placeholder: "Search", autocomplete: "off" });
  const said = make("p", { className: "small", role: "status" });
  const hits = make("ol", { className: "hits", ariaLabel: "Results" });
  const box = make("div", { role: "search" }, input, said, hits);
  const show = async () => {
    const text = input.value;
    const found = await index().then((docs) => find(docs, text), () => null);
    if (text !== input.value) return;
    const more = found?.length > 30 ? ", the first 30 shown" : "";
    said.textContent = !found ? "The index could not be loaded." : text.trim() && `${found.length || "Nothing"} found${more}`;
    hits.replaceChildren(...(found || []).slice(0, 30).map((doc) => make("li", {}, make("a", { href: root + doc.h }, make("span", { className: doc.w ? "badge s-" + doc.w : "", textContent: doc.w ? meaning(doc.w) : doc.k }), doc.t))));
  };
  input.oninput = show;
  input.onfocus = index;
  box.onkeydown = (e) => {
    const stops = [input, ...hits.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && at >= 0) {
      e.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    } else if (e.key === "Enter" && at === 0) stops[1]?.click();
  };

  const place = document.querySelector("div.find-here");
  if (place) {
    place.append(box);
    input.value = new URLSearchParams(location.search).get("q") || "";
    if (input.value) show();
    box.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      input.value = "";
      show();
      input.focus();
    });
    addEventListener("keydown", (e) => {
      if (e.key !== "/" || e.target === input) return;
      e.preventDefault();
      input.focus();
    });
    return;
  }
  const dialog = make("dialog", { ariaLabel: "Search" });
  dialog.append(make("button", { type: "button", className: "close", ariaLabel: "Close", textContent: "×", onclick: () => dialog.close() }), box);
  // A search field takes the first Escape for itself, to empty it.
  dialog.onkeydown = (e) => {
    if (e.key === "Escape") dialog.close();
  };
  // A click beside the box closes it, and so does a hit, which may lie on this very page.
  dialog.onclick = (e) => {
    if (e.target === dialog || e.target.closest(".hits a")) dialog.close();
  };
  document.body.append(dialog);
  window.dossierAsk = () => {
    if (!dialog.open) dialog.showModal();
    input.focus();
    input.select();
  };
  window.dossierAsk();
})();
