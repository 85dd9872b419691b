"""Real servers on this machine, a small site to deploy to them, and a proxy that fails requests."""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

PROGRAM = os.environ.get("DHIKRA", "target/release/dhikra")
KEY = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s3cr3t/of+nobody"}
TEMPLATE = '<!doctype html><html lang="ar" dir="rtl"><title>{{ page.title }}</title>\
<link rel="stylesheet" href="{{ asset(path="main.css") }}">{{ page.content }}\n'


def port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def wait_for(number, process, seconds=60):
    for _ in range(seconds * 10):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} does not listen")


@contextlib.contextmanager
def server(number, *arguments, **options):
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log, **options)
        try:
            wait_for(number, process)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def program(name):
    """A program beside this Python, as `pip` installs them, or on the path."""
    beside = pathlib.Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not installed")
    return found


class Site:
    """A site with pages in Arabic that link to each other, a style sheet and a picture."""

    def __init__(self, folder, target, base_url="https://example.org/"):
        self.root = pathlib.Path(folder)
        self.write("themes/bare/theme.toml", 'name = "bare"\n')
        for name in ("home", "section", "page"):
            self.write(f"themes/bare/templates/{name}.html", TEMPLATE)
        self.write("site.toml", f'base_url = "{base_url}"\ntheme = "bare"\n[languages.ar]\ntitle = "موقع"\n'
                   f"[output]\nlinked_data = false\n[targets.web]\n{target}\n")
        self.write("static/صورة.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
        self.first()

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def page(self, name, title, text="نص."):
        self.write(f"content/{name}.md", f'---\ntitle: "{title}"\n---\n{text}\n')

    def first(self):
        (self.root / "content/جديدة.md").unlink(missing_ok=True)
        self.write("themes/bare/assets/main.css", "p { color: red }")
        self.page("_index", "الرئيسية", "[[صفحة-1]]")
        for n in range(1, 9):
            self.page(f"صفحة-{n}", f"صفحة {n}", "الأول.")

    def second(self):
        """Other pages, another style sheet, a page more and one less."""
        self.write("themes/bare/assets/main.css", "p { color: blue }")
        self.page("_index", "الرئيسية", "[[صفحة-1]] [[جديدة]]")
        self.page("صفحة-1", "صفحة 1", "الثاني. [[جديدة]]")
        self.page("صفحة-2", "صفحة 2", "الثاني.")
        self.page("جديدة", "جديدة", "الثاني. [[صفحة-2]]")
        (self.root / "content/صفحة-8.md").unlink(missing_ok=True)

    def many(self, number):
        for n in range(number):
            self.page(f"كثير/صفحة-{n}", f"صفحة {n}")
        self.page("كثير/_index", "كثير")

    def run(self, *arguments, env=None, code=0):
        """Runs the program; gives its lines of JSON. It may never show a secret."""
        base = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "NO_COLOR": "1"}
        self.process = subprocess.Popen([PROGRAM, *arguments, "--root", self.root, "--message-format", "json"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**base, **KEY, **(env or {})})
        out, said = self.process.communicate(timeout=600)
        done, shown = self.process, out + said
        for secret in (KEY["AWS_SECRET_ACCESS_KEY"], *(env or {}).get("SECRETS", "").split()):
            assert secret not in shown, "a secret is shown"
        assert code is None or done.returncode == code, f"{arguments}: {done.returncode}\n{shown}"
        self.code = done.returncode
        return [json.loads(line) for line in out.splitlines()], shown

    def deploy(self, *arguments, **options):
        lines, shown = self.run("deploy", "--yes", *arguments, **options)
        return lines[-1].get("summary") if lines else None

    def rollback(self, *arguments, **options):
        return self.run("rollback", "--yes", *arguments, **options)[0][-1].get("summary")

    def releases(self, **options):
        return self.run("releases", **options)[0][0]["releases"]

    def built(self):
        """What a build of the site gives, by path."""
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([PROGRAM, "build", "--root", self.root, "--out", out], check=True, capture_output=True)
            return tree(out)


def tree(folder):
    folder = pathlib.Path(folder)
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {path: data for path, data in found.items() if not path.startswith(".dhikra/")}


def without_old_assets(served, wanted):
    return {path: data for path, data in served.items() if not path.startswith("assets/") or path in wanted}


def check_whole(served, old, new):
    """Every page is as before or as it will be, and what it names is there."""
    wrong = []
    for path, data in served.items():
        if not path.endswith(".html"):
            continue
        if data not in (old.get(path), new.get(path)):
            wrong.append(f"{path} is neither old nor new")
        for part in data.decode().replace("src=", "href=").split('href="')[1:]:
            url = part.split('"')[0].removeprefix("https://example.org")
            if not url.startswith("/"):
                continue
            needed = urllib.parse.unquote(url.split("#")[0]).lstrip("/")
            needed += "index.html" if needed == "" or needed.endswith("/") else ""
            if needed not in served:
                wrong.append(f"{path} needs {needed}")
    assert not wrong, wrong


class Fault(http.server.ThreadingHTTPServer):
    """A proxy before a store: counts requests, and fails the one that it is told to.

    `how` is `refuse` (503, without asking), `cut` (the connection is closed, without asking), `lose` (asked, and the
    answer is cut), `late` (asked after a second). From `at` on, or once. With `kill` the program is killed before
    the request is passed on, with `kill late` after it was answered.
    """

    daemon_threads = True

    def __init__(self, to):
        super().__init__(("127.0.0.1", 0), Handler)
        self.to, self.count, self.log, self.turn = to, 0, [], threading.Lock()
        self.at, self.how, self.once, self.watch, self.victim = None, None, False, None, None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def set(self, at, how, once):
        self.count, self.log, self.at, self.how, self.once = 0, [], at, how, once

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer goes out in one piece and at once: each that waits costs 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def forward(self):
        proxy = self.server
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        with proxy.turn:
            number, proxy.count = proxy.count, proxy.count + 1
            proxy.log.append((self.command, self.path))
        hit = proxy.at is not None and (number == proxy.at if proxy.once else number >= proxy.at)
        how = proxy.how if hit else None
        # The one that asks; when this is answered, it may be the next that runs.
        victim = proxy.victim.process if how in ("kill", "kill late") else None
        if how == "kill":
            victim.kill()
        if how in ("cut", "kill"):
            self.close_connection = True
            return
        if how == "refuse":
            self.answer(503, [], b"<Error><Code>SlowDown</Code></Error>")
            return
        if how == "late":
            time.sleep(1)
        ask = http.client.HTTPConnection("127.0.0.1", proxy.to, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
        ask.request(self.command, self.path, body, headers)
        got = ask.getresponse()
        data = got.read()
        ask.close()
        if proxy.watch and self.command in ("PUT", "DELETE", "POST"):
            with proxy.turn:
                proxy.watch()
        if how == "kill late":
            victim.kill()
        if how in ("lose", "kill late"):
            self.close_connection = True
            return
        kept = [(k, v) for k, v in got.getheaders()
                if k.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server")]
        length = got.getheader("content-length") if self.command == "HEAD" else None
        self.answer(got.status, kept, data, length)

    def answer(self, status, headers, data, length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", length or str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = forward
