#!/usr/bin/env python3
"""Serves a built site with the runtime of Cloudflare Pages, and asks whether the headers and redirects that dhikra
writes for it are understood.

    tests/hosting/pages.py target/release/dhikra node_modules/.bin/wrangler

A line for each expectation that is not met; the exit code says whether there was one.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from servers import HERE, IMMUTABLE, Site, copy, free_port, wait


def check(site, out):
    answer, body = site.get("/")
    site.hold("home", (answer.status, body), (200, (out / "index.html").read_bytes()))
    for name, wanted in {
        # Netlify reads the same file, so that it says nothing of this.
        "cache-control": "public, max-age=0, must-revalidate",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=86400",
        "permissions-policy": None,
        "x-own": "a, b",
    }.items():
        site.hold(name, answer.getheader(name), wanted)
    policy = answer.getheader("content-security-policy") or ""
    for part in ["default-src 'none'", "frame-src https://video.example", "connect-src 'self' https://api.example"]:
        site.hold(f"policy holds {part}", part in policy, True)
    sheet = next((out / "assets").rglob("*.css"))
    answer, body = site.get(f"/{sheet.relative_to(out)}")
    site.hold("an asset", (answer.status, body), (200, sheet.read_bytes()))
    site.hold("an asset is kept", answer.getheader("cache-control"), IMMUTABLE)
    site.hold("an asset's policy", answer.getheader("content-security-policy"), policy)
    answer, _ = site.get("/البيانات/a (1).txt")
    site.hold("an Arabic path with headers", answer.status, 200)
    site.hold("its own header", answer.getheader("access-control-allow-origin"), "*")
    site.hold("its own time", answer.getheader("cache-control"), "max-age=60")
    for old in ["/قديم/الميناء/", "/قديم/الميناء", "/old.html", "/en/harbour/", "/mine/"]:
        answer, _ = site.get(old)
        to = "/en/" if old == "/mine/" else quote("/en/port/" if "/en/" in old else "/port/")
        site.hold(f"{old} leads on", (answer.status, answer.getheader("location")), (302 if old == "/mine/" else 301, to))
    for missing, page in [("/nothing/", "404.html"), ("/en/nothing/", "en/404.html")]:
        answer, body = site.get(missing)
        site.hold(missing, (answer.status, body), (404, (out / page).read_bytes()))


def main():
    program, wrangler = (Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder / "site", "")
        out = folder / "public"
        subprocess.run([program, "build", "--root", folder / "site", "--out", out], check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        process = subprocess.Popen(
            [wrangler, "pages", "dev", out, "--ip", "127.0.0.1", "--port", str(port), "--compatibility-date", "2026-01-01"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, "WRANGLER_SEND_METRICS": "false", "CI": "1", "HOME": name})
        try:
            wait(port, process, 60)
            site = Site("Cloudflare Pages", port)
            check(site, out)
        finally:
            process.terminate()
            process.wait(20)
    print(f"{site.checks - site.failures} of {site.checks} hold")
    sys.exit(site.failures > 0)


if __name__ == "__main__":
    main()
