#!/usr/bin/env python3
"""Draws the illustrations of the site as SVG, and makes PNG files of them with Chromium.

    python3 art/make.py            writes art/*.svg and the pictures beside their pages

The drawings are the project's own, and may be used under CC BY 4.0.
"""

import math
import pathlib
import random
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT = 2400, 1350
GREEN, BRONZE, GOLD, PAPER, CINNABAR = "#0b3d31", "#86581a", "#d8b365", "#fbf9f3", "#a03226"


def mix(a, b, share):
    pair = [(int(a[n : n + 2], 16), int(b[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pair)


def points(places):
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in places)


def polygon(places, fill, more=""):
    return f'<polygon points="{points(places)}" fill="{fill}"{more}/>'


def gradient(name, *stops):
    inner = "".join(f'<stop offset="{at}" stop-color="{colour}"/>' for at, colour in stops)
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{inner}</linearGradient>'


def svg(body, defs=""):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<defs>{defs}</defs>{''.join(body)}</svg>\n"
    )


# Mountains: each is a ridge of peaks; a peak has a light flank and a dark one, and snow where it is high.

def jag(rng, start, end, steps, rough):
    """A line from a place to another that is broken as rock is."""
    line = [start]
    for n in range(1, steps):
        share = n / steps
        x = start[0] + (end[0] - start[0]) * share
        y = start[1] + (end[1] - start[1]) * share
        line.append((x + rng.uniform(-rough, rough), y + rng.uniform(-rough, rough)))
    line.append(end)
    return line


def peak(rng, x, top, left, right, base, light, dark, snow=None):
    """A peak with its light on the left, where the sun went down."""
    summit = (x, top)
    west = jag(rng, summit, (left, base), 7, 16)
    east = jag(rng, summit, (right, base), 7, 16)
    fold = jag(rng, summit, (x + (right - left) * 0.07, base), 8, 26)
    parts = [polygon(west + fold[::-1], light), polygon(fold + east[::-1], dark)]
    # Ribs run down the flanks, each with a side in the shade.
    height = base - top
    for line, other, colour in ((west, fold, mix(light, dark, 0.45)), (east, fold, mix(dark, light, 0.3))):
        for share in (0.3, 0.62):
            start = 1 + int(len(line) * share * 0.5)
            begin = line[start]
            goal = (begin[0] + (other[-1][0] - begin[0]) * share, base)
            ridge = jag(rng, begin, goal, 6, 14)
            side = [(x + (other[0][0] - begin[0]) * 0.1 * (n / 6) + 22 * (n / 6), y) for n, (x, y) in enumerate(ridge)]
            parts.append(polygon(ridge + side[::-1], colour))
    if snow:
        depth = snow[2]
        def cover(line, fall, colour, inner):
            outer = [place for place in line if place[1] <= top + depth] + []
            low = outer[-1]
            middle = [place for place in fold if place[1] <= top + depth * 1.15]
            # The edge of the snow follows the gullies: long tongues and short ones.
            edge = []
            tongues = [0.55, -0.1, 0.95, 0.05, 0.4, -0.2]
            for n, tongue in enumerate(tongues, 1):
                share = n / (len(tongues) + 1)
                x = low[0] + (middle[-1][0] - low[0]) * share
                y = low[1] + (middle[-1][1] - low[1]) * share
                edge.append((x + rng.uniform(-9, 9), y + tongue * depth * fall))
            return polygon(outer + edge + middle[::-1], colour)
        parts.append(cover(west, 0.42, snow[0], fold))
        parts.append(cover(east, 0.5, snow[1], fold))
    return parts


def karakoram():
    rng = random.Random(1978)
    defs = gradient("sky", (0, GREEN), (0.3, "#1f5a49"), (0.52, "#8a8c5c"), (0.68, GOLD), (0.8, "#f1ddb0"), (1, PAPER))
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>']
    # The evening star, of eight points, and the sun that has nearly gone.
    body.append(f'<circle cx="690" cy="770" r="150" fill="{PAPER}" opacity=".35"/><circle cx="690" cy="770" r="105" fill="{PAPER}" opacity=".9"/>')
    body.append(polygon(star(1960, 180, 26, 11, 8), PAPER))
    # Far ranges, in the haze.
    haze = [(mix(GOLD, "#5d7f6d", 0.42), mix(GOLD, "#4b7262", 0.58)), ("#6f8a70", "#547a66")]
    for n, (light, dark) in enumerate(haze):
        base = 980 + n * 30
        x = -120
        while x < WIDTH + 200:
            wide = rng.uniform(200, 460)
            top = 690 + n * 40 + rng.uniform(-70, 80)
            body += peak(rng, x, top, x - wide, x + wide, base + 200, light, dark)
            x += wide * rng.uniform(0.55, 0.85)
    # The great peak and those beside it.
    snow_light, snow_dark = PAPER, mix(PAPER, "#7d9c92", 0.62)
    great = [
        (1000, 520, 560, 1400, 1120), (2130, 470, 1700, 2640, 1160), (1560, 225, 900, 2260, 1180),
        (300, 560, -160, 760, 1160),
    ]
    for x, top, left, right, base in great:
        depth = 330 if top < 300 else 190
        body += peak(rng, x, top, left, right, base + 120, "#3c6f5b", "#215443", (snow_light, snow_dark, depth))
    # Foothills, the darker the nearer.
    for n, (colour, shade) in enumerate([("#2a5a47", "#1d4b3b"), ("#17483a", "#103f32")]):
        x = -200
        while x < WIDTH + 300:
            wide = rng.uniform(330, 520)
            top = 905 + n * 105 + rng.uniform(-60, 50)
            body += peak(rng, x, top, x - wide, x + wide, 1400, colour, shade)
            x += wide * rng.uniform(0.7, 1.0)
    # The valley floor, and the road that winds up to the pass.
    floor = [(-10, 1170), (420, 1120), (900, 1088), (1330, 1078), (1760, 1096), (2150, 1130), (2410, 1165), (2410, 1360), (-10, 1360)]
    body.append(polygon(floor, "#0d3a2e"))
    left, right = [], []
    for n in range(161):
        share = n / 160
        depth = share**1.7
        y = 1350 - 322 * (1 - (1 - share) ** 1.9)
        x = 1180 + 560 * math.sin(share * 9.2 + 0.55) * (1 - share) ** 1.25 + 330 * depth
        half = 3 + 92 * (1 - share) ** 2.6
        left.append((x - half, y))
        right.append((x + half, y))
    body.append(polygon(left + right[::-1], mix(GOLD, BRONZE, 0.25)))
    middle = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(left, right)]
    for n in range(0, 120, 8):
        a, b = middle[n], middle[n + 4]
        thick = max(1.5, 9 * (1 - n / 160) ** 2.2)
        body.append(f'<line x1="{a[0]:.0f}" y1="{a[1]:.0f}" x2="{b[0]:.0f}" y2="{b[1]:.0f}" stroke="{PAPER}" stroke-width="{thick:.1f}" stroke-linecap="round"/>')
    # The slope in front.
    front = [(-10, 1240), *jag(rng, (60, 1232), (620, 1345), 6, 10), (660, 1360), (-10, 1360)]
    body.append(polygon(front, "#072b22"))
    front = [(2410, 1205), *jag(rng, (2330, 1214), (1700, 1348), 7, 10), (1660, 1360), (2410, 1360)]
    body.append(polygon(front, "#072b22"))
    return svg(body, defs)


# The harbour, seen from high above the sea to its south: a neck of sand leads to a broad table of rock.

def curve(places, steps=14):
    """A smooth line through places (Catmull and Rom)."""
    line = []
    for n in range(len(places) - 1):
        p = [places[max(n - 1, 0)], places[n], places[n + 1], places[min(n + 2, len(places) - 1)]]
        for step in range(steps):
            s = step / steps
            line.append(tuple(
                0.5 * (2 * p[1][k] + (p[2][k] - p[0][k]) * s + (2 * p[0][k] - 5 * p[1][k] + 4 * p[2][k] - p[3][k]) * s * s
                       + (3 * p[1][k] - p[0][k] - 3 * p[2][k] + p[3][k]) * s**3) for k in (0, 1)))
    return line + [places[-1]]


def crane(x, foot, size, colour):
    """A crane for containers, its arm over the ship."""
    s = size
    def line(a, b, w):
        return f'<line x1="{x + a[0] * s:.1f}" y1="{foot - a[1] * s:.1f}" x2="{x + b[0] * s:.1f}" y2="{foot - b[1] * s:.1f}" stroke="{colour}" stroke-width="{w * s:.1f}" stroke-linecap="square"/>'
    return [
        line((0, 0), (0, 62), 3.2), line((34, 0), (34, 62), 3.2), line((-4, 62), (38, 62), 4.5),
        line((0, 30), (34, 30), 2.4), line((0, 62), (34, 30), 1.6),
        line((-34, 66), (96, 66), 4.5), line((22, 62), (22, 100), 3), line((22, 100), (94, 68), 1.6), line((22, 100), (-30, 68), 1.6),
        line((62, 66), (62, 44), 1), f'<rect x="{x + 55 * s:.1f}" y="{foot - 44 * s:.1f}" width="{14 * s:.1f}" height="{6 * s:.1f}" fill="{colour}"/>',
    ]


def ship(x, water, s):
    """A container ship at the quay."""
    hull = [(0, -20), (14, 0), (236, 0), (262, -26), (250, -24), (40, -22)]
    parts = [polygon([(x + a * s, water + b * s) for a, b in hull], GREEN)]
    parts.append(polygon([(x + a * s, water + b * s) for a, b in [(8, -7), (14, 0), (236, 0), (243, -7)]], CINNABAR))
    parts.append(f'<rect x="{x + 14 * s:.0f}" y="{water - 58 * s:.0f}" width="{26 * s:.0f}" height="{38 * s:.0f}" fill="{PAPER}"/>')
    parts.append(f'<rect x="{x + 14 * s:.0f}" y="{water - 52 * s:.0f}" width="{26 * s:.0f}" height="{5 * s:.0f}" fill="{GREEN}"/>')
    colours = [BRONZE, GOLD, CINNABAR, "#3c6f5b", PAPER, BRONZE, "#3c6f5b", GOLD, CINNABAR, BRONZE]
    for column in range(10):
        for row in range(3 if 1 < column < 8 else 2):
            colour = colours[(column * 3 + row * 7) % 10]
            parts.append(f'<rect x="{x + (48 + column * 19) * s:.1f}" y="{water - (32 + row * 10) * s:.1f}" width="{18 * s:.1f}" height="{9 * s:.1f}" fill="{colour}"/>')
    return parts


def gwadar():
    rng = random.Random(2016)
    horizon = 300
    defs = gradient("sky", (0, "#3f7a64"), (0.45, "#b9b98a"), (0.8, "#efdcae"), (1, PAPER))
    defs += gradient("sea", (0, "#9fb396"), (0.2, "#4f8570"), (0.55, "#1f5a49"), (1, GREEN))
    defs += gradient("sand", (0, "#e9d7ab"), (1, GOLD))
    defs += gradient("rock", (0, "#d2ac69"), (1, "#b98d4a"))
    body = [f'<rect width="{WIDTH}" height="{horizon + 4}" fill="url(#sky)"/>']
    body.append(f'<circle cx="560" cy="232" r="120" fill="{PAPER}" opacity=".3"/><circle cx="560" cy="232" r="78" fill="{PAPER}" opacity=".95"/>')
    body.append(f'<rect y="{horizon}" width="{WIDTH}" height="{HEIGHT - horizon}" fill="url(#sea)"/>')
    # The hills of the coast, one range behind the other.
    for base, high, colour in ((318, 92, "#8fa58a"), (338, 70, "#7a9077"), (356, 46, "#9a8f5f")):
        line, x = [], -20
        while x < WIDTH + 200:
            line.append((x, base - high * rng.uniform(0.15, 1.0)))
            x += rng.uniform(46, 120)
        body.append(polygon([(-20, 420), *line, (WIDTH + 200, 420)], colour))
    # The land, the neck and the head in one line, from the west round to the east.
    west = [(-40, 470), (190, 452), (420, 440), (640, 462), (830, 520), (950, 610), (1012, 712), (1000, 800)]
    head_west = [(1000, 800), (860, 812), (640, 806), (430, 828), (330, 872), (352, 930), (470, 968)]
    front = [(470, 968), (760, 1000), (1080, 1010), (1420, 1000), (1730, 966), (1890, 922)]
    head_east = [(1890, 922), (1962, 872), (1900, 826), (1720, 806), (1500, 812), (1340, 796)]
    east = [(1340, 796), (1318, 700), (1372, 598), (1500, 508), (1700, 452), (1960, 424), (2240, 430), (2440, 446)]
    neck = curve(west) + curve(east)
    shore = [(x, y + 10) for x, y in neck]
    whole = [(-40, 380), *shore, (2440, 380)]
    body.append(polygon([(-40, 380), *[(x + (26 if x < 1170 else -26) * (1 if 500 < y < 790 else 0), y + 26) for x, y in neck], (2440, 380)], "#7fa58e", ' opacity=".0"'))
    # Shallow water along the beaches of both bays.
    for grow, opacity in ((46, 0.16), (26, 0.22), (11, 0.34)):
        body.append(f'<polyline points="{points(curve(west))}" fill="none" stroke="#cfe0c8" stroke-width="{grow * 2}" stroke-linejoin="round" opacity="{opacity}"/>')
        body.append(f'<polyline points="{points(curve(east))}" fill="none" stroke="#cfe0c8" stroke-width="{grow * 2}" stroke-linejoin="round" opacity="{opacity}"/>')
    body.append(polygon(whole, "url(#sand)"))
    # Plains and dry rivers of the mainland.
    for n in range(26):
        x, y = rng.uniform(-20, 2400), rng.uniform(384, 436)
        wide = rng.uniform(80, 300)
        body.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{rng.uniform(3, 7):.1f}" rx="3" fill="{BRONZE}" opacity="{rng.uniform(0.1, 0.26):.2f}"/>')
    # The cliff of the head towards the open sea, layer upon layer, and its image in the water.
    rim = curve(head_west[3:]) + curve(front) + curve(head_east[:4])
    tall = 118
    def drop(line, share):
        return [(x, y + tall * share * min(1, max(0.12, (y - 806) / 150))) for x, y in line]
    image = [(x, 2 * (y + tall * 0.9) - y - tall * 0.2) for x, y in rim]
    body.append(polygon(rim + [(x, y + 70) for x, y in drop(rim, 1)][::-1], "#0a3329", ' opacity=".5"'))
    layers = ["#b98d4a", "#a3752f", "#8f621f", BRONZE, "#744c17", "#5f3d13"]
    for n, colour in enumerate(layers):
        upper, lower = drop(rim, n / len(layers)), drop(rim, (n + 1) / len(layers))
        wobble = [(x, y + (rng.uniform(-4, 4) if n else 0)) for x, y in upper]
        body.append(polygon(wobble + [(x, y + 3) for x, y in lower[::-1]], colour))
    # Gullies that the rain has cut.
    for n in range(4, len(rim) - 4, 3):
        if rng.random() < 0.72:
            x, y = rim[n]
            foot = drop([rim[n]], 1)[0][1]
            lean, wide = rng.uniform(-12, 12), rng.uniform(8, 20)
            bend = y + (foot - y) * 0.45
            body.append(polygon([(x, y + 2), (x + wide * 0.5 + lean * 0.4, bend), (x + wide + lean, foot), (x - wide * 0.5 + lean, foot), (x - wide * 0.1 + lean * 0.3, bend)], "#3f2a0d", ' opacity=".34"'))
    body.append(f'<polyline points="{points(drop(rim, 1.03))}" fill="none" stroke="{PAPER}" stroke-width="4" opacity=".75" stroke-linecap="round"/>')
    # The table itself.
    table = curve(head_west) + curve(front) + curve(head_east)
    body.append(polygon(table, "url(#rock)"))
    for n in range(34):
        x = rng.uniform(520, 1700)
        y = rng.uniform(836, 962 - abs(x - 1150) * 0.06)
        wide = rng.uniform(40, 190)
        body.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{rng.uniform(2.5, 6):.1f}" rx="3" fill="{BRONZE}" opacity="{rng.uniform(0.12, 0.34):.2f}"/>')
    body.append(f'<polyline points="{points(curve(front))}" fill="none" stroke="#ecd7a4" stroke-width="5" opacity=".9"/>')
    # The town on the neck: small houses, the nearer the larger.
    houses = []
    for _ in range(430):
        y = 570 + round(rng.uniform(0, 1) ** 0.8 * 18) * 13
        share = (y - 470) / 330
        middle, half = 1170 - (y - 700) * 0.02, 128 + max(0, (640 - y)) * 0.9
        x = middle + round(rng.uniform(-half, half) * 0.82 / 21) * 21 + (y // 13 % 3) * 4
        houses.append((y, x, share))
    for y, x, share in sorted(set(houses)):
        wide, high = rng.uniform(12, 19) * (0.55 + share * 0.5), rng.uniform(7, 15) * (0.5 + share * 0.6)
        wall = mix(PAPER, BRONZE, rng.choice([0.02, 0.08, 0.16, 0.28]))
        body.append(f'<rect x="{x:.0f}" y="{y - high:.0f}" width="{wide:.0f}" height="{high:.0f}" fill="{wall}"/><rect x="{x + wide * 0.68:.1f}" y="{y - high:.0f}" width="{wide * 0.32:.1f}" height="{high:.0f}" fill="{BRONZE}" opacity=".45"/>')
    for x, y in ((1108, 700), (1236, 748)):
        body.append(f'<rect x="{x}" y="{y - 56}" width="7" height="58" fill="{PAPER}"/><circle cx="{x + 3.5}" cy="{y - 58}" r="5" fill="{PAPER}"/><path d="M{x + 14} {y + 2}v-15a17 17 0 0 1 34 0v15z" fill="#3c6f5b"/>')
    # The port in the shelter of the eastern bay.
    body.append(polygon([(1352, 782), (1790, 762), (1880, 792), (1868, 806), (1500, 822), (1352, 806)], "#8a8271"))
    body.append(polygon([(1352, 782), (1790, 762), (1796, 768), (1352, 789)], "#e0d3b4"))
    for x in range(1420, 1760, 26):
        for row in range(2):
            colour = [CINNABAR, GREEN, BRONZE, "#3c6f5b", GOLD][(x // 26 * 3 + row * 2) % 5]
            body.append(f'<rect x="{x}" y="{786 - (x - 1352) * 0.04 + row * 9:.1f}" width="22" height="8" fill="{colour}"/>')
    body += ship(1440, 772, 1.25)
    for x in (1462, 1556, 1650):
        body += crane(x, 786 - (x - 1352) * 0.045, 1.3, GREEN)
    body += ship(1985, 640, 0.85)
    body.append(f'<path d="M2215 640q90 6 180 -4M2000 650q90 10 220 2" fill="none" stroke="{PAPER}" stroke-width="3" opacity=".6" stroke-linecap="round"/>')
    # What the wind makes of the water, the nearer the larger.
    def is_land(x, y):
        return (310 < x < 1990 and 770 < y < 1130) or (900 < x < 1420 and y < 830) or y < 500 + 60 * (abs(x - 1180) < 700)
    y, n = 470, 0
    while y < HEIGHT - 10:
        share = (y - 420) / 930
        step = 70 + share * 170
        x = -rng.uniform(0, step)
        while x < WIDTH:
            if rng.random() < 0.55 and not any(is_land(x + d, y + e) for d in (0, step) for e in (-10, 10)):
                rise = 3 + share * 9
                body.append(f'<path d="M{x:.0f} {y:.0f}q{step / 4:.0f} {-rise:.0f} {step / 2:.0f} 0t{step / 2:.0f} 0" fill="none" stroke="{GOLD}" stroke-width="{1.3 + share * 2.4:.1f}" stroke-linecap="round" opacity="{0.2 + share * 0.22:.2f}"/>')
            x += step * rng.uniform(1.05, 2.0)
        y += 16 + share * 26
    # Boats of those who fish here.
    def boat(x, y, s):
        dark = "#4d3413"
        hull = [(0, 0), (28, 34), (182, 34), (232, -12), (176, 4), (50, 8)]
        inner = [(0, 0), (50, 8), (176, 4), (232, -12), (178, 14), (46, 18)]
        move = lambda places: [(x + a * s, y + b * s) for a, b in places]
        return [
            polygon(move(hull), dark), polygon(move(inner), GOLD),
            polygon(move([(101, 4), (108, 4), (108, -152), (101, -152)]), dark),
            polygon(move([(98, -146), (98, -12), (10, -18)]), PAPER), polygon(move([(112, -132), (112, -14), (188, -20)]), mix(PAPER, GOLD, 0.45)),
            f'<path d="M{x + 14 * s:.0f} {y + 44 * s:.0f}q{50 * s:.0f} 12 {100 * s:.0f} 0t{90 * s:.0f} 0" fill="none" stroke="{PAPER}" stroke-width="{3.4 * s:.1f}" opacity=".6" stroke-linecap="round"/>',
        ]
    body += boat(250, 1190, 1.0) + boat(470, 640, 0.42) + boat(640, 590, 0.32) + boat(2020, 1130, 0.66)
    return svg(body, defs)


# The ornament: stars of eight points and the crosses between them.

def star(x, y, outer, inner, count, turn=0.0):
    places = []
    for n in range(count * 2):
        radius = outer if n % 2 == 0 else inner
        angle = turn + math.pi * n / count
        places.append((x + radius * math.sin(angle), y - radius * math.cos(angle)))
    return places


def exact(places):
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in places)


def khatam(x, y, half, turn=0.0):
    """Two squares across each other: eight points."""
    inner = half * math.sqrt(2) * math.cos(math.pi / 4) / math.cos(math.pi / 8)
    return star(x, y, half * math.sqrt(2), inner, 8, turn)


def ornament():
    cell = 300
    half = cell / 2 / math.sqrt(2)
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GREEN}"/>']
    columns, rows = WIDTH // cell + 2, HEIGHT // cell + 2
    shift = -(rows * cell - HEIGHT) / 2
    for row in range(-1, rows + 1):
        for column in range(-1, columns + 1):
            x, y = column * cell, shift + row * cell + cell / 2
            red = (column % 4 == 0) and (row % 2 == 0)
            def ring(shape, fill, line=None, width=0):
                stroke = f' stroke="{line}" stroke-width="{width}" stroke-linejoin="miter"' if line else ""
                body.append(f'<polygon points="{exact(shape)}" fill="{fill}"{stroke}/>')
            # The cross between four stars is the ground; a little star stands in its middle.
            ring(khatam(x, y, half - 9), BRONZE, GOLD, 5)
            ring(khatam(x, y, half * 0.78), "#0f4a3b", PAPER, 3)
            ring(khatam(x, y, half * 0.58, math.pi / 8), CINNABAR if red else BRONZE, GOLD, 3)
            ring(star(x, y, half * 0.72, half * 0.26, 8, math.pi / 8), GOLD if not red else PAPER)
            ring(khatam(x, y, half * 0.2), GREEN)
            body.append(f'<circle cx="{x}" cy="{y}" r="{half * 0.09:.1f}" fill="{GOLD}"/>')
            cx, cy = x + cell / 2, y + cell / 2
            arm, waist = cell / 2 - 26, half * 0.42
            cross = []
            for turn in range(4):
                angle = math.pi / 2 * turn
                def at(a, b):
                    return (cx + a * math.cos(angle) - b * math.sin(angle), cy + a * math.sin(angle) + b * math.cos(angle))
                cross += [at(waist, -waist), at(arm - 34, -34), at(arm, 0), at(arm - 34, 34)]
            ring(cross, "#0f4a3b", GOLD, 4)
            ring(khatam(cx, cy, half * 0.3), BRONZE, GOLD, 3)
            ring(star(cx, cy, half * 0.3, half * 0.12, 8), PAPER)
    return svg(body)


def main():
    drawings = {
        "karakoram-highway": (karakoram(), "content/places/karakoram-highway"),
        "gwadar-port": (gwadar(), "content/places/gwadar-port"),
        "stars": (ornament(), "content/anniversary"),
    }
    for name, (drawing, folder) in drawings.items():
        (HERE / f"{name}.svg").write_text(drawing)
        target = HERE.parent / folder
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            page = pathlib.Path(temporary) / "page.html"
            page.write_text(f"<!doctype html><style>body{{margin:0}}svg{{display:block}}</style>{drawing}")
            subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}",
                 f"--screenshot={target / (name + '.png')}", page.as_uri()],
                check=True, capture_output=True,
            )


main()
