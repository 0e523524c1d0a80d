// Who else has opened this enquiry, kept new while the page is open. Without it the page says so when it is loaded.
const others = document.getElementById("others");

async function ask() {
  if (document.hidden) return;
  const answer = await fetch(others.dataset.address, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.text();
  if (others.innerHTML.trim() !== told.trim()) others.innerHTML = told;
}

if (others) setInterval(ask, 20000);
