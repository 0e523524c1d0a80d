const [pages, states] = PLACES, found = [];
const frame = document.body.appendChild(document.createElement("iframe"));
const loaded = () => new Promise((resolve) => frame.addEventListener("load", resolve, {once: true}));
const open = (address) => { frame.src = address; return loaded(); };
const faults = (width) => {
  const {clientWidth, scrollWidth} = frame.contentDocument.documentElement;
  return [
    ...(scrollWidth > clientWidth ? ["scrolls sideways"] : []),
    ...(clientWidth >= width ? ["has no scroll bar"] : []),
  ];
};
// WebKit sometimes adds the scroll bar only when something moves; what is wrong after a second of that stays wrong.
const measure = async (name, width) => {
  for (let tries = 0; tries < 20 && faults(width).length; tries += 1) {
    frame.style.height = tries % 2 ? "400px" : "420px";
    await new Promise((go) => setTimeout(go, 50));
  }
  found.push(...faults(width).map((fault) => `${name}: ${fault} at ${width} pixels`));
  return frame.contentDocument.title;
};
frame.style.border = 0;
frame.style.height = "400px";
return (async () => {
  const titles = new Set();
  // Each page is opened at each width, as on a phone: WebKit does not break all lines again when a frame is narrowed.
  for (const width of [320, 1440]) {
    frame.style.width = `${width}px`;
    for (const [name, address] of Object.entries(pages)) {
      await open(address);
      titles.add(await measure(name, width));
    }
    if (width !== 320) continue;  // elsewhere the form's answers are as wide as the form
    for (const [name, answers] of Object.entries(states)) {
      await open("/enquiry/");
      const form = frame.contentDocument.querySelector(".enquiry-form");
      for (const [field, answer] of Object.entries(answers)) form.elements[field].value = answer;
      form.submit();
      await loaded();
      titles.add(await measure(name, width));
    }
  }
  return [titles.size, found];
})();
