// Asks before unsaved text is lost by following a link or pressing another form's button.
const form = document.querySelector("form[data-unsaved]");
let isLeavingAllowed = false;

function isChanged(field) {
  if (field.type === "hidden" || field.type === "submit") return false;
  if (field.options) {
    // Where no option is marked as selected, the browser begins with the first.
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.selectedOptions[0] !== first;
  }
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
}

if (form) {
  form.addEventListener("submit", () => (isLeavingAllowed = true));
  // Phone and mail links do not leave the page.
  document.addEventListener("click", (event) => {
    isLeavingAllowed = Boolean(event.target.closest('a[href^="tel:"], a[href^="mailto:"]'));
  });
  addEventListener("beforeunload", (event) => {
    const isUnsaved = form.dataset.unsaved === "shown-again" || [...form.elements].some(isChanged);
    if (isUnsaved && !isLeavingAllowed) event.preventDefault();
  });
}
