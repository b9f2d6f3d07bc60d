// Search only: everything else on the page works without this.
"use strict";
(() => {
  const form = document.querySelector("form.filter");
  const entries = [...document.querySelectorAll("details.entry")];
  const lines = [...document.querySelectorAll("table.matrix tbody tr")];
  const folds = [...document.querySelectorAll("details.fold")];
  const order = ["high", "medium", "low", "note"];

  // What a line of the matrix is found by: itself, and whoever is not denied there.
  const senders = new Map();
  const said = (line) => {
    const table = line.closest("table");
    if (!senders.has(table)) {
      senders.set(table, [...table.querySelectorAll("thead th")].map((each) => each.textContent));
    }
    const names = senders.get(table);
    const open = [...line.cells].filter((cell, column) => column && cell.className);
    return [line.cells[0].textContent, ...open.map((cell) => names[cell.cellIndex])].join(" ");
  };
  const texts = new Map();
  const text = (of, how) => {
    if (!texts.has(of)) texts.set(of, how(of).toLowerCase());
    return texts.get(of);
  };

  const show = (element, shown) => element.toggleAttribute("data-hidden", !shown);

  const reveal = () => {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (!target) return;
    for (let each = target; each; each = each.parentElement) {
      if (each.matches("details")) each.open = true;
      if (each.hasAttribute("data-hidden")) clear();
    }
    target.scrollIntoView();
    const first = target.querySelector("summary");
    if (first) first.focus({ preventScroll: true });
  };

  const asked = (name) => (form.elements[name] ? form.elements[name].value : "");

  const filter = () => {
    const words = asked("text").toLowerCase().split(/\s+/).filter(Boolean);
    const [severity, outcome, kind] = ["severity", "outcome", "kind"].map(asked);
    const narrowed = Boolean(words.length || severity || outcome || kind);
    const own = (entry) =>
      (!severity || order.slice(0, order.indexOf(severity) + 1).includes(entry.dataset.severity)) &&
      (!outcome || entry.dataset.outcome === outcome) &&
      (!kind || entry.dataset.kind === kind) &&
      words.every((word) => text(entry, (of) => of.textContent).includes(word));
    const found = new Set(entries.filter(own));
    const around = new Set();
    for (const each of found) {
      for (let up = each; up; up = up.parentElement) around.add(up);
    }
    // What follows from what was found is read with it.
    for (const each of entries) show(each, around.has(each) || found.has(each.parentElement.closest("details.entry")));
    for (const each of folds) {
      if (narrowed && around.has(each)) each.open = true;
    }
    const kept = lines.filter((line) => words.every((word) => text(line, said).includes(word)));
    for (const line of lines) show(line, false);
    for (const line of kept) {
      show(line, true);
      const fold = line.closest("details.fold");
      if (fold && words.length) fold.open = true;
    }
    const every = entries.length === 1 ? "1 entry" : `${entries.length} entries`;
    const parts = [`${found.size} of ${every}`];
    if (lines.length && words.length) parts.push(`${kept.length} of ${lines.length} lines of the matrix`);
    form.querySelector("output").textContent = narrowed ? `Shown: ${parts.join("; ")}` : every;
  };

  const clear = () => {
    form.reset();
    filter();
  };

  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    form.querySelector("[data-all]").addEventListener("click", (event) => {
      const open = entries.some((each) => !each.open);
      for (const each of [...folds, ...entries]) each.open = open;
      event.target.textContent = open ? "Close all" : "Open all";
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.matches("input, select, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        form.elements.text.focus();
      } else if (event.key === "Escape" && form.contains(event.target)) {
        clear();
      }
    });
    filter();
  }

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });
  addEventListener("hashchange", reveal);
  reveal();
})();
