// Another list of countries as soon as the last one is filled.
for (const picks of document.querySelectorAll(".country-picks")) {
  picks.addEventListener("change", () => {
    const lists = picks.querySelectorAll("select");
    const last = lists[lists.length - 1];
    if (!last.value) return;
    const next = last.cloneNode(true);
    next.value = "";
    next.id = last.id.replace(/\d+$/, String(lists.length));
    next.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, String(lists.length + 1)));
    picks.append(next);
  });
}
