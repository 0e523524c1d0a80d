// With the reader's own colours every control needs an edge, or an underline, that does not hang on a fill; so does the
// current page in the menu.
() => [...document.querySelectorAll(".button, button, input, select, textarea, .care-card, .sheet")]
  .filter((one) => one.checkVisibility() && one.type !== "radio" && one.type !== "checkbox")
  .filter((one) => ["none", "0px"].includes(getComputedStyle(one).borderBlockStartStyle)
    || parseFloat(getComputedStyle(one).borderBlockStartWidth) < 1)
  .concat([...document.querySelectorAll(".header [aria-current]")]
    .filter((one) => getComputedStyle(one).textDecorationLine === "none"))
  .map((one) => `${one.tagName}.${one.className}`)
