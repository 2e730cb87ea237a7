// The search box offers what it finds while one types: arrows walk through it, Enter opens it, Esc closes it. Without
// this, and on a phone, the box leads to the search page.

const box = document.querySelector("[data-search][role=combobox]");
const offers = document.getElementById("find-offers");
const said = document.getElementById("find-said");

if (box && offers) {
  const options = () => [...offers.querySelectorAll("[role=option]")];
  const chosen = () => offers.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const show = (open) => {
    offers.hidden = !open;
    box.setAttribute("aria-expanded", String(open && options().length > 0));
    if (!open) choose(null);
  };
  const walk = (step) => {
    const all = options();
    if (!all.length) return;
    if (offers.hidden) show(true);
    const place = all.indexOf(chosen());
    choose(all[place < 0 ? (step > 0 ? 0 : all.length - 1) : (place + step + all.length) % all.length]);
  };

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== offers) return;
    choose(null);
    show(offers.childElementCount > 0 && document.activeElement === box);
    said.textContent = offers.querySelector("[data-said]")?.dataset.said ?? "";
  });
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      walk(steps[event.key]);
    } else if (event.key === "Enter" && chosen() && !offers.hidden) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape" && !offers.hidden) {
      event.stopPropagation();
      show(false);
    }
  });
  // What was typed on is another thing than what was chosen.
  box.addEventListener("input", () => choose(null));
  box.addEventListener("focus", () => show(offers.childElementCount > 0));
  box.addEventListener("blur", () => show(false));
  // A press of the mouse leaves the focus in the box, so that the list is there when it is let go.
  offers.addEventListener("mousedown", (event) => event.preventDefault());
}
