// What a reader would have to scroll sideways for, or could not see at all.
(hidden) => {
  const width = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    const {overflowX, overflowY} = getComputedStyle(element);
    const faults = [
      (box.right > width + 1 || box.left < -1) && "leaves the window",
      overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1 && "is cut off",
      ["hidden", "clip"].includes(overflowY) && element.scrollHeight > element.clientHeight + 1 && "is cut off below",
    ].filter(Boolean);
    if (!faults.length || !box.width || !box.height || element.closest(hidden)) continue;
    const text = element.textContent.trim();
    found.push(...faults.filter((fault) => text || fault === "is cut off")
      .map((fault) => `${element.tagName.toLowerCase()}.${element.className} “${text.slice(0, 30)}” ${fault}`));
  }
  return found;
}
