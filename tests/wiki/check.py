"""Follow every link of a wiki, in each dialect, by rules written down here a second time (formats of the hosts), over
pages that somebody else's parser has read. Samples, and reports in which every text is hostile."""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

try:
    import mwparserfromhell
except ImportError:
    mwparserfromhell = None

KDAUDIT = os.environ["KDAUDIT"]
DIALECTS = ["azure", "bitbucket", "confluence", "github", "gitlab", "mediawiki"]
MARKDOWN = {"azure", "bitbucket", "github", "gitlab"}
CMARK = shutil.which("cmark-gfm")
PAGE_MAX_BYTES = 256 << 10
COUNT = {"passed": 0, "failed": 0, "skipped": 0}

HOSTILE = [
    "a|b||c\\|d \\",
    "[[Home|x]] [t](javascript:x) ![i](http://evil.example/i.png)",
    "{{Template:x|y}} {| |- |} ~~~~ __TOC__ ==h== '''b'''",
    "<script>alert(1)</script><b>&amp;<!-- --> </table>",
    "@octocat #123 !1 GH-1 org/repo#4 :smile: $x^2$ ~label",
    "# h\n\n- l\n> q\n```\nf\n---\n| a | b |",
    "\u202eevil\u2066\u200b\u0007\ufeff",
    "`` ` ``` code",
    "https://evil.example/x www.evil.example mail@evil.example",
    "]]></ac:plain-text-body> ]]> <ac:structured-macro ac:name=\"html\"/>",
    "</nowiki></pre></code></div> <<Macro()>> [[include:x]] RFC 1 ISBN 1",
    "../../etc/passwd %2e%2e/ .. .order _Sidebar Home",
    "::: mermaid\nx\n::: <!-- -->",
]


def result(what, faults):
    """Count one test; show at most five of its faults."""
    COUNT["failed" if faults else "passed"] += 1
    for fault in faults[:5]:
        print(f"wiki-pages: {what}: {fault}")


def skip(n, why):
    COUNT["skipped"] += n
    print(f"wiki-pages: skipped: {why}")


def wiki(source, out, dialect, *more):
    ran = subprocess.run([KDAUDIT, "wiki", source, "-o", out, "--dialect", dialect, "-q", *more],
                         capture_output=True, text=True, check=False)
    return [] if ran.returncode == 0 else [f"exit {ran.returncode}: {ran.stderr[:300]}"]


class Page(html.parser.HTMLParser):
    """What stands on a page that cmark-gfm made HTML of."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.links, self.ids, self.loose, self.code = set(), [], [], [], []
        self.open, self.heading, self.source = [], None, text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        attrs = dict(attrs)
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.heading = ""
        if tag not in ("br", "wbr", "hr", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag[0] == "h" and self.heading is not None and len(tag) == 2:
            self.ids.append(self.heading)
            self.heading = None
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if self.heading is not None:
            self.heading += data
        (self.code if "code" in self.open else self.loose).append(data)


def slug(dialect, text, seen):
    """The id that a host gives a heading."""
    s = "".join(c for c in text.strip().lower() if c.isalnum() or c in "_- ").replace(" ", "-")
    if dialect in ("gitlab", "bitbucket"):
        s = re.sub("-+", "-", s)
    n = seen.get(s, 0)
    seen[s] = n + 1
    return ("markdown-header-" if dialect == "bitbucket" else "") + (f"{s}-{n}" if n else s)


def target_file(dialect, target):
    """The file that a link's page is in."""
    if dialect in ("azure", "gitlab"):
        return target[1:] + ".md" if target.startswith("/") else None
    return target + ".md" if "/" not in target else None


ELEMENTS = {"p", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "pre", "strong", "em", "ul",
            "ol", "li", "blockquote", "wbr", "br", "details", "summary"}
# Published pages of the catalog; everything else that looks like a link to another host came from data.
KNOWN = ("https://docs.aws.amazon.com/", "https://www.cisecurity.org/", "https://csrc.nist.gov/", "https://www.iso.org/",
         "https://www.aicpa", "https://www.pcisecuritystandards.org/", "https://docs.example/")
LIVE = re.compile(r"(?<![\w&])[@#!$~%^&](?=[A-Za-z0-9\"_])|(?<!\S):[a-z]+:")


def outside_fences(text):
    fence = None
    for line in text.split("\n"):
        mark = re.match(r" *(`{3,})", line)
        if fence:
            fence = None if mark and len(mark[1]) >= fence and line.strip(" `") == "" else fence
        elif mark:
            fence = len(mark[1])
        else:
            yield line


def bars(line):
    """Cells of a table row, as GFM cuts them: at bars that no backslash escapes."""
    return len(re.findall(r"(?<!\\)\|", line.rstrip()))


def check_markdown(dialect, folder, paths):
    pages, faults = {}, []
    for path in paths:
        text = open(os.path.join(folder, path), encoding="utf-8").read()
        if not text.startswith("[//]: # (Written by kdaudit."):
            faults.append(f"{path} does not say who wrote it")
        columns = 0
        for line in outside_fences(text):
            if ("[[" in line and line != "[[_TOC_]]") or "<<" in line:
                faults.append(f"{path}: live token in {line[:120]}")
            if line.startswith("|"):
                columns = columns or bars(line)
                if bars(line) != columns:
                    faults.append(f"{path}: {bars(line)} bars, not {columns}: {line[:160]}")
            else:
                columns = 0
        if CMARK:
            made = subprocess.run([CMARK, "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e",
                                   "tagfilter", os.path.join(folder, path)], capture_output=True, text=True, check=True)
            pages[path] = Page(made.stdout)
    ids = {}
    for path, page in pages.items():
        seen = {}
        ids[path] = {slug(dialect, h, seen) for h in page.ids}
        if any(n > 1 for n in seen.values()):
            faults.append(f"{path}: a heading stands twice: {[s for s in seen if seen[s] > 1][:3]}")
        for element in page.elements - ELEMENTS:
            faults.append(f"{path}: element {element}")
        for loose in page.loose:
            for live in LIVE.finditer(loose):
                faults.append(f"{path}: live {live[0]!r} in {loose[:100]!r}")
    reached, todo = set(), [next(iter(paths))]
    while pages and todo:
        path = todo.pop()
        if path in reached:
            continue
        reached.add(path)
        for link in pages[path].links:
            if link.startswith(KNOWN):
                continue
            name, _, anchor = link.partition("#")
            file = target_file(dialect, name) if name else path
            if file not in pages:
                faults.append(f"{path}: leads nowhere: {link}")
                continue
            if anchor and anchor not in ids[file]:
                faults.append(f"{path}: no such heading: {link}")
            todo.append(file)
    for path in set(pages) - reached:
        if "idebar" not in path:
            faults.append(f"{path}: no link leads there")
    return faults, {p: "".join(pages[p].code + pages[p].loose) for p in pages}


AC, RI = "{http://www.atlassian.com/schema/confluence/4/ac/}", "{http://www.atlassian.com/schema/confluence/4/ri/}"
STORAGE = {"p": set(), "h2": set(), "h3": set(), "h4": set(), "table": set(), "tbody": set(), "tr": set(), "th": set(),
           "td": set(), "a": {"href"}, "code": set(), "pre": set(), "strong": set(), "em": set(), "ul": set(), "ol": set(),
           "li": set(), "br": set(), "blockquote": set(), AC + "structured-macro": {AC + "name"}, AC + "parameter": {AC + "name"},
           AC + "plain-text-body": set(), AC + "rich-text-body": set(), AC + "link": {AC + "anchor"}, AC + "link-body": set(), RI + "page": {RI + "content-title"}}


def check_confluence(folder, listed):
    faults, trees, anchors = [], {}, {}
    for page in listed:
        text = open(os.path.join(folder, page["path"]), encoding="utf-8").read()
        title = page["title"]
        if not title.startswith("kdaudit / "):
            faults.append(f"{title} has no prefix")
        trees[title] = ET.fromstring(f'<r xmlns:ac="{AC[1:-1]}" xmlns:ri="{RI[1:-1]}">{text}</r>')
        found = [m.find(AC + "parameter").text for m in trees[title].iter(AC + "structured-macro")
                 if m.get(AC + "name") == "anchor"]
        anchors[title] = set(found)
        if len(found) != len(set(found)):
            faults.append(f"{title}: an anchor stands twice")
        if len(title) > 255:
            faults.append(f"{title}: too long")
    for title, tree in trees.items():
        for e in list(tree.iter())[1:]:
            if e.tag not in STORAGE or set(e.attrib) - STORAGE.get(e.tag, set()):
                faults.append(f"{title}: {e.tag} {e.attrib}")
            if e.tag == AC + "structured-macro" and e.get(AC + "name") not in ("status", "code", "anchor", "expand", "toc"):
                faults.append(f"{title}: macro {e.get(AC + 'name')}")
            if e.tag == "a" and not e.get("href").startswith(KNOWN):
                faults.append(f"{title}: link to {e.get('href')}")
            if e.tag != AC + "link":
                continue
            to = e.find(RI + "page")
            to = title if to is None else to.get(RI + "content-title")
            if to not in trees or (e.get(AC + "anchor") and e.get(AC + "anchor") not in anchors[to]):
                faults.append(f"{title}: leads nowhere: {to}#{e.get(AC + 'anchor')}")
    return faults, {t: "".join(tree.itertext()) for t, tree in trees.items()}


TAGS = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "span", "br", "blockquote", "table", "tr", "td", "th", "b",
        "i", "hr"}


def check_mediawiki(folder, listed):
    faults, anchors, texts = [], {}, {}
    for page in listed:
        title = page["title"]
        texts[title] = open(os.path.join(folder, page["path"]), encoding="utf-8").read()
        found = re.findall(r'<span id="([^"]*)"></span>', texts[title])
        anchors[title] = {re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), a) for a in found}
        if "Kdaudit/" + page["path"] != title.replace(" ", "_") + ".wiki" or re.search(r"[#<>\[\]|{}_]", title):
            faults.append(f"{title}: cannot be called so")
        if len(found) != len(set(found)):
            faults.append(f"{title}: an anchor stands twice")
    for title, text in texts.items():
        links = re.findall(r"\[\[([^\]|\[]+)\|[^\]\[]*\]\]", text)
        if text.count("[[") != len(links) or text.count("]]") != len(links):
            faults.append(f"{title}: brackets are not those of links")
        for line in re.sub(r"<pre>.*?</pre>", "", text, flags=re.S).split("\n"):
            if re.match(r"[ :;#]", line) or "~~~" in line or "__" in line or "{{" in line:
                faults.append(f"{title}: live wikitext: {line[:100]}")
        for url in re.findall(r"\[(https?:[^\s\]]*)", text) + re.findall(r"(?<!\[)https?://\S+", text):
            if not url.startswith(KNOWN):
                faults.append(f"{title}: link to {url}")
        if mwparserfromhell:
            code = mwparserfromhell.parse(text)
            if code.filter_templates() or code.filter_arguments() or code.filter_comments():
                faults.append(f"{title}: templates {code.filter_templates()[:2]}")
            for tag in code.filter_tags():
                if str(tag.tag).strip() not in TAGS:
                    faults.append(f"{title}: tag {tag.tag}")
            if [str(x.title) for x in code.filter_wikilinks()] != links:
                faults.append(f"{title}: the parser sees other links")
        for link in links:
            to, _, anchor = link.partition("#")
            to = to or title
            if to not in texts or (anchor and anchor not in anchors[to]):
                faults.append(f"{title}: leads nowhere: {link}")
    plain = re.compile(r"&#(\d+);")
    return faults, {t: plain.sub(lambda m: chr(int(m[1])), x) for t, x in texts.items()}


def listing(folder):
    with open(os.path.join(folder, ".kdaudit-wiki.json"), encoding="utf-8") as f:
        return json.load(f)["pages"]


def files(folder):
    return {os.path.relpath(os.path.join(d, n), folder): open(os.path.join(d, n), "rb").read()
            for d, _, names in os.walk(folder) for n in names}


def visible(text):
    """A value as every page must show it: nothing invisible (one that stays on a line)."""
    out = []
    for c in text:
        n = ord(c)
        if n < 0x20 or n == 0x7F:
            out.append(chr(0x2421 if n == 0x7F else 0x2400 + n))
        elif n in (0xAD, 0x61C, 0xFEFF) or 0x200B <= n <= 0x200F or 0x2028 <= n <= 0x202E or 0x2060 <= n <= 0x206F:
            out.append(f"<U+{n:04X}>")
        else:
            out.append(c)
    return "".join(out)


def check(what, source, scratch, names=(), dialects=tuple(DIALECTS), twice=True):
    for dialect in dialects:
        out = os.path.join(scratch, f"{what}-{dialect}")
        faults = wiki(source, out, dialect, "--threads", "1")
        if faults:
            result(f"{what} {dialect}", faults)
            continue
        listed = [p for p in listing(out) if not p["path"].endswith(".order")]
        if dialect in MARKDOWN:
            faults, texts = check_markdown(dialect, out, [p["path"] for p in listed])
        elif dialect == "confluence":
            faults, texts = check_confluence(out, listed)
        else:
            faults, texts = check_mediawiki(out, listed)
        everything = "\n".join(texts.values())
        if texts:
            faults += [f"{n!r} does not come back" for n in names if visible(n) not in everything]
        lower = [p["path"].lower() for p in listed]
        if len(lower) != len(set(lower)):
            faults.append("two files differ by case alone")
        for path, data in files(out).items():
            if len(data) > PAGE_MAX_BYTES and path != ".kdaudit-wiki.json":
                faults.append(f"{path} has {len(data)} bytes")
        if dialect in MARKDOWN and not CMARK:
            skip(1, f"{what} {dialect}: no cmark-gfm (apt-get install cmark-gfm)")
        else:
            result(f"{what} {dialect}", faults)
        if dialect == "mediawiki" and not mwparserfromhell:
            skip(1, f"{what}: no mwparserfromhell (apt-get install python3-mwparserfromhell)")
        if not twice:
            continue
        # The same bytes with more threads; and a second run finds nothing to write.
        again = out + "-again"
        faults = wiki(source, again, dialect, "--threads", "4")
        before = files(out)
        if not faults and files(again) != before:
            faults.append("other bytes in another run")
        stamps = {p: os.stat(os.path.join(out, p)).st_mtime_ns for p in before}
        faults += wiki(source, out, dialect)
        if {p: os.stat(os.path.join(out, p)).st_mtime_ns for p in files(out)} != stamps:
            faults.append("a second run writes")
        result(f"{what} {dialect} again", faults)


def rights_of(source):
    """What a report says of who may touch applications and of policies that roles should have: the first names of each row,
    and the lines of the differences."""
    ran = subprocess.run([KDAUDIT, "report", source, "-f", "json", "-o", "-", "--exit-zero"], capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)
    names = {h["name"] for row in report["access"] for h in row["holders"][:2]}
    lines = {line for p in report["proposals"] for line in p["diff"].split("\n")}
    return sorted(names | lines | {p["command"] for p in report["proposals"]})


def check_order(folder):
    """Azure's .order files name the pages of their folder, each once, the first page first."""
    faults = []
    for d, folders, names in os.walk(folder):
        pages = {n[:-3] for n in names if n.endswith(".md")}
        order = open(os.path.join(d, ".order"), encoding="utf-8").read().split()
        if sorted(order) != sorted(pages):
            faults.append(f"{d}: {sorted(pages ^ set(order))}")
        if not set(folders) <= pages:
            faults.append(f"{d}: a folder without a page")
        if d == folder and order[0] != "Home":
            faults.append(f"first is {order[0]}")
        faults += [f"{d}/{n} is too long" for n in names if len(os.path.relpath(os.path.join(d, n), folder)) > 235]
    return faults


def check_time(scratch):
    """A day later only the first page (and the list of hashes) is another."""
    early, late = os.path.join(scratch, "early"), os.path.join(scratch, "late")
    faults = wiki("samples/quickstart", early, "github", "--as-of", "2026-11-20T10:00:00Z")
    faults += wiki("samples/quickstart", late, "github", "--as-of", "2026-11-21T10:00:00Z")
    a, b = files(early), files(late)
    changed = {p for p in a if a[p] != b.get(p)}
    return faults + [f"{p} has the time" for p in changed - {"Home.md", ".kdaudit-wiki.json"}]


def hostile_results(turn, report):
    """A results.json with hostile words in every text that evidence or people may have written, one after another."""
    count = [turn]
    arns = {s["arn"]: s["arn"] + "/" + HOSTILE[i % len(HOSTILE)] for i, s in enumerate(report["subjects"])}

    def walk(node, key):
        if isinstance(node, dict):
            return {k: walk(v, k) for k, v in node.items()}
        if isinstance(node, list):
            return [walk(v, key) for v in node]
        if isinstance(node, str) and node in arns:
            return arns[node]
        if key == "reason" and node in ("absent", "denied", "truncated", "stale", "invalid", "foreign", "undecided"):
            return node
        if isinstance(node, str) and key in ("name", "message", "actual", "expected", "command", "pointer", "text", "path", "why",
                                             "reason", "by", "who", "ip", "event", "outcome", "runtime", "status", "region",
                                             "title", "help", "value", "framework", "via", "diff", "not_known", "unproved"):
            count[0] += 1
            return node + HOSTILE[count[0] % len(HOSTILE)]
        return node
    return walk(report, "")


def hostile_evidence(folder):
    """The quickstart, with an application whose name no host would take."""
    name = 'a|b [[c|d]] <b>&@me #1 {{e}} :f: "g" \u202eh'
    in_file = "".join(c if c.isalnum() and c.isascii() or c == "-" else "".join(f"_{b:02X}" for b in c.encode()) for c in name)
    in_json = json.dumps(name)[1:-1]
    for d, _, names in os.walk("samples/quickstart"):
        to = os.path.join(folder, os.path.relpath(d, "samples/quickstart"))
        os.makedirs(to, exist_ok=True)
        for n in names:
            text = open(os.path.join(d, n), encoding="utf-8").read()
            for before in ("application/", '"ApplicationName": "'):
                text = text.replace(before + "orders-flink\"", before + in_json + '"')
            with open(os.path.join(to, n.replace("~orders-flink.", f"~{in_file}.").replace("~orders-flink~", f"~{in_file}~")), "w",
                      encoding="utf-8") as f:
                f.write(text)
    return name


def many_results(report):
    """Applications and accounts enough for lists in parts: most in one account, that share roles; many evidence files."""
    apps, accounts = 280, 55
    check_of = {c["subject_type"]: c["id"] for control in report["controls"] for c in control["checks"]}
    many = {k: report[k] for k in ("kdaudit", "format", "version", "as_of", "catalog", "controls", "evidence_sha256", "params")}
    many.update(subjects=[], applications=[], evidence=[], access=[], applications_listed=apps)

    def failed(kind, message):
        return [{"check": check_of[kind], "result": "fail", "disposition": "open", "message": "because", "findings": [{"message": message}]}]

    for i in range(apps):
        account = f"{100000000000 + (i if i < accounts else 0):012d}"
        place = {"account": account, "region": "us-east-1"}
        app, role = f"arn:aws:kinesisanalytics:us-east-1:{account}:application/app-{i}", f"arn:aws:iam::{account}:role/role-{i // 3}"
        if all(s["arn"] != role for s in many["subjects"]):
            many["subjects"].append({"type": "role", "arn": role, "name": f"role-{i // 3}", "links": [], **place,
                                     "tests": failed("role", "because " * 90)})
        many["subjects"].append({"type": "application", "arn": app, "name": f"app-{i}", "links": [{"name": "role", "to": role}], **place,
                                 "tests": failed("application", "because")})
        many["applications"].append({"subject": app, "described": True})
        many["access"].append({"account": place["account"], "actions": "UpdateApplication", "code": True, "all": True, "pass": "any",
                               "holders": [{"arn": role, "kind": "role", "name": f"role-{i // 3}", "via": "policy"}]})
        many["evidence"].append({"number": i, "path": f"{account}/{i}.json", "sha256": f"{i:064x}", "state": "answer", **place})
    return many


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for sample in ("quickstart", "organization"):
            check(sample, f"samples/{sample}", scratch, rights_of(f"samples/{sample}"))
            result(f"{sample} .order", check_order(os.path.join(scratch, f"{sample}-azure")))
        result("time", check_time(scratch))
        waivers = os.path.join(scratch, "waivers.json")
        subprocess.run([KDAUDIT, "waive", "KDA-3.9", "*", "-w", waivers, "--reason", "since", "--approver", "A", "--ticket", "T-1",
                        "--until", "2027-01-31"], check=True)
        subprocess.run([KDAUDIT, "report", "samples/quickstart", "-f", "json", "-o", scratch, "-q", "--exit-zero", "-w", waivers],
                       check=True, stderr=subprocess.DEVNULL)
        report = json.load(open(os.path.join(scratch, "results.json"), encoding="utf-8"))
        path = os.path.join(scratch, "many.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(many_results(report), f)
        check("many", path, scratch, ["176 rows with lesser rights are in the HTML report"], dialects=("azure", "confluence", "mediawiki"), twice=False)
        result("many .order", check_order(os.path.join(scratch, "many-azure")))
        kinds = {re.sub("[0-9]{2,}", "N", p["title"]) for p in listing(os.path.join(scratch, "many-azure"))}
        result("many pages", [f"no {k}" for k in ("Accounts", "Applications N", "Applications N 2", "Findings N", "Findings N 2",
                                                  "Evidence N", "Evidence N", "Resources N", "Resources N 2") if k not in kinds])
        evidence = os.path.join(scratch, "evidence")
        check("hostile-evidence", evidence, scratch, [hostile_evidence(evidence)])
        for turn in range(2):
            path = os.path.join(scratch, f"hostile-{turn}.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump(hostile_results(turn, report), f)
            check(f"hostile-{turn}", path, scratch, HOSTILE, twice=turn == 0)
    print("wiki-pages: {passed} passed, {failed} failed, {skipped} skipped".format(**COUNT))
    return COUNT["failed"] > 0


sys.exit(main())
