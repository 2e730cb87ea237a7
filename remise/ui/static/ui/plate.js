// A plate while it is typed: capitals, and dashes where letters and digits meet, as on the Dutch plate. A run of four
// of one kind is cut in two. The place of the caret is counted in characters that are not dashes, so it never jumps.

const clean = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

export function dashed(text) {
  const runs = clean(text).slice(0, 8).match(/[A-Z]+|\d+/g) ?? [];
  return runs.flatMap((run) => (run.length === 4 ? [run.slice(0, 2), run.slice(2)] : [run])).join("-");
}

function position(text, count) {
  let at = 0;
  for (let seen = 0; at < text.length && seen < count; at += 1) if (text[at] !== "-") seen += 1;
  return at;
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-plate]") || event.isComposing) return;
  const before = clean(input.value.slice(0, input.selectionStart)).length;
  const text = dashed(input.value);
  if (text === input.value) return;
  input.value = text;
  // Typing at the end also passes the dash that came with the character.
  const caret = before === clean(text).length ? text.length : position(text, before);
  input.setSelectionRange(caret, caret);
});

// Backspace behind a dash takes the character before it: the dash is drawn, not typed.
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key !== "Backspace" || !input.matches?.("[data-plate]")) return;
  const at = input.selectionStart;
  if (at === input.selectionEnd && input.value[at - 1] === "-") input.setSelectionRange(at - 1, at - 1);
});
