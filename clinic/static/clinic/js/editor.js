// The outline of a new page: parts with a prompt are open, and what someone types takes the place of the prompt.
addEventListener("load", () => {
  for (const text of document.querySelectorAll("[data-panel] [data-block=true]")) {
    if (!text.textContent.startsWith("[Write here:")) continue;
    for (let panel = text.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
      const toggle = panel.querySelector("[data-panel-toggle]");
      if (toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
  }
});

// A click or the Tab key selects the prompt.
for (const type of ["click", "keyup"]) {
  document.addEventListener(type, ({ target, key = "Tab" }) => {
    const selection = getSelection();
    const paragraph = selection.anchorNode?.parentElement?.closest("[data-block=true]");
    if (key !== "Tab" || !selection.isCollapsed || !target.closest?.("[contenteditable=true]")?.contains(paragraph)) return;
    if (/^\[Write here:.*\]$/.test(paragraph.textContent)) selection.selectAllChildren(paragraph);
  });
}

// The tabs stay in sight: another tab begins at its top.
document.addEventListener("click", ({ target }) => {
  const isTab = target.closest?.("form[data-edit-form] [role=tab]");
  if (isTab) document.getElementById("main").scrollTo({ top: 0, behavior: "instant" });
}, true);
