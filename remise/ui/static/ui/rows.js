// Ticking rows raises the action bar with their count. Without script the bar always stands under the list.

const boxes = (form) => [...form.querySelectorAll("[data-row]")];

function count(form) {
  const bar = form.querySelector("[data-action-bar]");
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  for (const head of form.querySelectorAll("[data-all]")) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  if (!bar) return;
  bar.toggleAttribute("data-up", chosen > 0);
  bar.querySelector("[data-count]").textContent =
    chosen === 1 ? bar.dataset.one : bar.dataset.other.replace("{n}", chosen.toLocaleString(document.documentElement.lang));
}

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-row]")) return;
  const all = boxes(box.form);
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-all]")) for (const row of boxes(box.form)) row.checked = box.checked;
  if (box.matches("[data-all], [data-row]")) count(box.form);
});

function settle() {
  for (const bar of document.querySelectorAll("[data-action-bar]")) count(bar.closest("form"));
}
settle();
document.addEventListener("htmx:load", settle);
window.addEventListener("pageshow", settle);
