() => [...document.querySelectorAll("*")].filter((one) => {
  const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one);
  return transitionDuration.split(", ").some((time) => time !== "0s") || animationName !== "none"
    || scrollBehavior !== "auto";
}).map((one) => `${one.tagName}.${one.className}`)
