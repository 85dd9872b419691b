#!/usr/bin/env python3
"""Serves a built site with nginx and with Caddy, configured by the files that dhikra writes for them, and asks for
what a reader's browser would: headers, redirects, missing pages, packed files.

    tests/hosting/servers.py target/release/dhikra

nginx and caddy are found by the path. A line for each expectation that is not met; the exit code says whether there
was one.
"""

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
IMMUTABLE = "public, max-age=31536000, immutable"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def nginx(folder, root, snippet, port):
    conf = folder / "nginx.conf"
    types = Path("/etc/nginx/mime.types")
    shutil.copy(types, folder / "mime.types")
    modules = sorted(Path("/usr/lib/nginx/modules").glob("*brotli_static*"))
    load = "".join(f"load_module {module};\n" for module in modules)
    if modules:
        text = snippet.read_text().replace("# brotli_static on;", "brotli_static on;")
        snippet = folder / "snippet.conf"
        snippet.write_text(text)
    # The folder is the tester's own.
    user = "user root;" if os.geteuid() == 0 else ""
    conf.write_text(f"""{load}{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    include mime.types; access_log off;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; root {root}; include {snippet}; }}
}}
""")
    return subprocess.Popen(["nginx", "-c", str(conf), "-p", str(folder)], stderr=subprocess.PIPE), bool(modules)


def caddy(folder, root, snippet, port):
    conf = folder / "Caddyfile"
    conf.write_text(f"""{{
    admin off
    auto_https off
    persist_config off
    storage file_system {folder}/storage
}}
http://127.0.0.1:{port} {{
    root * {root}
    import {snippet}
}}
""")
    command = ["caddy", "run", "--config", str(conf), "--adapter", "caddyfile"]
    return subprocess.Popen(command, stderr=subprocess.PIPE), True


def wait(port, process, seconds=10):
    for _ in range(seconds * 10):
        if process.poll() is not None:
            sys.exit(f"the server ended: {process.stderr.read().decode()[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


class Site:
    def __init__(self, name, port):
        self.name, self.port, self.checks, self.failures = name, port, 0, 0

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", quote(path), headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def hold(self, what, found, wanted):
        self.checks += 1
        if found != wanted:
            self.failures += 1
            print(f"{self.name}: {what}: {repr(found)[:200]}, not {repr(wanted)[:200]}")


def check(site, out, prefix, brotli):
    answer, body = site.get(f"{prefix}/")
    file = (out / "index.html").read_bytes()
    site.hold("home", (answer.status, body), (200, file))
    site.hold("its type", answer.getheader("content-type").lower().replace(" ", ""), "text/html;charset=utf-8")
    policy = answer.getheader("content-security-policy") or ""
    for part in ["default-src 'none'", "frame-src https://video.example", "connect-src 'self' https://api.example"]:
        site.hold(f"policy holds {part}", part in policy, True)
    for name, wanted in {
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "strict-transport-security": "max-age=86400",
        "permissions-policy": None,
        "x-own": "a, b",
        "x-slash": r'a\b \" "c" \\',
        "x-brace": r"{http.request.host} {env.HOME} {host} \{ \} {{uri}}",
        "x-close": r"\} }",
        # nginx has no way to write the sign, and a build says so.
        "x-dollar": None if site.name.startswith("nginx") else "$host `$uri` {$HOME}",
    }.items():
        site.hold(name, answer.getheader(name), wanted)

    sheet = next((out / "assets").rglob("*.css"))
    answer, body = site.get(f"{prefix}/{sheet.relative_to(out)}")
    site.hold("an asset", (answer.status, body), (200, sheet.read_bytes()))
    site.hold("an asset is kept", answer.getheader("cache-control"), IMMUTABLE)
    answer, _ = site.get(f"{prefix}/assets/plain.txt")
    site.hold("a file that may change", answer.getheader("cache-control"), "no-cache")
    answer, _ = site.get(f"{prefix}/البيانات/a (1).txt")
    site.hold("an Arabic path with headers", answer.status, 200)
    site.hold("its own header", answer.getheader("access-control-allow-origin"), "*")
    site.hold("its own time", answer.getheader("cache-control"), "max-age=60")

    for path, file in [("/", out / "index.html"), (f"/{sheet.relative_to(out)}", sheet)]:
        packed = file.with_name(file.name + ".gz")
        answer, body = site.get(f"{prefix}{path}", Accept_Encoding="gzip")
        wanted = ("gzip", packed.read_bytes()) if packed.exists() else (None, file.read_bytes())
        site.hold(f"{path} as gzip", (answer.getheader("content-encoding"), body), wanted)
        if packed.exists():
            site.hold(f"{path} unpacked", gzip.decompress(packed.read_bytes()), file.read_bytes())
            site.hold(f"{path} varies", "accept-encoding" in (answer.getheader("vary") or "").lower(), True)
            site.hold(f"{path} keeps its type", answer.getheader("content-type").split(";")[0],
                      "text/html" if path == "/" else "text/css")
        if brotli and packed.exists():
            answer, body = site.get(f"{prefix}{path}", Accept_Encoding="gzip;q=0.5, br")
            site.hold(f"{path} as Brotli", (answer.getheader("content-encoding"), body),
                      ("br", file.with_name(file.name + ".br").read_bytes()))
        if site.name.startswith("caddy") and packed.exists():
            answer, body = site.get(f"{prefix}{path}", Accept_Encoding="zstd")
            site.hold(f"{path} as Zstandard", (answer.getheader("content-encoding"), body),
                      ("zstd", file.with_name(file.name + ".zst").read_bytes()))
    site.hold("the style sheet is packed", sheet.with_name(sheet.name + ".gz").exists(), True)

    for old in ["/قديم/الميناء/", "/قديم/الميناء", "/old.html", "/en/harbour/", "/mine/"]:
        answer, _ = site.get(f"{prefix}{old}")
        to = f"{prefix}/en/" if old == "/mine/" else quote(f"{prefix}/en/port/" if "/en/" in old else f"{prefix}/port/")
        site.hold(f"{old} leads on", (answer.status, answer.getheader("location")), (302 if old == "/mine/" else 301, to))
        followed, _ = site.get(answer.getheader("location") or "/")
        site.hold(f"{old} leads to a page", followed.status, 200)

    # Of two rules for a path the first is followed; a path in other letters is another path.
    for old, to in [("/twice/", "/en/"), ("/ق/", "/en/"), ("/About/", "/about/"), ("/a.b(c)/", "/en/")]:
        answer, _ = site.get(f"{prefix}{old}")
        site.hold(f"{old} leads on", (answer.status, answer.getheader("location")), (301, f"{prefix}{to}"))
    answer, body = site.get(f"{prefix}/about/")
    site.hold("/about/ is a page", (answer.status, body), (200, (out / "about" / "index.html").read_bytes()))
    site.hold("/about/ is not /About/", answer.getheader("x-case"), None)
    for other in ["/a.bc/", "/aXb(c)/", "/TWICE/"]:
        site.hold(f"{other} is missing", site.get(f"{prefix}{other}")[0].status, 404)

    for missing, page in [("/nothing/", "404.html"), ("/en/nothing/", "en/404.html"), ("/assets/no.css", "404.html")]:
        answer, body = site.get(f"{prefix}{missing}")
        site.hold(missing, (answer.status, body), (404, (out / page).read_bytes()))
        site.hold(f"{missing} is not kept", answer.getheader("cache-control") in (None, "no-cache"), True)
        site.hold(f"{missing} is under the policy", answer.getheader("content-security-policy"), policy)
    for own in ["/.dhikra/manifest", "/.dhikra/hosting/nginx.conf", "/_redirects"]:
        site.hold(f"{own} is hidden", site.get(f"{prefix}{own}")[0].status, 404)


def copy(site, prefix):
    """The site of these tests, at a path of its host."""
    shutil.copytree(HERE / "site", site)
    settings = site / "site.toml"
    settings.write_text(settings.read_text().replace("example.org/", f"example.org{prefix}/", 1))
    redirects = site / "static" / "_redirects"
    lines = [line.split(" ") for line in redirects.read_text().splitlines()]
    moved = [" ".join(prefix + part if part.startswith("/") else part for part in line) for line in lines]
    redirects.write_text("\n".join(moved) + "\n")


def try_with(kind, file, folder, root, out, prefix):
    """Serves a folder, and asks for what is in it. Gives how many expectations there were, and how many were not met."""
    folder.mkdir()
    port = free_port()
    process, brotli = kind(folder, root, out / ".dhikra" / "hosting" / file, port)
    try:
        wait(port, process)
        site = Site(f"{kind.__name__} {prefix or '/'}", port)
        check(site, out, prefix, brotli)
    finally:
        process.terminate()
        process.wait(10)
    return site.checks, site.failures


def main():
    program = Path(sys.argv[1]).resolve()
    failures = checks = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for prefix in ["", "/repo"]:
            root = folder / f"www{prefix.replace('/', '-')}"
            out = root / prefix.strip("/")
            site = folder / f"site{prefix.replace('/', '-')}"
            copy(site, prefix)
            subprocess.run([program, "build", "--root", site, "--out", out], check=True, stdout=subprocess.DEVNULL)
            for kind, file in [(nginx, "nginx.conf"), (caddy, "Caddyfile")]:
                own = folder / f"{kind.__name__}{prefix.replace('/', '-')}"
                tried = try_with(kind, file, own, root, out, prefix)
                checks, failures = checks + tried[0], failures + tried[1]
    print(f"{checks - failures} of {checks} hold")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
