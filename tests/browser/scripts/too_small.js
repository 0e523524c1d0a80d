// Links in running text are as high as their line; all else is for a thumb. A label is a part of its control.
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) =>
  one.checkVisibility({visibilityProperty: true}) && !one.closest(".hidden, .enquiry-form__trap, svg")
).map((one) => {
  const {width, height} = (one.closest("label") ?? one).getBoundingClientRect();
  const least = getComputedStyle(one).display.startsWith("inline") && !one.matches(".button") ? 24 : 44;
  return Math.min(width, height) < least - .5 ? `${one.tagName} “${one.textContent.trim()}”: ${width} × ${height}` : "";
}).filter(Boolean)
