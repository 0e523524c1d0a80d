() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  return [...shown(".header__menu, .header__more, .header__search, .enquiry-form, .button, .footer nav, .hours__now,"
      + ".strip .dot")
    .map((one) => one.className),
    ...shown("body *").filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position))
      .map((one) => `${one.className} is fixed`),
    ...shown("main p, main h1, main h2, main li, .call__number")
      .filter((one) => !one.closest(".care-card__heading, svg"))
      .filter((one) => !/^rgb\(([0-9]|[1-9][0-9]), /.test(getComputedStyle(one).color))
      .map((one) => `${one.textContent} is pale`),
    ...(shown("h1").length === 1 ? [] : ["no heading"])];
}
