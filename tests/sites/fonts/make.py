#!/usr/bin/env python3
"""Makes the fonts of the cases `fonts` and `bad-fonts`: every character is a square or an empty space.

Needs fontTools. What it writes is committed; run it again only to change the fonts.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

HERE = Path(__file__).parent


def square(pen):
    for draw, point in [("moveTo", (0, 0)), ("lineTo", (0, 500)), ("lineTo", (500, 500)), ("lineTo", (500, 0))]:
        getattr(pen, draw)(point)
    pen.closePath()
    return pen


def font(path, chars, outlines="glyf", features=""):
    names = [".notdef", "space", "square", "small"]
    build = FontBuilder(1000, isTTF=outlines == "glyf")
    build.setupGlyphOrder(names)
    build.setupCharacterMap({ord(c): "space" if c.isspace() else "square" for c in chars})
    if outlines == "glyf":
        drawn = square(TTGlyphPen(None)).glyph()
        build.setupGlyf({n: drawn if n in names[2:] else TTGlyphPen(None).glyph() for n in names})
    else:
        drawn = square(T2CharStringPen(500, None)).getCharString()
        empty = T2CharStringPen(500, None).getCharString()
        build.setupCFF("Test", {}, {n: drawn if n in names[2:] else empty for n in names}, {})
    build.setupHorizontalMetrics({n: (500, 0) for n in names})
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": "Test", "styleName": "Regular"})
    build.setupOS2()
    build.setupPost()
    build.font["head"].created = build.font["head"].modified = 3_800_000_000
    if features:
        build.addOpenTypeFeatures(features)
    build.font.recalcTimestamp = False
    path.parent.mkdir(parents=True, exist_ok=True)
    build.save(path)


def main():
    latin = [chr(c) for c in range(0x20, 0x7F)]
    arabic = list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
    features = "feature smcp { sub square by small; } smcp; feature liga { sub square square by small; } liga;"
    good = HERE / "site/assets/fonts"
    font(good / "Letters.ttf", [*latin, *arabic, "ж", "ﷺ", "☃"], features=features)
    han = [chr(c) for c in range(0x4E00, 0x4E00 + 3000)]
    font(good / "Han.ttf", [*latin, "。", *han])
    bad = HERE.parent / "bad-fonts/site/assets/fonts"
    font(bad / "Letters.ttf", [*latin, *arabic])
    font(bad / "Outlines.otf", latin, outlines="CFF")
    whole = (bad / "Letters.ttf").read_bytes()
    (bad / "Torn.ttf").write_bytes(whole[: len(whole) // 2])
    (bad / "Web.ttf").write_bytes(b"wOF2" + bytes(40))
    (bad / "Many.ttc").write_bytes(b"ttcf\0\1\0\0\0\0\0\1\0\0\0\x10" + whole)
    (bad / "Words.ttf").write_text("no font\n")
    (bad / "Letters.woff2").write_bytes(b"wOF2")


main()
