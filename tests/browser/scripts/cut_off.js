// What a reader would have to scroll sideways for, or could not see at all.
(hidden) => {
  const width = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || element.closest(hidden)) continue;
    const name = `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 30)}”`;
    if (element.textContent.trim() && (box.right > width + 1 || box.left < -1)) found.push(`${name} leaves the window`);
    const {overflowX, overflowY} = getComputedStyle(element);
    if (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) found.push(`${name} is cut off`);
    if (["hidden", "clip"].includes(overflowY) && element.scrollHeight > element.clientHeight + 1
      && element.textContent.trim()) found.push(`${name} is cut off below`);
  }
  return found;
}
