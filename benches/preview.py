#!/usr/bin/env python3
"""Times the live preview of dhikra and of Hugo on the same Arabic site, one after the other.

    preview.py                                10,000 pages, dhikra and Hugo
    preview.py --pages 100000 --only dhikra   the large site

Measured of each: from its start to the first page served; from saving a file to the page that shows
it, of a body and of a title, the latter also on a list that shows it; peak memory. The editor's file is
restored at the end. What a save costs beside the server is in it: a request every millisecond.
"""

import argparse
import http.client
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import compare
from compare import DHIKRA, HUGO, table

START_LIMIT, SAVE_LIMIT = 300.0, 60.0
SETTLE = 0.8
# What the design asks for, by pages: start and save in seconds, memory in MB.
ASKED = {10_000: (0.5, 0.030, 400), 100_000: (3.0, 0.200, 1_200)}


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path):
    """A page; empty where there is none yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return text if answer.status == 200 else ""
    except (OSError, http.client.HTTPException):
        # Hugo sometimes ends an answer early while it builds.
        return ""
    finally:
        connection.close()


def wait(port, path, token, limit):
    """How long it takes until a page holds a text."""
    start = time.perf_counter()
    while token not in get(port, path):
        if time.perf_counter() - start > limit:
            raise compare.Trouble(f"{path} does not show {token} within {limit:.0f} s")
        time.sleep(0.001)
    return time.perf_counter() - start


def peak_mb(pid):
    """The most memory that a process has had, where the system tells."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else float("nan")


def measure(command, port, source, page, listing, saves):
    """One server from its start to its end."""
    original = source.read_text(encoding="utf-8")
    start = time.perf_counter()
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    found = {"body": [], "title": [], "list": []}
    try:
        wait(port, page, "<", START_LIMIT)
        found["start"] = time.perf_counter() - start
        for number in range(saves):
            # The last letter is Arabic, so that no isolate comes between.
            token = f"علامة{number}{int(time.time())}"
            time.sleep(SETTLE)
            source.write_text(f"{original}\n\n{token}\n", encoding="utf-8")
            found["body"].append(wait(port, page, token, SAVE_LIMIT))
        for number in range(saves):
            token = f"عنوان{number}{int(time.time())}"
            time.sleep(SETTLE)
            text = re.sub(r"(?m)^title: .*$", f"title: {token}", original, count=1)
            source.write_text(text, encoding="utf-8")
            began = time.perf_counter()
            found["title"].append(wait(port, page, token, SAVE_LIMIT))
            wait(port, listing, token, SAVE_LIMIT)
            found["list"].append(time.perf_counter() - began)
        found["memory"] = peak_mb(server.pid)
    finally:
        source.write_text(original, encoding="utf-8")
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
    return found


def newest_of_a_section(site):
    """A page that is on the first page of its section's list: its file, its path, the list's."""
    section = sorted(path.parent for path in (site / "content").glob("*/_index.md"))[0]
    dated = {}
    for path in section.glob("*.md"):
        date = re.search(r"(?m)^date: (\S+)", path.read_text(encoding="utf-8"))
        if date:
            dated[path] = date[1]
    newest = max(dated, key=lambda path: (dated[path], path.name))
    return newest, f"/{section.name}/{newest.stem}/", f"/{section.name}/"


def report(pages, figures):
    """The figures as a table."""
    asked = ASKED.get(pages)
    names = list(figures)
    ms = lambda value: f"{value * 1000:,.0f} ms"
    rows = []

    def row(label, value, show, limit):
        cells = [label, *(show(value(figures[name])) for name in names)]
        if limit is None:
            return rows.append([*cells, "–", "–"])
        met = value(figures[DHIKRA]) <= limit
        return rows.append([*cells, f"≤ {show(limit)}", compare.verdict(met)])

    start, save, memory = asked or (None, None, None)
    row("start to first page", lambda f: f["start"], ms, start)
    row("body saved to served, median", lambda f: statistics.median(f["body"]), ms, save)
    row("title saved to served, median", lambda f: statistics.median(f["title"]), ms, save)
    row("title saved to its list served, median", lambda f: statistics.median(f["list"]), ms, None)
    row("peak memory", lambda f: f["memory"], compare.megabytes, memory)
    return table([f"{pages:,} pages", *names, "target", ""], rows)


def run(o, work):
    """Writes the sites, and measures."""
    sites = compare.make_sites(o, o.pages, work / "sites")
    figures = {}
    for name in [HUGO, DHIKRA] if o.hugo else [DHIKRA]:
        site, port = sites[name], free_port()
        source, page, listing = newest_of_a_section(site)
        command = {
            DHIKRA: [o.dhikra, "serve", "--root", site, "--port", str(port)],
            HUGO: [o.hugo, "server", "--noBuildLock", "--source", site, "--port", str(port)],
        }[name]
        best = []
        for turn in range(o.runs):
            compare.say(f"{name}: run {turn + 1} of {o.runs}")
            compare.settle()
            best.append(measure(command, port, source, page, listing, o.saves))
        figures[name] = sorted(best, key=lambda f: f["start"])[len(best) // 2]
        for key in ("body", "title", "list"):
            figures[name][key] = [value for f in best for value in f[key]]
        figures[name]["memory"] = max(f["memory"] for f in best)
    print(report(o.pages, {name: figures[name] for name in (DHIKRA, HUGO) if name in figures}))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3, help="how often each is started")
    parser.add_argument("--saves", type=int, default=7, help="saves of a body and of a title a run")
    parser.add_argument("--only", choices=["dhikra"], help="leave Hugo out")
    parser.add_argument("--work", type=pathlib.Path, help="where to put sites")
    parser.add_argument("--dhikra", type=pathlib.Path, help="the program")
    parser.add_argument("--hugo", type=pathlib.Path, help="Hugo's binary")
    o = parser.parse_args()
    o.source = None
    try:
        o.dhikra = compare.find_dhikra(o.dhikra)
        why = None
        if not o.only:
            o.hugo, why = compare.find_hugo(o.hugo)
        else:
            o.hugo = None
        if why:
            print(why, file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="dhikra-preview-", dir=o.work) as folder:
            run(o, pathlib.Path(folder))
    except compare.Trouble as trouble:
        sys.exit(f"preview.py: {trouble}")


if __name__ == "__main__":
    main()
