// A timeline: what it says without a script, and how it is filtered with the keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, address, open, picture } from "./knowledge.mjs";

const EVENTS = 12;
const ALL = 14;

// The names of the entries that are seen.
const entries = (page) => page.locator(".entry:visible h4").allTextContents();
const decades = (page) => page.locator(".decade:visible").evaluateAll((all) => all.map(({ id }) => id));
const links = (page) => page.locator(".jump li:visible a").evaluateAll((all) => all.map((link) => link.getAttribute("href").slice(1)));
const said = (page) => page.locator("[role=status]").textContent();
const focused = (page) => page.evaluate(() => document.activeElement.name || document.activeElement.type || document.activeElement.tagName);

const WORDS = {
  ar: {
    0: "لا يظهر شيء من أصل 14", 1: "تظهر مادة واحدة من أصل 14", 2: "تظهر مادتان من أصل 14",
    3: "تظهر 3 مواد من أصل 14", 5: "تظهر 5 مواد من أصل 14", 12: "تظهر 12 مادة من أصل 14", 14: "تظهر 14 مادة من أصل 14",
  },
  en: {
    0: "0 of 14 entries shown", 1: "1 of 14 entries shown", 2: "2 of 14 entries shown", 3: "3 of 14 entries shown",
    5: "5 of 14 entries shown", 12: "12 of 14 entries shown", 14: "14 of 14 entries shown",
  },
};

for (const { lang, dir, root } of LANGUAGES) {
  test(`without a script everything is there, in order (${lang})`, async (t) => {
    const page = await open(t, `${root}timeline/?kind=event&place=beijing`, { javaScriptEnabled: false });
    assert.equal((await entries(page)).length, ALL);
    assert.deepEqual(await decades(page), ["decade_1950", "decade_1960", "decade_1970", "decade_2000", "decade_2020"]);
    assert.deepEqual(await links(page), await decades(page));
    assert.ok(await page.locator("#timeline_filter").isHidden());
    assert.equal(await said(page), "");
    const times = await page.locator(".entry time").evaluateAll((all) => all.map((time) => time.dateTime));
    assert.deepEqual(times, times.toSorted());
    // What is known of a date is what a machine is told.
    assert.ok(times.includes("1950") && times.includes("1963-01") && times.includes("1951-05-21"), times.join());
    // An interval says both of its ends.
    const visit = await page.locator(".entry", { has: page.locator("a[href$='/visit/']") }).locator(".when").textContent();
    assert.match(visit, /30[^0-9]+(2025)?.*4[^0-9]+2025/);
  });

  test(`it is filtered with the keyboard alone (${lang})`, async (t) => {
    const page = await open(t, `${root}timeline/`);
    const words = WORDS[lang];
    assert.equal(await said(page), "", "nothing is announced that nobody did");
    await page.locator("[name=kind]").first().focus();
    assert.equal(await page.locator("[name=kind]:focus").getAttribute("value"), "document");
    await page.keyboard.press("Space");
    assert.equal(await said(page), words[EVENTS]);
    assert.equal(address(page), `${root}timeline/?kind=event`);
    assert.equal(await focused(page), "kind", "the focus stays");

    // Places are chosen by their names; a country with what lies in it.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "place");
    for (let n = 0; n < 9 && await page.locator("[name=place]").inputValue() !== "beijing"; n += 1) await page.keyboard.press("ArrowDown");
    assert.equal(await said(page), words[3]);
    assert.equal(address(page), `${root}timeline/?kind=event&place=beijing`);
    assert.equal(await focused(page), "place");
    assert.deepEqual(await decades(page), ["decade_1960", "decade_2020"]);
    assert.deepEqual(await links(page), await decades(page), "what is empty is not led to");
    assert.equal(await page.locator(".year:visible").count(), 2);
    await picture(page, `timeline-${lang}`);
    await page.selectOption("[name=place]", "china");
    assert.equal(await said(page), words[5]);
    await page.selectOption("[name=place]", "islamabad");
    assert.equal(await said(page), words[2]);
    await page.selectOption("[name=place]", "chengdu");
    assert.equal(await said(page), words[1]);

    // No kind at all is nothing at all, and is in the address as well.
    await page.locator("[name=kind][value=event]").focus();
    await page.keyboard.press("Space");
    assert.equal(await said(page), words[0]);
    assert.deepEqual(await decades(page), []);
    assert.equal(address(page), `${root}timeline/?kind=&place=chengdu`);

    await page.locator("#timeline_filter button").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction((all) => document.querySelectorAll(".entry:not([hidden])").length === all, ALL);
    assert.equal(await said(page), words[ALL]);
    assert.equal(address(page), `${root}timeline/`);
    assert.equal(await focused(page), "reset", "the focus stays");
  });

  test(`the address is the choice (${lang})`, async (t) => {
    const page = await open(t, `${root}timeline/?kind=event&place=beijing&other=1#decade_2020`);
    assert.equal((await entries(page)).length, 3);
    assert.equal(await said(page), WORDS[lang][3]);
    assert.ok(await page.locator("[name=kind][value=event]").isChecked());
    assert.ok(!await page.locator("[name=kind][value=document]").isChecked());
    assert.equal(await page.locator("[name=place]").inputValue(), "beijing");
    await page.check("[name=kind][value=document]");
    assert.equal(address(page), `${root}timeline/?other=1&place=beijing#decade_2020`);
    await page.reload();
    assert.equal((await entries(page)).length, 3);

    const unknown = await open(t, `${root}timeline/?kind=war&place=atlantis`);
    assert.equal((await entries(unknown)).length, ALL);
  });

  test(`the line runs on the side where reading begins, and fits a phone (${lang})`, async (t) => {
    const page = await open(t, `${root}timeline/`, { viewport: { width: 320, height: 800 } });
    const { wide, line, entry } = await page.evaluate(() => {
      const style = getComputedStyle(document.querySelector(".entry"));
      const box = document.querySelector(".entry h4 a").getBoundingClientRect();
      return { wide: document.documentElement.scrollWidth, line: [style.borderLeftWidth, style.borderRightWidth], entry: [box.left, box.right] };
    });
    assert.equal(wide, 320);
    assert.deepEqual(line, dir === "rtl" ? ["0px", "2px"] : ["2px", "0px"]);
    assert.ok(entry[0] >= 0 && entry[1] <= 320);
    // Whatever can be pressed is large enough to be.
    const small = await page.locator(".filter label:has(input), .filter select, .filter button, .jump a").evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24).map((one) => one.outerHTML));
    assert.deepEqual(small, []);
  });
}
