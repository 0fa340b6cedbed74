// Filter, search, sort, and what printing and links need. Everything here is extra: the
// page is complete without it. Written without the two characters that HTML reads inside
// a script, so no "and" operator and no less-than: nested ifs and for..of instead.
"use strict";
(function () {
  const all = function (selector, from) {
    return Array.from((from || document).querySelectorAll(selector));
  };
  const make = function (name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  // Folded parts: open on the way to what a link points at, and for printing.
  const reveal = function (element) {
    for (let e = element; e; e = e.parentElement) {
      if (e.tagName === "DETAILS") e.open = true;
    }
  };
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = all("details:not([open])");
    for (const d of opened) d.open = true;
  });
  window.addEventListener("afterprint", function () {
    for (const d of opened) d.open = false;
    opened = [];
  });

  // Sorting: a button in each head of a sortable table.
  const rank = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };
  const value = function (row, column) {
    const cell = row.cells[column];
    const text = cell.textContent.trim();
    const size = /^(\d+) (bytes|kB|MB)$/.exec(text);
    if (size) return size[1] * { bytes: 1, kB: 1e3, MB: 1e6 }[size[2]];
    if (rank[text] !== undefined) return rank[text];
    return /^\d+$/.test(text) ? Number(text) : text.toLowerCase();
  };
  const compare = function (x, y) {
    if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
    if (x === y) return 0;
    return x > y ? 1 : -1;
  };
  const sort = function (table, column, down) {
    for (const body of Array.from(table.tBodies)) {
      const rows = Array.from(body.rows).map(function (row) {
        return { row: row, value: value(row, column) };
      });
      rows.sort(function (x, y) {
        return down ? compare(y.value, x.value) : compare(x.value, y.value);
      });
      for (const item of rows) body.appendChild(item.row);
    }
  };
  for (const table of all("table.sortable")) {
    const heads = all("thead th", table);
    heads.forEach(function (head, column) {
      const button = make("button", "", head.textContent);
      button.type = "button";
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const h of heads) h.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down);
      });
    });
  }

  // Tests: each stands in the list of open ones, in its control, or in both.
  const tests = new Map();
  for (const element of all("[data-f]")) {
    const id = element.dataset.test || element.id;
    const [result, severity, control, ...account] = element.dataset.f.split(" ");
    const test = tests.get(id) || {
      elements: [],
      text: "",
      result: result,
      severity: severity,
      control: control,
      account: account.join(" "),
      application: element.dataset.a.split(" "),
    };
    test.elements.push(element);
    test.text += " " + element.textContent.toLowerCase() + " " + test.control.toLowerCase();
    tests.set(id, test);
  }
  const place = document.getElementById("filter");
  if (!place || tests.size === 0) return;

  const facets = [
    { name: "result", title: "Result", order: ["fail", "error", "unknown", "manual", "waived", "known", "pass", "not-applicable"] },
    { name: "severity", title: "Severity", order: Object.keys(rank) },
    { name: "control", title: "Control", order: all("[data-control]").map(function (e) { return e.dataset.control; }) },
    { name: "application", title: "Application", order: [] },
  ];
  facets.push({ name: "account", title: "Account", order: Array.from(new Set(Array.from(tests.values(), function (t) { return t.account; }))).sort() });
  const appNames = new Map();
  for (const e of all("[data-app]")) {
    appNames.set(e.dataset.app, e.textContent);
    facets[3].order.push(e.dataset.app);
  }
  const matches = function (facet, test, wanted) {
    const has = test[facet.name];
    if (Array.isArray(has)) {
      if (has.includes("*")) return true;
      return has.some(function (h) { return wanted.has(h); });
    }
    return wanted.has(has);
  };

  const form = make("div", "filter");
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter tests");
  const row = make("div", "row");
  const find = make("label", "find", "Search ");
  const search = make("input");
  search.type = "search";
  search.autocomplete = "off";
  search.spellcheck = false;
  find.appendChild(search);
  const clear = make("button", "", "Show all");
  clear.type = "button";
  const unfold = make("button", "", "Unfold all");
  unfold.type = "button";
  const status = make("span", "soft");
  status.setAttribute("role", "status");
  row.append(find, clear, unfold, status);
  form.appendChild(row);
  for (const facet of facets) {
    facet.boxes = [];
    const used = facet.order.map(function (v) {
      const wanted = new Set([v]);
      let n = 0;
      for (const test of tests.values()) {
        if (matches(facet, test, wanted)) n += 1;
      }
      return { value: v, n: n };
    }).filter(function (u) { return u.n > 0; });
    if (2 > used.length) continue;
    const set = make("fieldset");
    set.appendChild(make("legend", "", facet.title));
    for (const u of used) {
      const label = make("label", "pick");
      const box = make("input");
      box.type = "checkbox";
      box.value = u.value;
      label.append(box, make("span", "", facet.name === "application" ? appNames.get(u.value) : u.value || "none"), make("span", "soft", String(u.n)));
      set.appendChild(label);
      facet.boxes.push(box);
      box.addEventListener("change", function () { apply(true); });
    }
    form.appendChild(set);
  }
  place.appendChild(form);

  const groups = all("[data-group]");
  const apply = function (keep) {
    const wanted = facets.map(function (facet) {
      return new Set(facet.boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; }));
    });
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const test of tests.values()) {
      let ok = words.every(function (w) { return test.text.includes(w); });
      facets.forEach(function (facet, i) {
        if (ok) {
          if (wanted[i].size > 0) ok = matches(facet, test, wanted[i]);
        }
      });
      if (ok) shown += 1;
      for (const e of test.elements) e.hidden = !ok;
    }
    const active = words.length > 0 || wanted.some(function (w) { return w.size > 0; });
    for (const g of groups) {
      g.hidden = active ? !g.querySelector("[data-f]:not([hidden])") : false;
    }
    status.textContent = shown + " of " + tests.size + " tests shown";
    clear.disabled = !active;
    if (keep) remember(active);
  };

  // The state is in the fragment, so that a link shows what its sender saw.
  const PREFIX = "#filter;";
  const remember = function (active) {
    const parts = [];
    for (const facet of facets) {
      const on = facet.boxes.filter(function (b) { return b.checked; }).map(function (b) { return encodeURIComponent(b.value); });
      if (on.length > 0) parts.push(facet.name + "=" + on.join(","));
    }
    if (search.value) parts.push("search=" + encodeURIComponent(search.value));
    try {
      history.replaceState(null, "", active ? PREFIX + parts.join(";") : "#open");
    } catch (e) {
      // A sandboxed frame may not: the filter works, its link is lost.
    }
  };
  const reset = function () {
    for (const facet of facets) {
      for (const b of facet.boxes) b.checked = false;
    }
    search.value = "";
  };
  const decode = function (text) {
    try {
      return decodeURIComponent(text);
    } catch (e) {
      return "";
    }
  };
  const restore = function () {
    const hash = location.hash;
    if (hash.startsWith(PREFIX)) {
      reset();
      for (const part of hash.slice(PREFIX.length).split(";")) {
        const name = part.split("=")[0];
        const values = part.slice(name.length + 1);
        if (name === "search") search.value = decode(values);
        for (const facet of facets) {
          if (facet.name !== name) continue;
          const on = values.split(",").map(decode);
          for (const b of facet.boxes) b.checked = on.includes(b.value);
        }
      }
      apply(false);
      document.getElementById("open").scrollIntoView();
      return;
    }
    const target = hash.length > 1 ? document.getElementById(decode(hash.slice(1))) : null;
    if (!target) return;
    if (target.closest("[hidden]")) {
      reset();
      apply(false);
    }
    reveal(target);
    target.scrollIntoView();
  };

  search.addEventListener("input", function () { apply(true); });
  clear.addEventListener("click", function () {
    reset();
    apply(true);
    search.focus();
  });
  unfold.addEventListener("click", function () {
    const open = unfold.textContent === "Unfold all";
    for (const d of all("details")) d.open = open;
    unfold.textContent = open ? "Fold all" : "Unfold all";
  });
  window.addEventListener("hashchange", restore);
  apply(false);
  restore();
})();
