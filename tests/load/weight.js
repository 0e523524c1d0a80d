// What a page has fetched: its pictures in the first view, everything, its style sheet and its scripts.
async () => {
  const inView = [...document.images].filter(image => {
    const box = image.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0 && box.width > 0;
  }).map(image => image.currentSrc);
  const seen = performance.getEntriesByType('resource').filter(entry => inView.includes(entry.name));
  document.querySelectorAll('img[loading=lazy]').forEach(image => { image.loading = 'eager'; });
  await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
  const all = performance.getEntriesByType('resource').map(entry => [entry.name, entry.encodedBodySize]);
  return {
    first: seen.reduce((sum, entry) => sum + entry.encodedBodySize, 0),
    all,
    style: document.querySelector('style').textContent.length,
    scripts: [...document.scripts].filter(script => script.type !== 'application/ld+json').length,
  };
}
