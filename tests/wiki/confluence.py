"""A Confluence of a few lines: pages, their versions and properties, as samples/wiki/publish-confluence asks for them.
Publishes to it, and looks at what came."""
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

KDAUDIT = os.environ["KDAUDIT"]


class Confluence(http.server.BaseHTTPRequestHandler):
    pages, calls = {}, []

    def log_message(self, *args):
        pass

    def answer(self, body, code=200):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        found = [p for p in self.pages.values() if [p["title"]] == query["title"] and query["spaceKey"] == ["SEC"]]
        self.answer({"results": found})

    def do_POST(self):
        self.calls.append("POST")
        parts, body = self.path.split("/"), self.body()
        if parts[-1] == "property":
            self.pages[parts[-2]]["metadata"]["properties"]["kdaudit"] = body
            return self.answer(body)
        if any(p["title"] == body["title"] for p in self.pages.values()) or body["version"]["number"] != 1:
            return self.answer({"message": "title is taken"}, 400)
        body.update(id=str(100 + len(self.pages)), metadata={"properties": {}})
        self.pages[body["id"]] = body
        return self.answer(body)

    def do_PUT(self):
        self.calls.append("PUT")
        parts, body = self.path.split("/"), self.body()
        if parts[-2] == "property":
            page = self.pages[parts[-3]]
            if body["version"]["number"] != page["metadata"]["properties"]["kdaudit"]["version"]["number"] + 1:
                return self.answer({"message": "version"}, 409)
            page["metadata"]["properties"]["kdaudit"] = body
            return self.answer(body)
        page = self.pages[parts[-1]]
        if body["version"]["number"] != page["version"]["number"] + 1:
            return self.answer({"message": "version"}, 409)
        page.update(body)
        return self.answer(page)

    def do_DELETE(self):
        self.calls.append("DELETE")
        del self.pages[self.path.split("/")[-1]]
        self.answer({})


def main():
    count, bad = {True: 0, False: 0}, "wiki-confluence: {}"

    def hold(what, true):
        count[bool(true)] += 1
        if not true:
            print(bad.format(what))
    if not shutil.which("curl") or not shutil.which("jq"):
        print("wiki-confluence: skipped: no curl or no jq (apt-get install curl jq)")
        print("wiki-confluence: 0 passed, 0 failed, 1 skipped")
        return 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Confluence)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages, calls = Confluence.pages, Confluence.calls
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "pages")

        def make(sample):
            subprocess.run([KDAUDIT, "wiki", sample, "-o", out, "--dialect", "confluence", "-q"], check=True,
                           stderr=subprocess.DEVNULL)

        def publish(**env):
            calls.clear()
            env = dict(os.environ, CONFLUENCE_URL=f"http://127.0.0.1:{server.server_port}/wiki", CONFLUENCE_SPACE="SEC",
                       CONFLUENCE_USER="me", CONFLUENCE_TOKEN="secret", no_proxy="127.0.0.1", **env)
            return subprocess.run(["samples/wiki/publish-confluence", out], env=env, capture_output=True, text=True, check=False)

        make("samples/quickstart")
        ran = publish()
        listed = json.load(open(os.path.join(out, ".kdaudit-wiki.json"), encoding="utf-8"))["pages"]
        titles = {p["title"]: p for p in pages.values()}
        hold(f"first run: {ran.stderr}", ran.returncode == 0 and set(titles) == {p["title"] for p in listed})
        hold("pages stand below their parents", all(
            not p.get("parent") or titles[p["title"]]["ancestors"][0]["id"] == titles[p["parent"]]["id"] for p in listed))
        hold("bodies are the files", all(titles[p["title"]]["body"]["storage"]["value"] ==
                                         open(os.path.join(out, p["path"]), encoding="utf-8").read() for p in listed))
        ran = publish()
        hold(f"second run writes nothing: {calls} {ran.stderr}", ran.returncode == 0 and not calls)
        # Somebody changes a page; the evidence changes too.
        home = titles["kdaudit / Home"]
        home["version"] = {"number": 2}
        make("samples/hardened")
        ran = publish()
        hold(f"a changed page is left alone: {ran.stderr}", ran.returncode == 73 and "kdaudit / Home" in ran.stderr
             and home["version"]["number"] == 2 and "PUT" in calls)
        ran = publish(FORCE="1")
        hold(f"or written over: {ran.stderr}", ran.returncode == 0 and home["version"]["number"] == 3)
        # What vanished goes only when asked to.
        results = os.path.join(scratch, "results.json")
        subprocess.run([KDAUDIT, "report", "samples/hardened", "-f", "json", "-o", scratch, "-q"], check=True)
        text = open(results, encoding="utf-8").read().replace('"111122223333"', '"999988887777"')
        with open(results, "w", encoding="utf-8") as f:
            f.write(text)
        make(results)
        ran = publish()
        gone = [p["title"] for p in json.load(open(os.path.join(out, ".kdaudit-wiki.json"), encoding="utf-8"))["pages"] if p.get("gone")]
        now = {p["title"] for p in pages.values()}
        hold(f"vanished pages stay: {ran.stderr}", len(gone) >= 2 and set(gone) <= now)
        ran = publish(PRUNE="1")
        hold(f"or go: {ran.stderr}", ran.returncode == 0 and not set(gone) & {p["title"] for p in pages.values()})
    server.shutdown()
    print(f"wiki-confluence: {count[True]} passed, {count[False]} failed, 0 skipped")
    return count[False] > 0


sys.exit(main())
