// A day that one chooses while the register is asked outlives its answer, which comes with the day of the question.

const DAY = "id_day";
let chosen = false;

const differs = (field) => {
  const now = document.getElementById(DAY)?.value;
  return field && now && field.value !== now ? now : null;
};

// Before it stands on the page, so that its calendar is drawn around it.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const field = event.detail.fragment.querySelector(`#${DAY}`);
  const day = differs(field);
  chosen = Boolean(day);
  if (chosen) field.value = day;
});

// Its premium was told for the other day: asked anew once htmx listens to the new field.
document.addEventListener("htmx:afterSettle", () => {
  if (!chosen) return;
  chosen = false;
  document.getElementById(DAY).dispatchEvent(new Event("change", { bubbles: true }));
});
