// The desk by keyboard: j and k go through the requests, t takes, m and r go to message and reason. Who speaks to the
// computer or slips easily can put the keys out (WCAG 2.1.4); the browser remembers it.

const PLACE = "desk-keys";
const typing = (node) => node.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const box = document.querySelector("[data-keys]");

if (box) {
  box.checked = localStorage.getItem(PLACE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(PLACE, box.checked ? "on" : "off"));
}

function step(by) {
  const cases = [...document.querySelectorAll("[data-case]")];
  const here = cases.findIndex((one) => one.hasAttribute("aria-current"));
  const there = cases[here < 0 ? 0 : here + by];
  if (there) location.assign(there.href);
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  t: () => document.querySelector("[data-key=t]")?.click(),
  m: () => document.querySelector("#id_say_text")?.focus(),
  r: () => document.querySelector("#id_reason")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || !box?.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  act();
});
