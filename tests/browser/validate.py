#!/usr/bin/env python3
"""Checks the files of a built site: the HTML with the Nu Html Checker, which needs no network;
that XML and SVG can be read; and that no address is percent-encoded twice.

    validate.py PUBLIC --vnu vnu.jar

Needs Python 3.11 and Java.
"""

import argparse
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree
from collections.abc import Iterator
from typing import Any

# How many files one run of the checker is given: a command line has its limits.
BATCH = 500
XML = (".xml", ".svg")
# A percent sign that was encoded itself, before the first byte of a letter beyond ASCII: Arabic
# begins with D8 to DB, Chinese with E3 to E9.
ENCODED_TWICE = re.compile(rb"%25(?:[CD][0-9A-F]|E[0-9A-F]|F[0-4])", re.IGNORECASE)
# What the checker reports wrongly: a part of its message, and above it the reason.
IGNORED: tuple[str, ...] = ()
# A page in which the checker must find something, to show that it looks.
WRONG_PAGE = '<!doctype html><html lang="ar" dir="rtl"><title>خطأ</title><p><div></p></html>'


class Trouble(Exception):
    """What stops the checking, as a sentence for people."""


def run_checker(vnu: pathlib.Path, files: list[pathlib.Path]) -> list[dict[str, Any]]:
    """The checker's messages on some files."""
    options = ("--errors-only", "--skip-non-html", "--format", "json")
    command = ["java", "-jar", str(vnu), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
        return messages
    except (ValueError, KeyError) as error:
        raise Trouble(f"the HTML checker failed:\n{done.stderr}{done.stdout}") from error


def html_errors(vnu: pathlib.Path, pages: list[pathlib.Path]) -> Iterator[str]:
    """What the checker finds in the pages."""
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong.html"
        wrong.write_text(WRONG_PAGE, "utf-8")
        if not run_checker(vnu, [wrong]):
            raise Trouble("the HTML checker finds nothing in a page that is wrong")
    for start in range(0, len(pages), BATCH):
        for message in run_checker(vnu, pages[start : start + BATCH]):
            if not any(part in message["message"] for part in IGNORED):
                file = urllib.parse.unquote(message.get("url", "").removeprefix("file:"))
                yield f"{file}:{message.get('lastLine', 1)}: {message['message']}"


def xml_errors(files: list[pathlib.Path]) -> Iterator[str]:
    """The files that are not well-formed."""
    for file in files:
        try:
            xml.etree.ElementTree.parse(file)
        except xml.etree.ElementTree.ParseError as error:
            yield f"{file}:{error.position[0]}: {error}"


def encoding_errors(files: list[pathlib.Path]) -> Iterator[str]:
    """The lines that hold a letter percent-encoded twice."""
    for file in files:
        for number, line in enumerate(file.read_bytes().splitlines(), start=1):
            if found := ENCODED_TWICE.search(line):
                yield f"{file}:{number}: percent-encoded twice: {found[0].decode()}"


def check(public: pathlib.Path, vnu: pathlib.Path) -> int:
    """Prints what is wrong with a site, and what was looked at; gives the exit code."""
    files = sorted(path for path in public.rglob("*") if path.is_file())
    pages = [file for file in files if file.suffix == ".html"]
    trees = [file for file in files if file.suffix in XML]
    if not pages:
        raise Trouble(f"there is no HTML in {public}")
    errors = list(
        itertools.chain(html_errors(vnu, pages), xml_errors(trees), encoding_errors(files))
    )
    for error in errors:
        print(error)
    print(f"{len(pages)} HTML and {len(trees)} XML files checked, {len(errors)} errors")
    return 1 if errors else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("public", type=pathlib.Path, help="the folder of the built site")
    parser.add_argument("--vnu", type=pathlib.Path, required=True, help="vnu.jar of npm's vnu-jar")
    options = parser.parse_args()
    try:
        if shutil.which("java") is None:
            raise Trouble("Java is needed: install default-jre-headless")
        if not options.vnu.is_file():
            raise Trouble(f"{options.vnu} is not there: it is in the npm package vnu-jar")
        return check(options.public.resolve(), options.vnu)
    except (Trouble, OSError) as trouble:
        print(f"validate.py: {trouble}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
