// Search: a box over any page, or in its place on the search page. The index is a script, so that it loads from disk too.
(() => {
  const { root, index: address } = document.currentScript.dataset;
  const make = (tag, set, ...inside) => {
    const el = Object.assign(document.createElement(tag), set);
    el.append(...inside);
    return el;
  };
  const loading = {};
  const load = (src) => (loading[src] ||= new Promise((onload, onerror) => document.head.append(make("script", { src, onload, onerror }))));
  const index = async () => (await load(address), window.dossierSearch);

  // Every word must be found: at the start of a word of the title, in the title, or in what else is known.
  // Letters that Unicode does not take apart.
  const folds = { ß: "ss", ł: "l", ø: "o", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ı: "i" };
  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßłøæœđðþı]/g, (letter) => folds[letter]);
  const split = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const worth = { page: 3, name: 2, question: 1 };
  const best = (scored) => scored.sort((a, b) => b[0] - a[0]).map(([, doc]) => doc);
  const find = (docs, words) => {
    const score = (doc) => {
      doc.title ??= " " + split(doc.t).join(" ");
      doc.rest ??= plain(doc.x || "");
      let sum = (worth[doc.k] || 0) + 9 / doc.title.length;
      for (const word of words) {
        const at = doc.title.includes(" " + word) ? 5 : doc.title.includes(word) ? 2 : doc.rest.includes(word) ? 1 : 0;
        if (!at) return 0;
        sum += at;
      }
      return sum;
    };
    const found = best(docs.map((doc) => [score(doc), doc]).filter(([sum]) => sum));
    return { count: found.length, first: found.slice(0, 30) };
  };

  // A large index is in parts: one says what there is, and a query loads the lists of its words and what it shows.
  const part = async (name) => {
    await load(address.replace(/\.js$/, `/${name}.js`));
    return window.dossierParts[name];
  };
  const digits = Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((c, at) => [c, at]));
  // The numbers in a list: differences in digits of five bits, or after `!` a bit for each number.
  const each = (list, note) => {
    if (list[0] === "!") {
      for (let at = 1; at < list.length; at++)
        for (let bit = 0; bit < 6; bit++) if (digits[list[at]] & (1 << bit)) note((at - 1) * 6 + bit);
      return;
    }
    let next = 0, value = 0, shift = 0;
    for (const c of list) {
      value += (digits[c] & 31) << shift;
      shift += 5;
      if (digits[c] > 31) continue;
      note(next + value);
      next += value + 1;
      value = shift = 0;
    }
  };
  // What a word is looked up by: in scripts that do not separate words, each two characters that follow each other.
  const unspaced = /([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u{10ffff}]+)/u;
  const terms = (word) => word.split(unspaced).filter(Boolean).flatMap((run) => {
    const chars = [...run];
    return unspaced.test(run) && chars.length > 1 ? chars.slice(1).map((c, at) => chars[at] + c) : [run];
  });
  // The files with the lists of a term, and how much that is.
  const files = ({ starts, heads, size }, term) => {
    if (Object.hasOwn(heads, term)) return [["p" + heads[term][0]], heads[term][1]];
    let first = starts.findLastIndex((start) => start <= term);
    const names = [];
    for (first = Math.max(0, first); first < starts.length && (!names.length || starts[first].startsWith(term)); first++) names.push("t" + first);
    return [names, names.length * size];
  };
  const most = 64 << 10;
  const findInParts = async (top, words) => {
    const scores = new Float64Array(top.count), matched = new Uint8Array(top.count);
    for (let at = 0, doc = 0; at < top.ranks.length; at += 3)
      for (const end = doc + top.ranks[at + 2]; doc < end; doc++) scores[doc] = top.ranks[at] + 9 / top.ranks[at + 1];
    // The least first: what a query may load is limited.
    const asked = words.map((word) => {
      const lists = terms(word).map((term) => [term, ...files(top, term)]);
      return { word, lists, size: lists.reduce((sum, [, , size]) => sum + size, 0) };
    });
    let loaded = 0, used = 0;
    const left = [];
    for (const { word, lists, size } of [...asked].sort((a, b) => a.size - b.size)) {
      if (used && loaded + size > most) {
        left.push(word);
        continue;
      }
      loaded += size;
      used++;
      const least = new Uint8Array(top.count).fill(5);
      for (const [term, names] of lists) {
        const at = new Uint8Array(top.count);
        const add = (list) => {
          const [titles, texts = ""] = list.split(".");
          each(titles, (doc) => (at[doc] = 5));
          each(texts, (doc) => (at[doc] ||= 1));
        };
        for (const found of await Promise.all(names.map(part))) {
          if (typeof found === "string") add(found);
          else for (const other in found) if (other.startsWith(term)) add(found[other]);
        }
        for (let doc = 0; doc < top.count; doc++) least[doc] = Math.min(least[doc], at[doc]);
      }
      for (let doc = 0; doc < top.count; doc++) {
        scores[doc] += least[doc];
        matched[doc] += least[doc] ? 1 : 0;
      }
    }
    const found = [];
    for (let doc = 0; doc < top.count; doc++) if (matched[doc] === used) found.push([scores[doc], doc]);
    const first = best(found).slice(0, 30).map(async (doc) => (await part("d" + Math.floor(doc / top.per)))[doc % top.per]);
    return { count: found.length, first: await Promise.all(first), left };
  };
  const search = async (text) => {
    const words = split(text), docs = await index();
    if (!words.length) return { count: 0, first: [] };
    return Array.isArray(docs) ? find(docs, words) : findInParts(docs, words);
  };

  const label = "Search pages and claims";
  const meaning = (word) => word[0].toUpperCase() + word.slice(1).replace("-", " ");
  const input = make("input", { type: "search", className: "q", ariaLabel: label, placeholder: "Search", autocomplete: "off" });
  const said = make("p", { className: "small", role: "status" });
  const hits = make("ol", { className: "hits", ariaLabel: "Results" });
  const box = make("div", { role: "search" }, input, said, hits);
  const show = async () => {
    const text = input.value;
    const found = await search(text).catch(() => null);
    if (text !== input.value) return;
    const more = found?.count > 30 ? ", the first 30 shown" : "";
    const without = found?.left?.length ? `, without “${found.left.join("”, “")}”, which are too common` : "";
    said.textContent = !found ? "The index could not be loaded." : text.trim() && `${found.count || "Nothing"} found${more}${without}`;
    hits.replaceChildren(...(found?.first || []).map((doc) => make("li", {}, make("a", { href: root + doc.h }, make("span", { className: doc.w ? "badge s-" + doc.w : "", textContent: doc.w ? meaning(doc.w) : doc.k }), doc.t))));
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
