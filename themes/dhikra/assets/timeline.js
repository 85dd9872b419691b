// Filters a timeline by kind and place, and keeps the choice in the address.
(() => {
  const form = document.getElementById("timeline_filter");
  if (!form) return;
  const root = document.documentElement;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const place = form.querySelector("[name=place]");
  const status = form.querySelector("[role=status]");
  const page = form.parentElement;
  const entries = [...page.querySelectorAll(".entry")];
  // The innermost come last, so that what holds nothing that is shown is found from the inside.
  const groups = [...page.querySelectorAll(".decade, .year")].reverse();

  // The text for a number is that of a number of the same plural form; its digits are the page's.
  const plural = new Intl.PluralRules(root.lang);
  const samples = [0, 1, 2, 3, 6, 11, 100];
  const text = (n) => {
    const same = samples.find((m) => m === n) ?? samples.find((m) => plural.select(m) === plural.select(n)) ?? 100;
    const digits = [...form.dataset.digits];
    return status.getAttribute(`data-text-${same}`).replace("{n}", String(n).replace(/\d/g, (d) => digits[(+d + 9) % 10]));
  };

  function filter() {
    const chosen = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    const number = place?.selectedOptions[0]?.dataset.number;
    let shown = 0;
    for (const entry of entries) {
      const { kind, places } = entry.dataset;
      entry.hidden = !chosen.has(kind) || (number !== undefined && !places.split(" ").includes(number));
      if (!entry.hidden) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(".entry:not([hidden])");
    for (const item of page.querySelectorAll("[data-for]")) item.hidden = document.getElementById(item.dataset.for).hidden;
    return shown;
  }

  function changed() {
    const shown = filter();
    const query = new URLSearchParams(location.search);
    query.delete("kind");
    query.delete("place");
    const checked = kinds.filter((box) => box.checked);
    if (checked.length < kinds.length) for (const box of checked.length ? checked : [{ value: "" }]) query.append("kind", box.value);
    if (place?.value) query.append("place", place.value);
    history.replaceState(history.state, "", `${location.pathname}${`?${query}`.replace(/^\?$/, "")}${location.hash}`);
    status.textContent = text(shown);
  }

  const query = new URLSearchParams(location.search);
  const asked = query.getAll("kind");
  const known = asked.filter((kind) => !kind || kinds.some((box) => box.value === kind));
  if (known.length) for (const box of kinds) box.checked = known.includes(box.value);
  if (place) place.value = [...place.options].find(({ value }) => value === query.get("place"))?.value ?? "";
  form.hidden = false;
  const shown = filter();
  if (shown < entries.length) status.textContent = text(shown);
  form.addEventListener("change", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (event) => event.preventDefault());
})();
