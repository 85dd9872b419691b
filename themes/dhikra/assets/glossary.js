// Shows what a term means beside it, on hover and focus. What it shows stands at the end of the page, where
// those who hear the page are told of it: to them the card is nothing.
(() => {
  let card, current, timer;
  const hide = () => {
    clearTimeout(timer);
    card?.remove();
    card = current = undefined;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 300);
  };
  const stay = () => clearTimeout(timer);

  function show({ currentTarget: link }) {
    stay();
    const text = document.getElementById(link.getAttribute("aria-describedby"));
    if (link === current || !text) return;
    hide();
    current = link;
    card = document.createElement("div");
    card.className = "term-card";
    card.setAttribute("aria-hidden", "true");
    for (const name of ["lang", "dir"]) card.setAttribute(name, text.closest(`[${name}]`).getAttribute(name));
    card.append(...text.cloneNode(true).childNodes);
    card.addEventListener("mouseenter", stay);
    card.addEventListener("mouseleave", later);
    document.body.append(card);
    // Below the word, or above it where there is no room; never beyond the sides of the window.
    const word = link.getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = card;
    const side = Math.max(8, Math.min((word.left + word.right - width) / 2, document.documentElement.clientWidth - width - 8));
    const below = word.bottom + 4 + height <= innerHeight || word.top < height + 4;
    card.style.left = `${side + scrollX}px`;
    card.style.top = `${(below ? word.bottom + 4 : word.top - height - 4) + scrollY}px`;
  }

  for (const link of document.querySelectorAll("a.term[aria-describedby]")) {
    link.addEventListener("mouseenter", show);
    link.addEventListener("focus", show);
    link.addEventListener("mouseleave", later);
    // What is in focus next must not lie under it.
    link.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
})();
