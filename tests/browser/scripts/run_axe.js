// What axe finds on the page as it is now.
async (rules) => {
  // Django's admin fades colours from one scheme to the other; in between, a contrast means nothing.
  document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity)
    .forEach((one) => one.finish());
  // The bar of phones then has its own place: above that, axe takes the link it happens to cover for a small one.
  document.querySelector(".footer")?.scrollIntoView();
  const {passes, violations} = await axe.run(document, rules);
  const found = violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
  if (rules.runOnly.type === "tag" && passes.length <= 10) found.push("axe has hardly looked at anything");
  return found;
}
