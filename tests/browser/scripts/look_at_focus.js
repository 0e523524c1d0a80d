// What stands where the focus is: nothing when it has left the page.
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const points = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 3, box.top + 3],
    [box.right - 3, box.bottom - 3]];
  const seen = points.filter(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || top.control === element);
  });
  let fixed = element;
  while (fixed && !["fixed", "sticky"].includes(getComputedStyle(fixed).position)) fixed = fixed.parentElement;
  const words = element.getAttribute("aria-label") || element.textContent || element.name || "";
  return {
    name: `${element.tagName.toLowerCase()} “${words.trim().replace(/\s+/g, " ").slice(0, 40)}”`,
    number: stops.indexOf(element), marked: looks(element) !== before.get(element), seen: seen.length,
    fixed: Boolean(fixed), picture: Boolean(element.closest("svg")),
    left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}
