// The reload script of `dossier serve`: put into pages by the server alone, never by `build`.
(() => {
  const me = document.currentScript;
  const top = me.dataset.base;
  let hash = me.dataset.page;
  let number = 0;
  me.remove();

  // Shows problems over the page. Texts are set as text: nothing in them is markup.
  let sheet;
  let shown;
  const make = (tag, name, text) => {
    const el = document.createElement(tag);
    if (name) el.className = name;
    if (text !== undefined) el.textContent = text;
    return el;
  };
  const problems = (list, leftOut) => {
    shown?.remove();
    shown = undefined;
    if (!list.length) return;
    shown = make("dossier-problems");
    shown.setAttribute("role", "alert");
    const root = shown.attachShadow({ mode: "open" });
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(`:host{position:fixed;inset:auto 0 0;max-height:70vh;overflow:auto;z-index:2147483647;
        background:#1b1a19;color:#f4f1ec;font:14px/1.5 ui-monospace,monospace;padding:1rem 1.5rem;border-top:4px solid #d64545}
        h2{font:inherit;font-weight:bold;margin:0 0 .5rem}section{margin:0 0 1rem}p{margin:0}pre{margin:.25rem 0;white-space:pre-wrap;
        overflow-wrap:anywhere;color:#ffd9a0}.place{color:#b8c7ff}.hint{color:#b5e2b5}
        button{float:right;font:inherit;color:inherit;background:none;border:1px solid;border-radius:4px;cursor:pointer}`);
    }
    root.adoptedStyleSheets = [sheet];
    const close = make("button", "", "Hide");
    close.onclick = () => shown.remove();
    const count = list.length + leftOut;
    root.append(close, make("h2", "", count === 1 ? "1 problem" : `${count} problems`));
    for (const found of list) {
      const box = make("section");
      box.append(make("p", "", `${found.severity}[${found.code}]: ${found.message}`));
      if (found.file) box.append(make("p", "place", `${found.file}:${found.line}:${found.column}`));
      if (found.source) box.append(make("pre", "", found.source));
      if (found.hint) box.append(make("p", "hint", `help: ${found.hint}`));
      root.append(box);
    }
    if (leftOut) root.append(make("p", "", `not shown: ${leftOut} more; "dossier check --verbose" shows all`));
    document.documentElement.append(shown);
  };

  // What scripts of the page have put there is theirs: no template wrote it, so no new page says anything of it.
  const foreign = new WeakSet();
  const note = (records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.nodeType === 1) foreign.add(node);
  };
  const watcher = new MutationObserver(note);
  const watch = () => watcher.observe(document.documentElement, { childList: true, subtree: true });
  const ourselves = (change) => {
    note(watcher.takeRecords());
    watcher.disconnect();
    change();
    watch();
  };
  const ours = (node) => !foreign.has(node);
  document.addEventListener("readystatechange", watch, { once: true });

  // Makes a live tree like a new one, and leaves alone what is the same.
  const kept = new Set(["open", "tabindex", "aria-expanded", "style"]);
  const attributes = (old, now) => {
    for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
  };
  const sheetChanged = (old, now) => {
    const next = old.cloneNode();
    attributes(next, now);
    // The old one goes when the new one is there: no moment without style.
    next.onload = next.onerror = () => old.remove();
    old.after(next);
  };
  const isSheet = (el) => el.nodeName === "LINK" && el.rel === "stylesheet";
  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
  const same = (a, b) => alike(a, b) && a.textContent === b.textContent;
  const morph = (old, now) => {
    if (old.isEqualNode(now)) return;
    if (!alike(old, now)) old.replaceWith(document.importNode(now, true));
    else if (old.nodeType !== 1) old.data = now.data;
    else if (isSheet(old) && old.getAttribute("href") !== now.getAttribute("href")) sheetChanged(old, now);
    else {
      attributes(old, now);
      children(old, now);
    }
  };
  const children = (old, now) => {
    const a = [...old.childNodes].filter(ours);
    const b = [...now.childNodes];
    while (a.length && b.length && same(a[0], b[0])) morph(a.shift(), b.shift());
    const tail = [];
    while (a.length && b.length && same(a.at(-1), b.at(-1))) tail.push([a.pop(), b.pop()]);
    const end = tail.length ? tail.at(-1)[0] : null;
    for (const node of b) {
      const at = a.findIndex((el) => alike(el, node));
      if (at >= 0 && (at === 0 || node.id)) {
        for (const gone of a.splice(0, at)) gone.remove();
        morph(a.shift(), node);
      } else old.insertBefore(document.importNode(node, true), a[0] ?? end);
    }
    for (const gone of a) gone.remove();
    for (const [was, is] of tail) morph(was, is);
  };

  const scripts = (doc) => [...doc.querySelectorAll("script[src]")].filter(ours).map((el) => el.getAttribute("src")).filter((src) => !src.includes("__dossier")).join();
  const refresh = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    const script = doc.querySelector("script[data-page][data-base]");
    if (!script || scripts(doc) !== scripts(document)) return location.reload();
    hash = script.dataset.page;
    script.remove();
    const focus = document.activeElement;
    ourselves(() => {
      attributes(document.documentElement, doc.documentElement);
      morph(document.head, doc.head);
      morph(document.body, doc.body);
    });
    if (focus?.isConnected && focus !== document.activeElement) focus.focus({ preventScroll: true });
    // A filter that a script has put on the page is put on it again.
    if (location.search) dispatchEvent(new PopStateEvent("popstate"));
    document.dispatchEvent(new CustomEvent("dossier:changed"));
    hello();
  };
  const files = (paths) => {
    for (const el of document.querySelectorAll("link[href], img[src], source[src], video[src], audio[src]")) {
      const name = el.hasAttribute("href") ? "href" : "src";
      const url = new URL(el.getAttribute(name), location);
      if (url.origin !== location.origin || !paths.includes(url.pathname)) continue;
      url.searchParams.set("dossier", Date.now());
      if (isSheet(el)) {
        const next = el.cloneNode();
        next.href = url;
        sheetChanged(el, next);
      } else el.setAttribute(name, url);
    }
  };

  let socket;
  let wait = 200;
  const hello = () => socket.send(JSON.stringify({ path: location.pathname, hash, number }));
  const connect = () => {
    socket = new WebSocket(new URL(`${top}__dossier/ws`, location.href.replace(/^http/, "ws")));
    socket.onopen = () => {
      wait = 200;
      hello();
    };
    socket.onmessage = ({ data }) => {
      const state = JSON.parse(data);
      number = state.number;
      problems(state.problems, state.problems_left_out);
      ourselves(() => files(state.files));
      if (state.goto && state.goto !== location.pathname) location.assign(state.goto);
      else if (state.changed) refresh();
    };
    socket.onclose = () => {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 2000);
    };
  };
  connect();
})();
