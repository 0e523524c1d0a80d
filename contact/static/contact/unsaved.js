// Asks before typed words are left behind by a link or another button. Without it the page's own buttons keep them.
const kept = document.querySelector("form[data-keep]");
let staysHere = false;

function isChanged(field) {
  if (field.type === "hidden" || field.type === "submit") return false;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected && option.value);
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
}

if (kept) {
  kept.addEventListener("submit", () => (staysHere = true));
  // To call or to open the mail program leaves no page.
  document.addEventListener("click", (event) => {
    staysHere = Boolean(event.target.closest('a[href^="tel:"], a[href^="mailto:"]'));
  });
  addEventListener("beforeunload", (event) => {
    if (!staysHere && (kept.dataset.keep === "shown-again" || [...kept.elements].some(isChanged))) event.preventDefault();
  });
}
