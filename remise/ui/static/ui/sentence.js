// The submit button says what will happen: "{plate} verzekeren vanaf {day}", filled from the form it stands in.

const iso = (date) => date.toISOString().slice(0, 10);

function dayInWords(value, button) {
  const { today, wordToday, wordYesterday } = button.dataset;
  if (today) {
    const yesterday = new Date(`${today}T12:00:00Z`);
    yesterday.setUTCDate(yesterday.getUTCDate() - 1);
    if (value === today) return wordToday;
    if (value === iso(yesterday)) return wordYesterday;
  }
  const sameYear = today?.slice(0, 4) === value.slice(0, 4);
  const style = { day: "numeric", month: "long", timeZone: "UTC", ...(sameYear ? {} : { year: "numeric" }) };
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  return new Intl.DateTimeFormat(language, style).format(new Date(`${value}T12:00:00Z`));
}

function inWords(input, button) {
  const one = input instanceof RadioNodeList ? input.value : input?.value.trim();
  if (!one) return "";
  if (input.type === "date") return dayInWords(one, button);
  return input.tagName === "SELECT" ? input.selectedOptions[0].text : one;
}

function write(button) {
  let complete = true;
  const text = button.dataset.sentence.replace(/\{([\w-]+)\}/g, (_, name) => {
    const words = inWords(button.form?.elements.namedItem(name), button);
    complete &&= Boolean(words);
    return words;
  });
  const place = button.querySelector("span");
  const words = complete ? text : button.dataset.otherwise;
  if (place.textContent !== words) place.textContent = words;
}

function writeAll(root) {
  for (const button of root.querySelectorAll("[data-sentence]")) write(button);
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => event.target.form && writeAll(event.target.form));
}
document.addEventListener("htmx:load", () => writeAll(document));
writeAll(document);
