#!/usr/bin/env python3
"""Makes the fonts of the theme dhikra from packages of npm and of Debian; needed only to renew them.

    pip install fonttools brotli
    apt-get install fonts-noto-core
    python3 themes/make-fonts.py

EB Garamond and Reem Kufi are the whole fonts. Noto Naskh Arabic and Noto Nastaliq Urdu are Debian's, which have
Arabic punctuation as well as letters. Noto Serif SC is put together from the slices it is published in, with the
characters of GB 2312 and no more: all 30,000 would be 15 MB in every copy of the program.
"""

import glob
import os
import re
import shutil
import subprocess
import tarfile
import tempfile

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FONTS = os.path.join(os.path.dirname(__file__), "dhikra", "assets", "fonts")
NOTO = "/usr/share/fonts/truetype/noto/"


def package(name, folder):
    """Unpacks a package of npm; gives its folder."""
    out = subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True)
    into = os.path.join(folder, name.replace("/", "-"))
    with tarfile.open(os.path.join(folder, out.stdout.split()[-1])) as archive:
        archive.extractall(into)
    return os.path.join(into, "package")


def whole(folder):
    garamond = package("@expo-google-fonts/eb-garamond", folder)
    kufi = package("@expo-google-fonts/reem-kufi", folder)
    for source, name in [
        (garamond + "/400Regular/EBGaramond_400Regular.ttf", "EBGaramond-Regular"),
        (garamond + "/400Regular_Italic/EBGaramond_400Regular_Italic.ttf", "EBGaramond-Italic"),
        (garamond + "/600SemiBold/EBGaramond_600SemiBold.ttf", "EBGaramond-SemiBold"),
        (kufi + "/600SemiBold/ReemKufi_600SemiBold.ttf", "ReemKufi-SemiBold"),
        (NOTO + "NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Regular"),
        (NOTO + "NotoNaskhArabic-Bold.ttf", "NotoNaskhArabic-Bold"),
        (NOTO + "NotoNastaliqUrdu-Regular.ttf", "NotoNastaliqUrdu-Regular"),
    ]:
        shutil.copyfile(source, os.path.join(FONTS, name + ".ttf"))


def gb2312():
    """The characters of GB 2312 but its Japanese, Greek, Cyrillic and frames, and those that Latin text needs."""
    characters = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | {0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x3007, 0x30FB}
    for row in range(0xA1, 0xF8):
        for column in range(0xA1, 0xFF):
            try:
                characters.add(ord(bytes([row, column]).decode("gb2312")))
            except (UnicodeDecodeError, TypeError):
                pass
    others = [(0x370, 0x530), (0x2500, 0x2580), (0x3040, 0x3100), (0x3105, 0x3130)]
    return {c for c in characters if not any(first <= c < end for first, end in others)}


def chinese(folder):
    wanted, parts = gb2312(), []
    files = package("@fontsource/noto-serif-sc", folder) + "/files/"
    for path in sorted(glob.glob(files + "noto-serif-sc-*-400-normal.woff2")):
        if not re.search(r"sc-(\d+|latin)-400", path):
            continue
        font = TTFont(path)
        characters = set(font.getBestCmap()) & wanted
        if not characters:
            continue
        options = subset.Options(hinting=False, notdef_outline=True)
        options.drop_tables += ["vhea", "vmtx", "VORG", "STAT", "GSUB", "GPOS", "GDEF", "BASE"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.flavor = None
        parts.append(os.path.join(folder, os.path.basename(path) + ".ttf"))
        font.save(parts[-1])
    Merger().merge(parts).save(os.path.join(FONTS, "NotoSerifSC-Regular.ttf"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        whole(scratch)
        chinese(scratch)
