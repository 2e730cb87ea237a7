// The frame: menus close, "/" searches, messages go away, values are copied, pages print; also in what htmx brings.

const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");
const draw = (icon, name) => (icon.href.baseVal = icon.href.baseVal.replace(/#.*/, `#${name}`));
const openMenus = () => document.querySelectorAll("details[data-pop][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    closeDrawer();
  }
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const search = document.querySelector("[data-search]");
    if (search?.offsetParent) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

// The panel beside a list: filled by htmx, emptied by Esc or its own close button; the focus goes back to the row.
const drawer = document.getElementById("drawer");
let cameFrom = null;

function closeDrawer() {
  if (!drawer || drawer.hidden) return;
  drawer.hidden = true;
  drawer.replaceChildren();
  cameFrom?.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === drawer) cameFrom = document.activeElement;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== drawer) return;
  drawer.hidden = !drawer.hasChildNodes();
  if (!drawer.hidden) drawer.focus();
});

const actions = {
  async copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const icon = button.querySelector("use");
    const name = button.querySelector("svg");
    const words = name.ariaLabel;
    draw(icon, "check");
    name.ariaLabel = button.dataset.copied;
    setTimeout(() => {
      draw(icon, "copy");
      name.ariaLabel = words;
    }, 1600);
  },
  print: () => window.print(),
  close: closeDrawer,
  dismiss: (button) => button.closest("[data-toast]").remove(),
  reveal(button) {
    const input = button.parentElement.querySelector("input");
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    draw(button.querySelector("use"), shown ? "eye" : "eye-off");
  },
};

document.addEventListener("click", (event) => {
  for (const [name, act] of Object.entries(actions)) {
    const button = event.target.closest(`[data-${name}]`);
    if (button?.matches("button")) act(button);
  }
});

// What a click could not do is said beside it; a tick that it turned goes back.
function unsaid({ detail: { elt, requestConfig, xhr } }) {
  if (requestConfig.verb === "get") return;
  if (elt.type === "checkbox") elt.checked = elt.defaultChecked;
  document.querySelector(".said")?.remove();
  const words = xhr.getResponseHeader("X-Said") ? xhr.responseText : document.body.dataset.failed;
  elt.insertAdjacentHTML("afterend", `<div class="said wrong" role="alert">${words}</div>`);
}
for (const kind of ["response", "send"]) document.addEventListener(`htmx:${kind}Error`, unsaid);

// Back to what a form answered opens its address, and sends no form again.
history.replaceState(history.state, "");

function settle(root) {
  // What is wrong comes first; with several forms there is no one place to go.
  const wrong = root.querySelectorAll(".error-summary");
  (wrong.length ? wrong.length === 1 && wrong[0] : root.querySelector("[data-focus]"))?.focus?.();
}
settle(document);
document.addEventListener("htmx:load", (event) => settle(event.detail.elt));
