// Draws the days around a date field: those that may be chosen, and the rest in grey with the reason. The native field
// stays the truth; on a phone it is what one sees (remise.css).

const DAY = 86_400_000;
const parse = (value) => (value ? new Date(`${value}T00:00:00Z`) : null);
const iso = (date) => date.toISOString().slice(0, 10);
const plus = (date, days) => new Date(date.getTime() + days * DAY);
const monday = (date) => plus(date, -((date.getUTCDay() + 6) % 7));
const language = () => (document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang);
const words = (date, options) => new Intl.DateTimeFormat(language(), { timeZone: "UTC", ...options }).format(date);
const DRAWN = "(min-width: 720px) and (pointer: fine)"; // else the native field is what one sees
const LONGEST = 10; // weeks: a wider choice is better made in the native field

function make(name, attributes = {}, text = "") {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

class DayPicker extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.earliest = parse(this.dataset.earliest);
    this.latest = parse(this.input.max);
    this.today = this.dataset.today;
    // Days that this vehicle excludes stay in sight, in grey with their reason: the calendar keeps its place.
    this.from = parse(this.dataset.drawnFrom) ?? this.earliest;
    const weeks = this.from && this.latest ? (plus(monday(this.latest), 7) - monday(this.from)) / DAY / 7 : Infinity;
    if (weeks <= LONGEST && !this.querySelector(".days")) this.draw(weeks);
    this.addEventListener("click", (event) => this.choose(event));
    this.addEventListener("keydown", (event) => this.walk(event));
    this.input.addEventListener("input", () => this.show());
    this.show();
  }

  draw(weeks) {
    const label = document.querySelector(`label[for="${this.input.id}"]`)?.firstChild.textContent.trim() ?? "";
    const box = make("div", { class: "days", role: "group", "aria-label": label });
    const first = monday(this.from);
    box.append(this.months(), this.heads(first));
    for (let week = 0; week < weeks; week += 1) {
      const row = make("div", { class: "days-row" });
      for (let day = 0; day < 7; day += 1) row.append(this.day(plus(first, week * 7 + day)));
      box.append(row);
    }
    this.why = make("p", { class: "days-why", role: "status" });
    box.append(this.why);
    if (this.dataset.typeADay) box.append(make("button", { type: "button", class: "btn btn-link days-type" }, this.dataset.typeADay));
    this.append(box);
    this.classList.add("day-drawn");
    // Out of sight, so out of the tab order.
    if (window.matchMedia(DRAWN).matches) this.input.tabIndex = -1;
  }

  months() {
    const [from, to] = [this.from, this.latest].map((date) => words(date, { month: "long" }));
    const year = words(this.latest, { year: "numeric" });
    return make("p", { class: "days-month" }, `${from === to ? from : `${from} \u2013 ${to}`} ${year}`);
  }

  heads(first) {
    const head = make("div", { class: "days-head", "aria-hidden": "true" });
    for (let day = 0; day < 7; day += 1) head.append(make("span", {}, words(plus(first, day), { weekday: "short" }).slice(0, 2)));
    return head;
  }

  day(date) {
    const reason = this.reason(date);
    const name = words(date, { weekday: "long", day: "numeric", month: "long" });
    const button = make("button", { type: "button", "data-day": iso(date), tabindex: "-1", "aria-label": reason ? `${name}. ${reason}` : name }, String(date.getUTCDate()));
    if (date.getUTCDate() === 1) {
      button.textContent = words(date, { day: "numeric", month: "short" });
      button.classList.add("days-first");
    }
    if (iso(date) === this.today) button.classList.add("days-today");
    if (this.outside(date)) {
      if (this.asks(date)) button.classList.add("days-ask");
      else button.setAttribute("aria-disabled", "true");
      if (reason) button.title = reason;
    }
    return button;
  }

  // Too early to be had at once, but somebody may allow it.
  asks(date) {
    return Boolean(this.dataset.beyond) && date < this.earliest;
  }

  // Back to the native field, for a day that is not drawn.
  type() {
    this.querySelector(".days").remove();
    this.classList.remove("day-drawn");
    this.why = null;
    this.input.tabIndex = 0;
    this.input.focus();
  }

  outside(date) {
    return date < this.earliest || date > this.latest;
  }

  reason(date) {
    if (date < this.earliest) return this.dataset.tooEarly;
    return date > this.latest ? this.dataset.tooLate : "";
  }

  choose(event) {
    if (event.target.closest(".days-type")) {
      this.type();
      return;
    }
    const button = event.target.closest("[data-day]");
    if (!button) return;
    if (button.getAttribute("aria-disabled") === "true") {
      if (this.why) this.why.textContent = this.reason(parse(button.dataset.day));
      return;
    }
    this.input.value = button.dataset.day;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    const here = event.target.closest(".days [data-day]");
    if (!step || !here) return;
    event.preventDefault();
    const next = this.querySelector(`.days [data-day="${iso(plus(parse(here.dataset.day), step))}"]`);
    if (next) this.reach(next).focus();
  }

  // One of the days is in the tab order: the chosen one, or the one walked to.
  reach(button) {
    for (const other of this.querySelectorAll('.days [tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    return button;
  }

  show() {
    const value = this.input.value;
    for (const button of this.querySelectorAll("[data-day]")) button.setAttribute("aria-pressed", String(button.dataset.day === value));
    if (this.why) this.why.textContent = "";
    const asked = parse(value);
    if (this.why && asked && this.asks(asked)) this.why.textContent = `${this.reason(asked)} ${this.dataset.beyond}`;
    const days = [...this.querySelectorAll(".days [data-day]:not([aria-disabled])")];
    const chosen = days.find((button) => button.dataset.day === value) ?? days.at(-1);
    if (chosen) this.reach(chosen);
  }
}

customElements.define("day-picker", DayPicker);
