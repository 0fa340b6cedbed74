// Opens the reports in DIR (one/, many/, split/) in headless Chromium and tries what a reader does: look, filter,
// search, sort, follow links, print, and all that without script. Ends with "browser: N passed, N failed, N skipped".
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const folder = process.argv[2];
const one = "file://" + join(folder, "one/report.html");
const many = "file://" + join(folder, "many/report.html");
const results = JSON.parse(readFileSync(join(folder, "one/results.json"), "utf8"));
let passed = 0, failed = 0, skipped = 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// A page with a list of everything that it did and should not have done.
async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("request", (r) => { if (!r.isNavigationRequest() || !r.url().startsWith("file://")) wrong.push("request " + r.url()); });
  page.on("console", (m) => wrong.push("console: " + m.text()));
  page.on("pageerror", (e) => wrong.push("error: " + e.message));
  await page.goto(url);
  return { page, wrong, close: () => context.close() };
}

function equal(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

async function test(name, url, options, run) {
  let tab;
  try {
    tab = await open(url, options);
    const note = await run(tab.page);
    equal(tab.wrong, [], "requests, console messages and errors");
    if (note === "skipped") skipped += 1;
    else passed += 1;
  } catch (e) {
    failed += 1;
    console.log(`FAILED ${name}: ${e.message}`);
  } finally {
    if (tab) await tab.close();
  }
}

const shown = (page) => page.getByRole("status").textContent();
const visible = (page) => page.evaluate(() => new Set(Array.from(document.querySelectorAll("[data-f]:not([hidden])"), (e) => e.dataset.test || e.id)).size);
const tests = results.subjects.flatMap((s) => s.tests ?? []);
const total = tests.length;
const failing = tests.filter((t) => t.result === "fail" && (t.disposition ?? "open") === "open").length;

// Of a split report one page of each kind: the others are made of the same parts.
const kinds = new Map(readdirSync(join(folder, "split")).sort().map((f) => [f.split("-")[0], f]));
const reports = [["one", one], ...Array.from(kinds.values(), (f) => ["split " + f, "file://" + join(folder, "split", f)])];
for (const [name, url] of reports) {
  for (const colorScheme of ["light", "dark"]) {
    await test(`${name}: no accessibility fault, ${colorScheme}`, url, { colorScheme }, async (page) => {
      await page.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
      await page.evaluate(axe.source);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      equal(found.violations.map((v) => `${v.id}: ${v.nodes.length} like ${v.nodes[0].html.slice(0, 160)}: ${v.nodes[0].failureSummary}`), [], "axe");
    });
  }
  await test(`${name}: fits a narrow screen`, url, { viewport: { width: 400, height: 800 } }, async (page) => {
    equal(await page.evaluate(() => document.documentElement.scrollWidth), 400, "width");
  });
  await test(`${name}: links within the page lead somewhere`, url, {}, async (page) => {
    const dead = await page.evaluate(() => Array.from(document.querySelectorAll('a[href^="#"]'), (a) => a.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)));
    equal(dead, [], "dead links");
  });
}

await test("filter by result", one, {}, async (page) => {
  equal(await shown(page), `${total} of ${total} tests shown`, "before");
  await page.getByLabel(/^fail/).check();
  equal(await shown(page), `${failing} of ${total} tests shown`, "failed");
  equal(await visible(page), failing, "elements");
  equal(await page.evaluate(() => location.hash), "#filter;result=fail", "hash");
  await page.reload();
  equal(await shown(page), `${failing} of ${total} tests shown`, "after reload");
  equal(await page.getByLabel(/^fail/).isChecked(), true, "box after reload");
  await page.getByRole("button", { name: "Show all" }).click();
  equal(await shown(page), `${total} of ${total} tests shown`, "all again");
});

await test("search", one, {}, async (page) => {
  await page.getByRole("searchbox", { name: "Search" }).fill("orders-lake kda-3");
  const n = await visible(page);
  if (n === 0 || n >= total) throw new Error(`search shows ${n}`);
  equal(await shown(page), `${n} of ${total} tests shown`, "status");
  await page.reload();
  equal(await page.getByRole("searchbox", { name: "Search" }).inputValue(), "orders-lake kda-3", "text after reload");
  equal(await visible(page), n, "shown after reload");
  await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
  equal(await shown(page), `0 of ${total} tests shown`, "nothing found");
});

await test("filter by severity, control and application", many, {}, async (page) => {
  const all = await visible(page);
  let last = all;
  for (const title of ["Severity", "Control", "Application", "Account"]) {
    const group = page.getByRole("group", { name: title });
    await group.getByRole("checkbox").first().check();
    const n = await visible(page);
    if (n >= last) throw new Error(`${title} leaves ${n} of ${last}`);
    last = n;
  }
  await page.reload();
  equal(await visible(page), last, "after reload");
});

await test("a link to a hidden, folded test shows it", one, {}, async (page) => {
  const id = await page.evaluate(() => document.querySelector('details tr[data-f^="pass "]').id);
  await page.getByLabel(/^fail/).check();
  await page.evaluate((to) => { location.hash = "#" + to; }, id);
  await page.locator("#" + id).waitFor({ state: "visible", timeout: 2000 });
});

await test("sort", one, {}, async (page) => {
  const head = page.locator("#evidence th", { hasText: "Size" });
  const sizes = () => page.evaluate(() => Array.from(document.querySelectorAll("#evidence td:nth-child(4)"), (td) => parseInt(td.textContent) * { bytes: 1, kB: 1e3, MB: 1e6 }[td.textContent.split(" ")[1]]));
  await head.getByRole("button").click();
  equal(await head.getAttribute("aria-sort"), "ascending", "aria-sort");
  equal(await sizes(), (await sizes()).sort((x, y) => x - y), "ascending");
  await head.getByRole("button").click();
  equal(await sizes(), (await sizes()).sort((x, y) => y - x), "descending");
});

await test("keyboard: skip link first, folded parts open", one, {}, async (page) => {
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the report", "first stop");
  const summary = page.locator("summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  equal(await summary.evaluate((e) => e.parentElement.open), true, "open");
});

await test("everything is there without script", one, { javaScriptEnabled: false }, async (page) => {
  equal(await page.locator("[id^='t-']").count(), total, "tests");
  equal(await page.locator("input, button, select").count(), 0, "controls without use");
  const text = await page.locator("main").textContent();
  for (const t of tests)
    for (const part of [t.check, ...(t.findings ?? []).map((f) => f.message ?? "")])
      if (part && /^[ -~]*$/.test(part) && !text.includes(part)) throw new Error(`missing: ${part}`);
  for (const e of results.evidence) if (!text.includes(e.sha256)) throw new Error(`missing: ${e.path}`);
  for (const t of await page.locator("article.test").all()) if (!(await t.isVisible())) throw new Error("an open test is folded away");
});

// What artifact servers do: neither style nor script.
await test("it reads well without style", one, { javaScriptEnabled: false }, async (page) => {
  const bare = readFileSync(new URL(one), "utf8").replace(/<style>[^]*?<\/style>/, "").replace(/<meta http-equiv[^>]*>/, "");
  await page.setContent(bare);
  const text = await page.locator("main").innerText();
  if (!/\bfail\b/.test(text.slice(0, 300))) throw new Error("the verdict is not at the top");
});

await test("print", one, {}, async (page) => {
  await page.emulateMedia({ media: "print" });
  const style = await page.evaluate(() => {
    const of = (selector, name) => Array.from(document.querySelectorAll(selector), (e) => getComputedStyle(e)[name]);
    return {
      rows: of("tr", "breakInside").filter((v) => v !== "avoid").length,
      heads: of("thead", "display").filter((v) => v !== "table-header-group").length,
      filter: of(".filter, .top", "display").filter((v) => v !== "none").length,
    };
  });
  equal(style, { rows: 0, heads: 0, filter: 0 }, "print style");
  const where = mkdtempSync(join(tmpdir(), "kdaudit-print-"));
  try {
    const file = join(where, "report.pdf");
    writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
    const pages = (readFileSync(file, "latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
    if (pages === 0) throw new Error("no page");
    let text;
    try {
      text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8", maxBuffer: 1 << 26 });
    } catch {
      console.log("browser: skipped: repeated table heads in the PDF (apt-get install poppler-utils)");
      return "skipped";
    }
    const sheets = text.split("\f").slice(0, -1);
    const rows = sheets.filter((s) => /\.json\b.*\d{4}-\d\d-\d\dT\d\d:\d\d/.test(s));
    if (rows.length < 2) throw new Error("the evidence table is on fewer than two sheets");
    for (const s of rows) if (!/SHA-256\s+Collected/.test(s)) throw new Error("a sheet of the evidence table has no head");
    for (const m of tests.flatMap((t) => t.findings ?? []).map((f) => (f.message ?? "").split(" ")[0])) if (!text.includes(m)) throw new Error(`not printed: ${m}`);
  } finally {
    rmSync(where, { recursive: true });
  }
});

// The picture in README.md, of the summary and an application: PICTURE=samples/report.png tests/browser/run, then
// pngquant --ext .png -f samples/report.png.
if (process.env.PICTURE) {
  const tab = await open(one, { viewport: { width: 1040, height: 1034 }, deviceScaleFactor: 0.8 });
  await tab.page.evaluate(() => { for (const e of document.querySelectorAll("#matrix, #open, #checks, #controls, #applications > h2, .top")) e.hidden = true; });
  await tab.page.screenshot({ path: process.env.PICTURE });
  await tab.close();
}
await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
