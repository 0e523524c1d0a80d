// Where the form is asked for: at its own address, or further down where it stands on this page.
() => [...document.querySelectorAll(".reach a, .bar:not(.bar--in-place) a")].filter(
  (link) => link.checkVisibility()
).map((link) => {
  const {left, top, right, bottom, height} = link.getBoundingClientRect();
  const leads = link.href.replace(/^.*(#enquiry[-a-z]*|\/enquiry\/\?.*)$/, "to the form");
  // The bar is lower only where the page goes on below the window.
  return [leads, left, right, ...(link.closest(".bar") ? [height] : [top, bottom])].join(" ");
})
