// Where focus may go, in the document's order. A group of radio buttons is one stop, its first while none is chosen.
// What each looks like now is kept, to be compared with how it looks when it has the focus; `--ring` draws the ring of
// the body map, whose places are copies that a script cannot look into. At each key, before the focus moves on, what has
// the focus is recorded: nothing when the focus is outside the page.
() => {
  const properties = ["outline-style", "outline-width", "outline-color", "box-shadow", "border-color", "--ring"];
  const edges = (element, part) => {
    const style = getComputedStyle(element, part || null);
    return properties.map((property) => style.getPropertyValue(property)).join(" ");
  };
  const looks = (element) => [element, ...element.querySelectorAll("*")]
    .flatMap((one) => ["", "::before", "::after"].map((part) => edges(one, part))).join("|");
  const candidates = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const groups = new Set();
  window.stops = [...document.querySelectorAll(candidates)].filter((element) => {
    if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== "radio") return true;
    const known = groups.has(element.name);
    groups.add(element.name);
    return !known;
  });
  const before = new Map(stops.map((element) => [element, looks(element)]));
  window.look = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const points = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 3, box.top + 3],
      [box.right - 3, box.bottom - 3]];
    const seen = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && (element.contains(top) || top.contains(element) || top.control === element);
    });
    let fixed = element;
    while (fixed && !["fixed", "sticky"].includes(getComputedStyle(fixed).position)) fixed = fixed.parentElement;
    const words = element.getAttribute("aria-label") || element.textContent || element.name || "";
    return {
      name: `${element.tagName.toLowerCase()} “${words.trim().replace(/\s+/g, " ").slice(0, 40)}”`,
      number: stops.indexOf(element), marked: looks(element) !== before.get(element), seen,
      fixed: Boolean(fixed), picture: Boolean(element.closest("svg")),
      left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
    };
  };
  window.visited = [];
  window.onkeydown = () => {
    const here = look();
    if (here) visited.push(here);
  };
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  return stops.length;
}
