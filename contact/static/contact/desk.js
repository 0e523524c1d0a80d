// "/" puts the cursor into the search, and an open list says how many enquiries are new. Neither is needed.
const find = document.getElementById("find");
const news = document.getElementById("news");
const title = document.title;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!find || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  find.select();
});

async function refreshNews() {
  if (document.hidden && news.dataset.shown) return;
  const response = await fetch(news.dataset.url, { headers: { "X-Poll": "1" }, redirect: "error" }).catch(() => null);
  if (!response?.ok) return;
  const found = await response.json();
  document.title = found.waiting ? `(${found.waiting}) ${title}` : title;
  if (!found.new) return;
  const words = found.new === 1 ? "1 new enquiry: show it" : `${found.new} new enquiries: show them`;
  if (news.firstElementChild.textContent !== words) news.firstElementChild.textContent = words;
  news.hidden = false;
}

if (news) {
  refreshNews();
  setInterval(refreshNews, 30000);
}

// Typing is work: it puts off the lock, which the server counts from the last request. The screen locks as well.
const lock = document.getElementById("lock");
let typedAt = Date.now();
let reportedAt = Date.now();

for (const kind of ["input", "pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    if (lock?.open) return;
    typedAt = Date.now();
    if (typedAt - reportedAt < 300000) return;
    reportedAt = typedAt;
    fetch("/django-admin/jsi18n/", { redirect: "error" }).catch(() => null);
  });
}

if (lock) {
  const password = lock.querySelector("input");
  setInterval(() => {
    if (!lock.open && Date.now() - typedAt > lock.dataset.seconds * 1000) lock.showModal();
  }, 5000);
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams({ unlock_read: "yes", unlock_password: password.value });
    const response = await fetch("/django-admin/jsi18n/", { method: "POST", body }).catch(() => null);
    password.value = "";
    lock.querySelector("p").textContent = response?.status === 401 ? "You were signed out. Sign in in a new tab, then reload this page." : "That is not your password.";
    if (!response?.ok) return;
    typedAt = reportedAt = Date.now();
    lock.close();
  });
}
