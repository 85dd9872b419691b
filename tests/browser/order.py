#!/usr/bin/env python3
"""Measures in a browser the order in which hard texts are drawn, and some more of the page.

    order.py DHIKRA        builds site/ with the cases of cases.toml, and measures that
    order.py --self-test   measures the same texts in HTML written by hand: with isolates each must
                           hold, without them those that are said to go wrong must be seen as wrong

The order is that of the boxes in which a browser puts the characters, so it does not matter by
which markup a text comes to be drawn as it is. Needs Python 3.11 and Chromium.
"""

import argparse
import dataclasses
import functools
import html
import http.server
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
import unicodedata
from collections.abc import Iterator
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 120
# Wide enough for every case to stand on one line; and a telephone.
WIDE, NARROW = 1280, 390
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
# What the built site calls its pages of cases.
CASES_PAGE = {"ar": "/cases/", "en": "/en/cases/"}
CASES_FILE = {"ar": "cases.md", "en": "cases.en.md"}

# The name of what was looked at, and what is wrong with it.
Outcome = tuple[str, str | None]


class Trouble(Exception):
    """What stops the measuring, as a sentence for people."""


# ------------------------------------------------------------------------------------ the cases


@dataclasses.dataclass(frozen=True)
class Case:
    """A text and the order of its pieces; cases.toml says what each field is."""

    id: str
    lang: str
    drawn: list[str]
    by_hand: str
    bare: str
    source: str = ""
    page: str = ""
    select: str = ""
    bare_html: str = ""

    @property
    def url(self) -> str:
        return self.page or CASES_PAGE[self.lang]

    @property
    def selector(self) -> str:
        """Where the text stands: on the page of cases in the block after its heading."""
        return self.select if self.page else f"#{self.id} + * {self.select}".strip()

    @property
    def without_isolates(self) -> str:
        return self.bare_html or re.sub(r"</?bdi[^>]*>", "", self.by_hand)


def load_cases() -> list[Case]:
    """The cases of cases.toml; a mistake in them is the author's, so it stops everything."""
    written = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))
    cases = [Case(**case) for case in written["case"]]
    ids = [case.id for case in cases]
    for case in cases:
        if ids.count(case.id) > 1:
            raise Trouble(f"two cases are called {case.id}")
        if case.lang not in DIRECTIONS or case.bare not in ("right", "wrong"):
            raise Trouble(f"{case.id}: lang or bare has no value that it may have")
        if bool(case.source) == bool(case.page):
            raise Trouble(f"{case.id}: it needs either source or page")
    return cases


def markdown(cases: list[Case]) -> str:
    """The page of cases in one language: for each a heading, and the block after it."""
    blocks = (f"## {case.id} {{#{case.id}}}\n\n{case.source.strip()}\n" for case in cases)
    return "---\ntitle: Cases\n---\n\n" + "\n".join(blocks)


def build(dhikra: pathlib.Path, cases: list[Case], folder: pathlib.Path) -> pathlib.Path:
    """Builds site/ with the pages of cases, in `folder`; gives the folder of the output."""
    site, out = folder / "site", folder / "public"
    shutil.copytree(HERE / "site", site)
    for lang, name in CASES_FILE.items():
        chosen = [case for case in cases if case.source and case.lang == lang]
        (site / "content" / name).write_text(markdown(chosen), "utf-8")
    done = subprocess.run(
        [dhikra, "build", "--root", site, "--out", out], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"the site of cases is not built:\n{done.stderr}")
    return out


# ------------------------------------------------------------------------------------ measuring


@dataclasses.dataclass(frozen=True)
class Glyph:
    """A character and the box in which it is drawn."""

    char: str
    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        return self.left + self.width / 2


@dataclasses.dataclass(frozen=True)
class Element:
    """What is measured of an element: its text and what the browser made of its style."""

    text: str
    direction: str
    style: str
    spacing: str


@dataclasses.dataclass(frozen=True)
class Page:
    """What is measured of a page; `texts` has the glyphs of each selector that is found."""

    lang: str
    dir: str
    visible_width: int
    full_width: int
    code: list[Element]
    emphasis: list[Element]
    texts: dict[str, list[Glyph]]


@dataclasses.dataclass(frozen=True)
class View:
    """A page to be opened at a width, and the selectors of the texts to be measured on it."""

    url: str
    width: int
    selectors: tuple[str, ...] = ()


class Server:
    """Serves a folder on a free local port, and at an address of its own the page that measures."""

    DRIVER_PATH = "/measure_"

    def __init__(self, folder: pathlib.Path, driver: str) -> None:
        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != Server.DRIVER_PATH:
                    super().do_GET()
                    return
                body = driver.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing of each request."""

        handler = functools.partial(Handler, directory=folder)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        """Gives the address of the driver."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}{self.DRIVER_PATH}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def dump(url: str) -> str:
    """The document at the address, once its scripts have run."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Trouble("Chromium is needed: install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={WIDE},1000",
            "--virtual-time-budget=60000",
            "--dump-dom",
            url,
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Trouble(f"{browser} gave no answer in {SECONDS} s") from error
    if done.returncode != 0:
        raise Trouble(f"{browser} failed:\n{done.stderr}")
    return done.stdout


def read_page(measured: dict[str, Any]) -> Page:
    """A page from the driver's JSON."""
    lists = {
        "code": [Element(**element) for element in measured["code"]],
        "emphasis": [Element(**element) for element in measured["emphasis"]],
        "texts": {
            selector: [Glyph(**glyph) for glyph in glyphs]
            for selector, glyphs in measured["texts"].items()
        },
    }
    return Page(**(measured | lists))


def measure(folder: pathlib.Path, views: list[View]) -> dict[View, Page]:
    """Opens the views of the site in `folder` in a browser."""
    as_json = json.dumps([dataclasses.asdict(view) for view in views]).replace("<", "\\u003c")
    driver = (HERE / "measure.html").read_text("utf-8")
    driver = driver.replace("= VIEWS;", f"= {as_json};")
    with Server(folder, driver) as url:
        document = dump(url)
    result = re.search(r'<pre id="measured">(.*?)</pre>', document, re.DOTALL)
    if result is None:
        raise Trouble("the browser measured nothing")
    pages = [read_page(page) for page in json.loads(html.unescape(result[1]))]
    return dict(zip(views, pages, strict=True))


# ------------------------------------------------------------------------------------ the order


def plain(text: str) -> str:
    """Leaves out what has no place of its own in a line, vowel signs and invisible marks, and what
    is as good as something else: a dash is a hyphen, any space a space."""
    shown = (char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))
    return "".join(" " if char.isspace() else "-" if char == "–" else char for char in shown)


def is_rtl(piece: str) -> bool:
    """Whether a piece runs from right to left inside: whether it holds a letter that does."""
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in piece)


def owners(text: str, pieces: list[str]) -> list[int | None]:
    """For each character of the text the index of its piece. The longest are sought first, so that
    the full stop of a sentence is not found in «2.0»."""
    owner: list[int | None] = [None] * len(text)
    for index in sorted(range(len(pieces)), key=lambda index: -len(pieces[index])):
        size = len(pieces[index])
        for start in range(len(text) - size + 1):
            span = slice(start, start + size)
            if text[span] == pieces[index] and owner[span] == [None] * size:
                owner[span] = [index] * size
                break
    return owner


def drawn(glyphs: list[Glyph], pieces: list[str]) -> list[str]:
    """What is seen from left to right, a string for each piece or part of one that stands together.
    A string reads in the direction of its piece; so it is the piece exactly if it is drawn well."""
    # Spaces between lines of the source have no width; those between pieces have no place to hold.
    shown = [
        glyph for glyph in glyphs if plain(glyph.char) and (glyph.width or not glyph.char.isspace())
    ]
    owner = owners("".join(plain(glyph.char) for glyph in shown), pieces)
    seen = [
        (glyph, index)
        for glyph, index in zip(shown, owner, strict=True)
        if index is not None or not glyph.char.isspace()
    ]
    seen.sort(key=lambda pair: pair[0].centre)
    groups = []
    for index, group in itertools.groupby(seen, key=lambda pair: pair[1]):
        text = "".join(plain(glyph.char) for glyph, _ in group)
        groups.append(text[::-1] if index is not None and is_rtl(pieces[index]) else text)
    return groups


def on_one_line(glyphs: list[Glyph]) -> bool:
    """Whether there is a height at which every visible character stands."""
    boxes = [glyph for glyph in glyphs if glyph.width]
    return max(box.top for box in boxes) < min(box.top + box.height for box in boxes)


def in_order(pieces: list[str]) -> str:
    """Pieces from left to right for people; isolated, so that a terminal leaves them in place."""
    return " | ".join(f"\u2068{piece}\u2069" for piece in pieces)


def order_trouble(case: Case, glyphs: list[Glyph] | None) -> str | None:
    """What is wrong with how a case is drawn."""
    if not glyphs or not any(glyph.width for glyph in glyphs):
        return "it is not on the page"
    if not on_one_line(glyphs):
        return "it does not stand on one line, so it has no order"
    expected = [plain(piece) for piece in case.drawn]
    seen = drawn(glyphs, expected)
    if seen == expected:
        return None
    return f"expected from left to right  {in_order(expected)}  and drawn  {in_order(seen)}"


# ------------------------------------------------------------------------------------ the pages


def direction_trouble(lang: str, page: Page) -> str | None:
    """Whether the page says its language and direction."""
    if (page.lang, page.dir) == (lang, DIRECTIONS[lang]):
        return None
    return f'<html lang="{page.lang}" dir="{page.dir}">'


def code_trouble(page: Page) -> str | None:
    """Whether code runs from left to right."""
    wrong = [element.text for element in page.code if element.direction != "ltr"]
    if wrong:
        return f"code that runs from right to left: {in_order(wrong)}"
    return None if page.code else "no code to look at"


def emphasis_trouble(page: Page) -> str | None:
    """Whether stressed Arabic is neither slanted nor torn apart."""
    wrong = [
        f"{element.text} (font-style {element.style}, letter-spacing {element.spacing})"
        for element in page.emphasis
        if element.style != "normal" or element.spacing not in ("normal", "0px")
    ]
    if wrong:
        return f"Arabic in <em>: {in_order(wrong)}"
    return None if page.emphasis else "no Arabic in <em> to look at"


def width_trouble(view: View, page: Page) -> str | None:
    """Whether the page fits into its window."""
    if page.visible_width != view.width:
        return f"the window has {page.visible_width} px instead of {view.width}"
    if page.full_width > page.visible_width:
        return f"the page has {page.full_width} px, so it scrolls sideways at {view.width}"
    return None


def page_troubles(lang: str, urls: dict[str, str], pages: dict[View, Page]) -> Iterator[Outcome]:
    """What is looked at on the page of cases besides the order."""
    narrow = View(urls[lang], NARROW)
    page = pages[narrow]
    yield f"direction of the page ({lang})", direction_trouble(lang, page)
    yield f"width of the page ({lang})", width_trouble(narrow, page)
    if DIRECTIONS[lang] == "rtl":
        yield f"code ({lang})", code_trouble(page)
        yield f"emphasis ({lang})", emphasis_trouble(page)


# ------------------------------------------------------------------------------------ both ways


def of_built_site(dhikra: pathlib.Path, cases: list[Case]) -> list[Outcome]:
    """Measures the site that the program builds."""
    by_url: dict[str, list[str]] = {}
    for case in cases:
        by_url.setdefault(case.url, []).append(case.selector)
    wide = {url: View(url, WIDE, tuple(selectors)) for url, selectors in by_url.items()}
    narrow = [View(url, NARROW) for url in CASES_PAGE.values()]
    with tempfile.TemporaryDirectory() as folder:
        pages = measure(build(dhikra, cases, pathlib.Path(folder)), [*wide.values(), *narrow])
    outcomes: list[Outcome] = []
    for case in cases:
        glyphs = pages[wide[case.url]].texts.get(case.selector)
        outcomes.append((case.id, order_trouble(case, glyphs)))
    for lang in DIRECTIONS:
        outcomes.extend(page_troubles(lang, CASES_PAGE, pages))
    return outcomes


BY_HAND = {"ar": "/ar.html", "en": "/en.html"}
# A page of cases with everything wrong that is looked for, but the order.
BROKEN_PAGE = """<!doctype html>
<html lang="ar">
<meta charset="utf-8">
<body dir="rtl">
<p style="width: 1000px"><code>C++</code> <em style="letter-spacing: 1px">كلام</em></p>
</body>
</html>
"""


def by_hand(lang: str, cases: list[Case]) -> str:
    """A page with each case in isolated and in bare HTML."""
    texts = "\n".join(
        f'<p id="{case.id}-isolated">{case.by_hand}</p>\n'
        f'<p id="{case.id}-bare">{case.without_isolates}</p>'
        for case in cases
    )
    return (
        f'<!doctype html>\n<html lang="{lang}" dir="{DIRECTIONS[lang]}">\n'
        '<meta charset="utf-8">\n<title>By hand</title>\n'
        f"<style>em {{ font-style: normal; }}</style>\n<body>\n{texts}\n</body>\n</html>\n"
    )


def self_test_of(case: Case, texts: dict[str, list[Glyph]]) -> Iterator[Outcome]:
    """Whether a case can hold, and whether it is seen when it does not."""
    yield f"{case.id}, isolated", order_trouble(case, texts.get(f"#{case.id}-isolated"))
    trouble = order_trouble(case, texts.get(f"#{case.id}-bare"))
    if (trouble is None) == (case.bare == "right"):
        yield f"{case.id}, bare", None
    else:
        yield f"{case.id}, bare", trouble or "it is drawn well, though it should not be"


def self_test(cases: list[Case]) -> list[Outcome]:
    """Measures HTML written by hand, and a page on which every check of the page must fail."""
    wide: dict[str, View] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for lang, url in BY_HAND.items():
            chosen = [case for case in cases if case.lang == lang]
            ids = (f"#{case.id}-{kind}" for case in chosen for kind in ("isolated", "bare"))
            wide[lang] = View(url, WIDE, tuple(ids))
            (folder / url[1:]).write_text(by_hand(lang, chosen), "utf-8")
        (folder / "broken.html").write_text(BROKEN_PAGE, "utf-8")
        urls = [*BY_HAND.values(), "/broken.html"]
        pages = measure(folder, [*wide.values(), *(View(url, NARROW) for url in urls)])
    outcomes: list[Outcome] = []
    for case in cases:
        outcomes.extend(self_test_of(case, pages[wide[case.lang]].texts))
    for lang in DIRECTIONS:
        outcomes.extend(page_troubles(lang, BY_HAND, pages))
    for check, trouble in page_troubles("ar", {"ar": "/broken.html"}, pages):
        missed = None if trouble else "what is wrong is not seen"
        outcomes.append((f"{check}, broken", missed))
    return outcomes


def report(outcomes: list[Outcome]) -> int:
    """Prints what does not hold, and how much does; gives the exit code."""
    failed = [(name, trouble) for name, trouble in outcomes if trouble is not None]
    for name, trouble in failed:
        print(f"{name}: {trouble}")
    held = f"{len(outcomes) - len(failed)} cases hold"
    print(f"{held}, {len(failed)} do not" if failed else held)
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("dhikra", nargs="?", type=pathlib.Path, help="the program to be tested")
    what.add_argument("--self-test", action="store_true", help="test the measuring instead")
    options = parser.parse_args()
    try:
        cases = load_cases()
        if options.self_test:
            return report(self_test(cases))
        return report(of_built_site(options.dhikra.resolve(), cases))
    except (Trouble, OSError) as trouble:
        print(f"order.py: {trouble}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
