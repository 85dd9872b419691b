// What tests ask a page, from within: `window.look`.
(() => {
  // A selector by which people find the element again.
  function selector(element) {
    const parts = [];
    for (let at = element; at && at.nodeType === 1 && at !== document.documentElement; at = at.parentElement) {
      const tag = at.localName;
      if (at.id) {
        parts.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      const name = [...at.classList].map((one) => `.${CSS.escape(one)}`).join("");
      const same = at.parentElement ? [...at.parentElement.children].filter((other) => other.localName === tag) : [at];
      parts.unshift(tag + name + (same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : ""));
    }
    return parts.join(" > ");
  }

  const box = (rect) => ({ left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom, width: rect.width, height: rect.height });
  const words = (text, most = 40) => {
    const one = text.replace(/\s+/g, " ").trim();
    return one.length > most ? `${one.slice(0, most)}…` : one;
  };

  // Whether something is drawn of an element, in whatever place.
  function visible(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false }) && element.getClientRects().length > 0;
  }

  // What is there to be heard alone, or to be seen in focus.
  function hiddenOnPurpose(element) {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (/inset\((50%|100%)/.test(style.clipPath) || style.clip === "rect(0px, 0px, 0px, 0px)" || style.clip === "rect(1px, 1px, 1px, 1px)") return true;
      if (style.overflow !== "visible" && at.offsetWidth <= 1 && at.offsetHeight <= 1) return true;
      if (style.position !== "static") {
        const { right, bottom } = at.getBoundingClientRect();
        if (bottom + scrollY <= 0 || right + scrollX <= -100) return true;
      }
    }
    return false;
  }

  // The text nodes that are seen.
  function texts(root = document.body) {
    // A filter of its own would not be called where scripts are off.
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const seen = new Map();
    const see = (parent) => {
      if (!seen.has(parent)) seen.set(parent, !parent.closest("script, style, noscript, svg, select, option, textarea, template") && visible(parent) && !hiddenOnPurpose(parent));
      return seen.get(parent);
    };
    const all = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && node.parentElement && see(node.parentElement)) all.push(node);
    }
    return all;
  }

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const fonts = new Map();
  function font(element) {
    if (!fonts.has(element)) {
      const style = getComputedStyle(element);
      fonts.set(element, {
        font: `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`, direction: style.direction,
        size: parseFloat(style.fontSize), letterSpacing: style.letterSpacing === "normal" ? "0px" : style.letterSpacing,
      });
    }
    return fonts.get(element);
  }

  // The words of a text node with the boxes of their lines and of their ink.
  function ink(node) {
    const { font: face, direction, size, letterSpacing } = font(node.parentElement);
    canvas.font = face;
    canvas.direction = direction;
    canvas.letterSpacing = letterSpacing;
    const range = document.createRange();
    const found = [];
    for (const match of node.data.matchAll(/\S+/g)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5);
      if (!rects.length) continue;
      const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down, fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = canvas.measureText(match[0]);
      for (const rect of rects) {
        // The box of a text is as high as its face, whatever the height of the line.
        const base = rect.top + above + (rect.height - above - below) / 2;
        found.push({ node, word: match[0], size, rect, base, ink: { left: rect.left, right: rect.right, top: base - up, bottom: base + down } });
      }
    }
    return found;
  }

  // Whether the letters of two words touch, and not only their boxes.
  function touch(a, b) {
    const [left, top] = [Math.floor(Math.min(a.mark.left, b.mark.left)) - 4, Math.floor(Math.min(a.mark.top, b.mark.top)) - 4];
    const width = Math.ceil(Math.max(a.mark.right, b.mark.right)) + 4 - left;
    const height = Math.ceil(Math.max(a.mark.bottom, b.mark.bottom)) + 4 - top;
    const [one, other] = [a, b].map(({ node, word, rect, base }) => {
      const { canvas: sheet } = canvas;
      [sheet.width, sheet.height] = [width, height];
      const { font: face, direction, letterSpacing } = font(node.parentElement);
      Object.assign(canvas, { font: face, direction, letterSpacing, textAlign: "left" });
      canvas.fillText(word, rect.left - left, base - top);
      return canvas.getImageData(0, 0, width, height).data;
    });
    let both = 0;
    for (let at = 3; at < one.length; at += 4) if (one[at] > 96 && other[at] > 96) both += 1;
    return both >= 3;
  }

  const cuts = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";

  // The nearest box that is painted, which a text should not leave.
  function painted(element) {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "inline" || style.display === "contents") continue;
      const edge = ["Top", "Right", "Bottom", "Left"].filter((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none").length;
      if (edge === 4 || /^rgba?\((?!.*, 0\)$)/.test(style.backgroundColor)) return at;
    }
    return undefined;
  }

  // Texts that are cut off, that run out of their box or out of the window, or whose letters meet those of the next line.
  function clipped() {
    const found = [];
    const tell = (node, what, word) => {
      const at = selector(node.parentElement);
      if (!found.some((one) => one.selector === at && one.what === what)) found.push({ what, selector: at, text: `${what}: «${words(word ?? node.data)}»` });
    };
    const width = document.documentElement.clientWidth;
    const chains = new Map();
    const chain = (element) => {
      if (!chains.has(element)) {
        const all = [];
        let scrolled = false;
        for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
          const style = getComputedStyle(at);
          if (at === document.body || style.display === "inline" || style.display === "contents") continue;
          const [x, y] = [style.overflowX, style.overflowY];
          if (scrolls(x)) scrolled = true;
          if (x !== "visible" || y !== "visible") all.push({ at, x: cuts(x), y: cuts(y), scrollX: scrolls(x), scrollY: scrolls(y), ellipsis: style.textOverflow === "ellipsis" });
          // What is in a scroller can be scrolled to; it is cut off at the scroller's edge on purpose.
          if (style.position === "fixed") break;
        }
        let block = element;
        while (block.parentElement && ["inline", "contents"].includes(getComputedStyle(block).display)) block = block.parentElement;
        chains.set(element, { all, scrolled, block, painted: painted(element) });
      }
      return chains.get(element);
    };
    const lines = new Map();
    for (const node of texts()) {
      const { all, scrolled, block, painted: paint } = chain(node.parentElement);
      const drawn = ink(node);
      const blockBox = block.getBoundingClientRect();
      const paintBox = paint?.getBoundingClientRect();
      for (const { word, rect, ink: mark, size, base } of drawn) {
        if (!scrolled && (rect.left < -1 || rect.right > width + 1)) tell(node, "runs out of the window", word);
        let cut = false;
        for (const { at, x, y, scrollX, scrollY } of all) {
          const frame = at.getBoundingClientRect();
          if (x && (rect.left < frame.left - 1 || rect.right > frame.right + 1)) cut = true;
          if (y && (mark.top < frame.top - 1 || mark.bottom > frame.bottom + 1)) cut = true;
          // A scroller that scrolls along the line shows the whole height of its text.
          if (scrollX && !scrollY && (mark.top < frame.top - 1 || mark.bottom > frame.bottom + 1)) cut = true;
          if (scrollX || scrollY) break;
        }
        if (cut) tell(node, "is cut off", word);
        if (!scrolled && (rect.left < blockBox.left - 1.5 || rect.right > blockBox.right + 1.5)) tell(node, "runs out of its box", word);
        if (paintBox && !scrolled && (mark.top < paintBox.top - 1 || mark.bottom > paintBox.bottom + 1)) tell(node, "its letters leave the painted box around it", word);
        const key = block;
        if (!lines.has(key)) lines.set(key, []);
        lines.get(key).push({ node, word, mark, size, rect, base, middle: (rect.top + rect.bottom) / 2 });
      }
    }
    // Letters of a line that reach into those of the next: in Nastaliq a word is as high as it is long.
    for (const marks of lines.values()) {
      for (const one of marks) {
        for (const other of marks) {
          if (other.middle - one.middle < one.size * 0.5 || other.middle - one.middle > one.size * 4) continue;
          const across = Math.min(one.mark.right, other.mark.right) - Math.max(one.mark.left, other.mark.left);
          const down = one.mark.bottom - other.mark.top;
          if (across > 0 && down > 0 && touch(one, other)) tell(one.node, "its letters touch those of the next line", `${one.word} / ${other.word}`);
        }
      }
    }
    for (const element of document.querySelectorAll("body *")) {
      const style = getComputedStyle(element);
      if (!visible(element) || hiddenOnPurpose(element)) continue;
      const shortens = style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth + 1 && cuts(style.overflowX);
      const clamps = style.webkitLineClamp !== "none" && element.scrollHeight > element.clientHeight + 2;
      if (shortens || clamps) found.push({ what: "shortened", selector: selector(element), text: `is shortened with dots: «${words(element.textContent)}»` });
    }
    return found.map(({ text, selector: at }) => ({ text, selector: at }));
  }

  // What makes the page wider than its window.
  function wide() {
    const root = document.documentElement;
    const width = root.clientWidth;
    const overflow = Math.max(root.scrollWidth, document.body.scrollWidth) - width;
    if (overflow <= 0) return [];
    const far = [...document.querySelectorAll("body *")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      if (!(left < -0.5 || right > width + 0.5) || !visible(element)) return false;
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) if (getComputedStyle(at).overflowX !== "visible") return false;
      return true;
    });
    const inner = far.filter((element) => !far.some((other) => other !== element && element.contains(other)));
    return [`the page is ${overflow} px wider than the window of ${width}`, ...inner.slice(0, 5).map((element) => ({ text: `sticks out: ${JSON.stringify(box(element.getBoundingClientRect()))}`, selector: selector(element) }))];
  }

  const scripts = { Arabic: /\p{Script=Arabic}/gu, Latin: /\p{Script=Latin}/gu, Han: /[\p{Script=Han}\p{Script=Bopomofo}]/gu };
  // The script that more than half of a text is in, if it is long enough to be in one. A Chinese sign says as much as
  // three letters.
  function script(text) {
    const counts = Object.entries(scripts).map(([name, pattern]) => [name, (text.match(pattern)?.length ?? 0) * (name === "Han" ? 3 : 1)]);
    const letters = counts.reduce((sum, [, count]) => sum + count, 0);
    return letters < 3 ? undefined : counts.find(([, count]) => count > letters / 2)?.[0];
  }

  window.look = { selector, box, words, visible, hiddenOnPurpose, texts, ink, clipped, wide, script };
})();
