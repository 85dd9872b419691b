#!/usr/bin/env python3
"""Makes the pictures of the tests, in this folder: each is of a kind that cameras, scanners and hostile people make.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow==12.0.0 && /tmp/venv/bin/python tests/pictures/make.py

They are kept in the repository: another version of Pillow may write other bytes, and so other names of variants.
"""

import io
import pathlib
import struct
import zlib

from PIL import Image, ImageDraw, ImageCms

HERE = pathlib.Path(__file__).parent
GPS = {1: "N", 2: (25.0, 7.0, 12.0), 3: "E", 4: (62.0, 19.0, 30.0)}


def scene(width=400, height=300):
    """A green sky, a bronze shore with a gradient, and a red square at the upper left."""
    image = Image.new("RGB", (width, height))
    pixels = image.load()
    for y in range(height):
        for x in range(width):
            if y < height * 2 // 3:
                pixels[x, y] = (11 + x * 60 // width, 61 + y * 120 // height, 49)
            else:
                pixels[x, y] = (134, 88, 26 + x * 100 // width)
    ImageDraw.Draw(image).rectangle((20, 20, 79, 79), fill=(200, 30, 30))
    return image


def save(name, image, **options):
    image.save(HERE / name, **options)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, rows, *more):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def main():
    image = scene()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Secrets"
    exif[0x0112] = 1
    exif.get_ifd(0x8825).update(GPS)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    save("gps.jpg", image, quality=85, exif=exif, icc_profile=srgb, comment=b"secret remark")
    # What phones put behind the picture, and what editors put into it.
    data = (HERE / "gps.jpg").read_bytes()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>secret place</x>"
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0csecret byline"
    more = b"".join(b"\xff" + bytes([m]) + struct.pack(">H", len(d) + 2) + d for m, d in ((0xE1, xmp), (0xED, iptc)))
    (HERE / "gps.jpg").write_bytes(data[:2] + more + data[2:] + b"secret film")

    turned = Image.Exif()
    turned[0x0112] = 6
    turned[0x010F] = "Camera of Secrets"
    save("turned.jpg", image.transpose(Image.Transpose.ROTATE_90), quality=85, exif=turned)
    save("turned.webp", image.transpose(Image.Transpose.ROTATE_90), quality=80, exif=turned)
    save("turned.png", image.transpose(Image.Transpose.ROTATE_90), exif=turned)

    save("grey.jpg", image.convert("L"), quality=85)
    save("cmyk.jpg", image.convert("CMYK"), quality=85)
    save("progressive.jpg", image, quality=85, progressive=True)
    save("lossy.webp", image, quality=80)
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    save("alpha.png", clear)
    save("alpha.webp", clear, lossless=True)
    save("palette.png", image.quantize(200))
    frames = [scene(120, 90), scene(120, 90).transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    frames[0].save(HERE / "moves.webp", save_all=True, append_images=frames[1:], duration=200)
    frames[0].save(HERE / "moves.png", save_all=True, append_images=frames[1:], duration=200)
    frames[0].save(HERE / "moves.gif", save_all=True, append_images=frames[1:], duration=200)
    save("small.png", scene(64, 48))
    save("wide.jpg", scene(900, 300), quality=80)

    deep = bytearray()
    for y in range(300):
        deep.append(0)
        for x in range(400):
            red, green, blue = image.getpixel((x, y))
            deep += struct.pack(">HHH", red * 257, green * 257, blue * 257)
    text = chunk(b"tEXt", b"Comment\0secret remark")
    (HERE / "deep.png").write_bytes(png(400, 300, 16, 2, bytes(deep), text))

    # Twenty thousand pixels square in a few kilobytes of file.
    row = zlib.compressobj(9)
    data = b"".join(row.compress(bytes(1 + 2500)) for _ in range(20000)) + row.flush()
    head = struct.pack(">IIBBBBB", 20000, 20000, 1, 0, 0, 0, 0)
    bomb = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    (HERE / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bomb)

    whole = (HERE / "progressive.jpg").read_bytes()
    (HERE / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    broken = bytearray((HERE / "alpha.png").read_bytes())
    broken[len(broken) // 2] ^= 0xFF
    (HERE / "broken.png").write_bytes(bytes(broken))


main()
