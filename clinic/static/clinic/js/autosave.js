// Wagtail's autosave, where it gives up: after a failed submit, with an error, and when the session has ended.
let isSignedOut = false;

function editForm() {
  return document.querySelector("form[data-edit-form]");
}

// What each tab sends must match the newest sign-in of the browser.
async function resume() {
  if (!isSignedOut) return;
  const answer = await fetch(editForm().action, { redirect: "manual" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    input.value = page.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  isSignedOut = false;
  editForm().dispatchEvent(new CustomEvent("w-unsaved:add", { cancelable: true, detail: { type: "edits" } }));
}

// Wagtail looks for changes at an interval, but not in a form that comes back with errors. A new interval starts it.
let starts = 0;
addEventListener("w-unsaved:ready", ({ target }) => {
  starts += 1;
  target.dataset.wUnsavedForceValue = "false";
  target.dataset.wUnsavedCheckIntervalValue = 500 + starts;
});

const NOT_SAVED = {
  invalid_revision: "Someone has saved this page since you opened it. Your text stays here. If you save it, it replaces theirs; History keeps both.",
  network_error: "The site cannot be reached. Your text stays here: it is saved once the site can be reached and you go on writing.",
  server_error: "Something went wrong on the site. Your text stays here: it is saved again when you go on writing.",
};

addEventListener("w-autosave:error", ({ detail }) => {
  detail.text = NOT_SAVED[detail.type] ?? detail.text;
  isSignedOut = detail.response?.signed_out ?? isSignedOut;
  const button = [...editForm().querySelectorAll("footer button")].find((one) => one.checkVisibility());
  if (detail.type === "validation_error" && button) {
    detail.text = `Something cannot be saved yet, such as an empty title. Go on writing. If this stays, choose “${button.innerText.trim()}” to see where.`;
  }
}, true);

addEventListener("w-autosave:success", () => (isSignedOut = false));
addEventListener("focus", resume);
setInterval(resume, 10000);

// The sign-in page would take the place of the text.
addEventListener("submit", (event) => {
  if (!isSignedOut || event.target !== editForm()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  resume();
}, true);
