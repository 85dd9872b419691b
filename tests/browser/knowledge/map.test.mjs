// A map: places lie as on the Earth in both directions, and their names can be read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, address, open, picture } from "./knowledge.mjs";

const PLACES = ["beijing", "chengdu", "gwadar-port", "islamabad", "kashgar", "khunjerab-pass"];

// What is drawn: the middle of each mark and the box of each name, by the last part of the address.
const drawn = (page) => page.evaluate(() => {
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  // A line of Arabic is much higher than what is written in it: what counts is the ink.
  const canvas = document.createElement("canvas").getContext("2d");
  const ink = (text) => {
    const scale = text.getScreenCTM().a;
    const { fontFamily, fontWeight, fontSize } = getComputedStyle(text);
    canvas.font = `${fontWeight} ${parseFloat(fontSize) * scale}px ${fontFamily}`;
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = canvas.measureText(text.textContent);
    const line = text.getScreenCTM().f + text.y.baseVal[0].value * scale;
    return { ...box(text), top: line - up, bottom: line + down };
  };
  const seen = (element) => element.getClientRects().length > 0 && element.getBoundingClientRect().width > 0;
  const places = [...document.querySelectorAll(".map-page svg a")].map((link) => {
    const [dot] = [...link.querySelectorAll(".map-dot")].filter(seen);
    const [name] = [...link.querySelectorAll("text")].filter(seen);
    const at = box(dot);
    return [link.getAttribute("href").split("/").at(-2), {
      x: (at.left + at.right) / 2, y: (at.top + at.bottom) / 2, dot: at,
      name: name && ink(name), text: name?.textContent, size: name && parseFloat(getComputedStyle(name).fontSize) * name.getScreenCTM().a,
      label: link.getAttribute("aria-label"), link: box(link), texts: [...link.querySelectorAll("text")].filter(seen).length,
    }];
  });
  return { frame: box(document.querySelector(".map-page svg")), places: Object.fromEntries(places) };
});

const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;

for (const { lang, dir, root } of LANGUAGES) {
  for (const width of [320, 768, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`places are where they are, and their names are legible (${lang}, ${width}, ${colorScheme})`, async (t) => {
        const page = await open(t, `${root}map/`, { viewport: { width, height: 900 }, colorScheme });
        await picture(page, `map-${lang}-${width}-${colorScheme}`);
        const { frame, places } = await drawn(page);
        assert.deepEqual(Object.keys(places).toSorted(), PLACES);

        // North is up and east to the right, whichever way one reads.
        const { beijing, "gwadar-port": gwadar, kashgar, "khunjerab-pass": pass, islamabad, chengdu } = places;
        const part = (frame.right - frame.left) / 2;
        assert.ok(beijing.x - gwadar.x > part && gwadar.y > beijing.y, "Beijing is north-east of Gwadar");
        assert.ok(kashgar.y < pass.y && pass.y < islamabad.y && islamabad.y < gwadar.y, "from north to south");
        assert.ok(gwadar.x < islamabad.x && islamabad.x < pass.x && pass.x < chengdu.x && chengdu.x < beijing.x, "from west to east");
        // As far as the projection says: 54 degrees of longitude are drawn as 54 of one length.
        const degree = (beijing.x - gwadar.x) / (116.39 - 62.34);
        assert.ok(Math.abs(chengdu.x - gwadar.x - degree * (104.06 - 62.34)) < 2);

        const names = Object.entries(places);
        for (const [id, place] of names) {
          assert.equal(place.texts, 1, `${id} has its name once`);
          assert.equal(place.text, place.label, "a name that is seen is the name that is heard");
          const { left, top, right, bottom } = place.name;
          assert.ok(left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom, `${id} is not cut off`);
          assert.ok(place.size >= 12, `${id} is legible: ${place.size}`);
          for (const [other, { name, dot }] of names) {
            if (other !== id) assert.ok(!meet(place.name, name), `${id} and ${other} do not overlap`);
            assert.ok(!meet(place.name, dot), `${id} does not cover the mark of ${other}`);
          }
          // Where another place is near, a mark has what room there is, with its name, and the list is there.
          const near = names.some(([other, { x, y }]) => other !== id && Math.hypot(x - place.x, y - place.y) < 24);
          const size = [place.link.right - place.link.left, place.link.bottom - place.link.top];
          assert.ok(Math.min(...size) >= (near ? 16 : 24) && Math.max(...size) >= 24, `${id} can be hit: ${size}`);
        }
        const low = await page.locator(".map-places li").evaluateAll((all) => all.filter((one) => one.clientHeight < 24).length);
        assert.equal(low, 0);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      });
    }
  }

  test(`names stand on the side where the reader looks for them (${lang})`, async (t) => {
    const page = await open(t, `${root}map/`);
    const { places } = await drawn(page);
    const { chengdu } = places;
    const middle = (chengdu.name.left + chengdu.name.right) / 2;
    assert.ok(dir === "rtl" ? middle < chengdu.x : middle > chengdu.x);
    const [map, list] = await page.evaluate(() => [".map", ".map-places"].map((part) => document.querySelector(part).getBoundingClientRect().left));
    assert.ok(dir === "rtl" ? map > list : map < list, "the map comes first");
  });

  test(`the list says the same, and both lead to the places (${lang})`, async (t) => {
    const page = await open(t, `${root}map/`, { javaScriptEnabled: false });
    const read = (part) => page.locator(part).evaluateAll((links) => links.map((link) => [link.getAttribute("href"), link.getAttribute("aria-label") ?? link.textContent]));
    const onMap = await read(".map-page svg a");
    const inList = await read(".map-places > ul:first-of-type a");
    assert.deepEqual(onMap, inList);
    const beijing = await page.locator(".map-places li", { has: page.locator("a[href$='/beijing/']") }).textContent();
    assert.match(beijing, /39\.91.*116\.39/s);
    const unplaced = await read(".map-places > h3 + ul a");
    assert.deepEqual(unplaced.map(([href]) => href.split("/").at(-2)), lang === "ar" ? ["pakistan", "china"] : ["china", "pakistan"]);
  });

  test(`a mark is a link that can be focused and followed (${lang})`, async (t) => {
    const page = await open(t, `${root}map/`);
    const link = page.getByRole("link", { name: lang === "ar" ? "كاشغر" : "Kashgar" }).first();
    await link.focus();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "a");
    await page.keyboard.press("Enter");
    await page.waitForURL(/kashgar/);
    assert.equal(address(page), `${root}places/kashgar/`);
    // Its own page shows where it is.
    assert.equal(await page.locator(".locator svg[role=img]").count(), 1);

    // A click beside the mark of one of two near places leads to that one.
    const again = await open(t, `${root}map/`, { viewport: { width: 320, height: 900 } });
    await again.locator(".map-page svg").scrollIntoViewIfNeeded();
    const { places } = await drawn(again);
    for (const id of ["kashgar", "khunjerab-pass"]) {
      const hit = await again.evaluate(([x, y]) => document.elementFromPoint(x, y).closest("a")?.getAttribute("href"), [places[id].x + 2, places[id].y]);
      assert.ok(hit?.endsWith(`/${id}/`), `${id}: ${hit}`);
    }
  });

  test(`without its style the map is still one (${lang})`, async (t) => {
    const page = await open(t, `${root}map/`);
    await page.evaluate(() => document.querySelectorAll("link[rel=stylesheet]").forEach((sheet) => sheet.remove()));
    const { places } = await drawn(page);
    assert.ok(Object.values(places).every(({ texts }) => texts === 1), "names are drawn once");
    const land = await page.locator(".map-land").evaluate((path) => getComputedStyle(path).fillOpacity);
    assert.equal(land, "0.2");
  });
}
