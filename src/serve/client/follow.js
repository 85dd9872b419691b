// After a save, the block that was changed is brought into view and flashes, unless the reader is at
// work on the page.

const FLASH = 1600;

function isTyping() {
  const focused = document.activeElement;
  return Boolean(focused && focused !== host
    && (focused.isContentEditable || focused.matches("input, textarea, select")));
}

function follow(element) {
  if (!element || !following() || isTyping() || !getSelection().isCollapsed) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { top, bottom } = element.getBoundingClientRect();
  // What the errors cover is not in view.
  const height = innerHeight - (overlay.hidden ? 0 : overlay.offsetHeight);
  if (top < 0 || bottom > height) {
    const room = Math.max((height - (bottom - top)) / 2, 24);
    scrollBy({ top: top - room, behavior: calm ? "instant" : "smooth" });
  }
  flash(element, calm);
}

function flash(element, calm) {
  const box = make("div", { class: "box flash" });
  // Below the dock: what is covered by the errors is not to be seen through them.
  shadow.prepend(box);
  const frames = calm ? [{ opacity: 1 }, { opacity: 1 }] : [{ opacity: 0 }, { opacity: 1, offset: 0.2 }, { opacity: 0 }];
  const play = box.animate(frames, { duration: FLASH, easing: "ease-out" });
  play.finished.finally(() => box.remove());
  // The page may scroll meanwhile.
  const stay = () => {
    if (!box.isConnected) return;
    putOver(box, element);
    requestAnimationFrame(stay);
  };
  stay();
}
