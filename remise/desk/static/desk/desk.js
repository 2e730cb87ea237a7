// The desk by keyboard; `?` shows the keys. Who speaks to the computer or slips easily can put them out (WCAG 2.1.4);
// the browser remembers it.

const PLACE = "desk-keys";
const GOES = 1000; // ms in which the second key of two follows
const typing = (node) => node.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
const find = (selector) => document.querySelector(selector);
const box = find("[data-keys]");
const list = find("[data-keys-list]");

if (box) {
  box.checked = localStorage.getItem(PLACE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(PLACE, box.checked ? "on" : "off"));
}

const cases = () => [...document.querySelectorAll("[data-case]")];
const current = () => cases().findIndex((one) => one.hasAttribute("aria-current"));
// The one with the focus, else the one that is open, else the first.
const here = () => {
  const focused = cases().findIndex((one) => one.parentElement.contains(document.activeElement));
  return cases()[focused < 0 ? Math.max(current(), 0) : focused];
};

function step(by) {
  const at = current();
  const there = cases()[at < 0 ? 0 : at + by];
  const beyond = find(by > 0 ? "[rel=next]" : "[rel=prev]");
  if (there) location.assign(there.href);
  else if (beyond) location.assign(beyond.href);
}

function handOver() {
  const many = find("[data-action-bar][data-up] select");
  const give = find("[data-give]");
  if (give && !many) give.open = true;
  (many ?? find("#id_hand_to"))?.focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => here()?.click(),
  x: () => here()?.parentElement.querySelector("[data-row]")?.click(),
  t: () => (find("[data-action-bar][data-up] [name=take]") ?? find("[data-key=t]"))?.click(),
  a: handOver,
  n: () => find("#id_note")?.focus(),
  m: () => find("#id_say_text")?.focus(),
  r: () => find("#id_reason")?.focus(),
  s: () => (find("#id_reason_template") ?? find("#id_message_template"))?.focus(),
  "?": () => list?.showModal(),
};

let went = 0;

document.addEventListener("keydown", (event) => {
  if (!box?.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const goes = event.key === "q" && event.timeStamp - went < GOES;
  went = event.key === "g" ? event.timeStamp : 0;
  const act = goes ? () => location.assign(box.dataset.queue) : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

find("[data-show-keys]")?.addEventListener("click", () => list.showModal());

// A template goes where the text is written: in the place of the one put in before, as long as nobody changed that.
for (const select of document.querySelectorAll("[data-into]")) {
  const text = document.getElementById(select.dataset.into);
  let before = "";
  select.addEventListener("change", () => {
    const chosen = select.selectedOptions[0].dataset.text ?? "";
    const kept = before && text.value.endsWith(before) ? text.value.slice(0, -before.length) : text.value;
    text.value = kept.trim() && chosen ? `${kept.trimEnd()}\n\n${chosen}` : kept.trim() ? kept : chosen;
    before = chosen;
  });
}

// What is counted comes anew each minute; what was picked or opened in it stays so.
let held = { picked: [], opened: [] };
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (target.id !== "desk-waiting") return;
  const ids = (selector) => [...target.querySelectorAll(selector)].map((one) => one.id);
  held = { picked: ids("[data-row]:checked"), opened: ids("details[open]") };
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of held.opened) document.getElementById(id)?.setAttribute("open", "");
  for (const row of held.picked.map((id) => document.getElementById(id))) {
    if (!row) continue;
    row.checked = true;
    row.dispatchEvent(new Event("change", { bubbles: true }));
  }
  held = { picked: [], opened: [] };
});
