// Where focus may go, in the document's order. A group of radio buttons is one stop, its first while none is chosen.
// What each looks like now is kept, to be compared with how it looks when it has the focus; `--ring` draws the ring of
// the body map, whose places are copies that a script cannot look into.
() => {
  const properties = ["outline-style", "outline-width", "outline-color", "box-shadow", "border-color", "--ring"];
  const look = (element, part) => {
    const style = getComputedStyle(element, part || null);
    return properties.map((property) => style.getPropertyValue(property)).join(" ");
  };
  const looks = (element) => [element, ...element.querySelectorAll("*")]
    .flatMap((one) => ["", "::before", "::after"].map((part) => look(one, part))).join("|");
  const candidates = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const groups = new Set();
  window.looks = looks;
  window.stops = [...document.querySelectorAll(candidates)].filter((element) => {
    if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== "radio") return true;
    const known = groups.has(element.name);
    groups.add(element.name);
    return !known;
  });
  window.before = new Map(stops.map((element) => [element, looks(element)]));
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  return stops.length;
}
