// In the page editor: how many letters the texts for search and sharing have, and what they will look like.
document.addEventListener('DOMContentLoaded', () => {
  const box = document.querySelector('[data-search-and-sharing]');
  if (!box) return;
  const value = (name) => (document.querySelector(`[name="${name}"]`)?.value ?? '').trim();
  const picture = (name) => document.querySelector(`#id_${name}-chooser:not(.blank) img, [data-chooser][id^="id_${name}"]:not(.blank) img`)?.src;
  const counted = [...box.querySelectorAll('[data-count]')].map((line) => {
    const field = document.querySelector(`[name="${line.dataset.count}"]`);
    field?.closest('.w-field__wrapper, .w-field')?.append(line);
    return [line, field];
  });
  const show = () => {
    for (const [line, field] of counted) {
      const most = Number(line.dataset.most);
      const letters = [...(field?.value ?? '')].length;
      line.textContent = `${letters} of about ${most} letters${letters > most ? ': the end may be cut off' : ''}`;
    }
    const texts = {
      title: value('seo_title') || value('title'),
      description: (value('search_description') || value('introduction')).slice(0, 160),
      share: value('share_title') || value('title'),
    };
    for (const [name, text] of Object.entries(texts)) {
      for (const element of box.querySelectorAll(`[data-shows="${name}"]`)) element.textContent = text;
    }
    const image = box.querySelector('img');
    const source = picture('share_image') || picture('lead_image');
    image.hidden = !source;
    if (source && image.getAttribute('src') !== source) image.src = source;
  };
  for (const event of ['input', 'change']) document.addEventListener(event, show);
  document.addEventListener('focusin', show);
  show();
});
