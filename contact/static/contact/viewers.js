// Updates who else has opened this enquiry while the page is open. Without JavaScript the page says so when it is loaded.
const viewers = document.getElementById("viewers");

async function refreshViewers() {
  if (document.hidden) return;
  const response = await fetch(viewers.dataset.url, { headers: { "X-Poll": "1" }, redirect: "error" }).catch(() => null);
  if (!response?.ok) return;
  const html = await response.text();
  if (viewers.innerHTML.trim() !== html.trim()) viewers.innerHTML = html;
}

if (viewers) setInterval(refreshViewers, 20000);
