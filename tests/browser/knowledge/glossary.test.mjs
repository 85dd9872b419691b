// A term where it is used: the card beside it, and what there is without it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, open, picture } from "./knowledge.mjs";

const TEXT = { ar: "اسم مختصر للممر الاقتصادي.", en: "A short name of the economic corridor." };

for (const { lang, root } of LANGUAGES) {
  test(`the explanation is at the end of the page, and heard at the word (${lang})`, async (t) => {
    const page = await open(t, `${root}article/`, { javaScriptEnabled: false });
    const terms = page.locator("a.term");
    assert.equal(await terms.count(), 1, "at the first use alone");
    const id = await terms.getAttribute("aria-describedby");
    assert.equal(await page.locator(`#${id}`).textContent(), TEXT[lang]);
    assert.ok(await page.locator(`#${id}`).isVisible());
    assert.equal(await page.locator(".content a[href$='/corridor/']").count(), 2);
  });

  for (const width of [320, 1280]) {
    test(`a card shows it under the pointer and in focus (${lang}, ${width})`, async (t) => {
      const page = await open(t, `${root}article/`, { viewport: { width, height: 700 } });
      const term = page.locator("a.term");
      const card = page.locator(".term-card");
      assert.equal(await card.count(), 0);
      await term.hover();
      await card.waitFor();
      assert.equal(await card.textContent(), TEXT[lang]);
      assert.equal(await card.getAttribute("aria-hidden"), "true", "a screen reader has the description already");
      const box = await card.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width, "it is whole");
      const word = await term.boundingBox();
      assert.ok(box.y >= word.y + word.height || box.y + box.height <= word.y, "it does not cover the word");
      await picture(page, `glossary-${lang}-${width}`);
      // The pointer may go to it, and it stays.
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
      await page.waitForTimeout(500);
      assert.ok(await card.isVisible());
      // Escape takes it away without moving the pointer.
      await page.keyboard.press("Escape");
      assert.equal(await card.count(), 0);

      await term.focus();
      await card.waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await card.count(), 0);
      assert.ok(await term.evaluate((link) => link === document.activeElement), "the focus stays");
      await page.mouse.move(1, 1);
      await term.hover();
      await card.waitFor();
      await page.mouse.move(1, 1);
      await card.waitFor({ state: "detached" });
    });
  }
}
