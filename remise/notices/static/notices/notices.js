// The list by keyboard: j and k go through the notices, Enter opens. Who speaks to the computer or slips easily can
// put the keys out (WCAG 2.1.4); the browser remembers it, together with the desk's.

const PLACE = "desk-keys";
const typing = (node) => node.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const box = document.querySelector("[data-keys]");

if (box) {
  box.checked = localStorage.getItem(PLACE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(PLACE, box.checked ? "on" : "off"));
}

function step(by) {
  const all = [...document.querySelectorAll("[data-notice]")];
  const there = all[all.indexOf(document.activeElement) + by] ?? (by > 0 ? all[0] : all.at(-1));
  there?.focus();
}

document.addEventListener("keydown", (event) => {
  const by = { j: 1, k: -1 }[event.key];
  if (!by || !box?.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  step(by);
});
