// Words in three pieces, and those in two that would not fill half of the window: their column is too narrow for them.
// A long word may break where the text is large; the parts of an address do.
(hidden) => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    range.selectNodeContents(text);
    if (range.getClientRects().length < 2) continue;
    const words = [...text.data.matchAll(/(?<![@.\p{L}\p{N}])[\p{L}\p{N}]{2,}(?![\p{L}\p{N}]|[@.]\p{L})/gu)];
    if (!words.length || text.parentElement.closest(hidden) || !text.parentElement.checkVisibility()) continue;
    for (const word of words) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const pieces = [...range.getClientRects()].filter((piece) => piece.width);
      const lines = new Set(pieces.map((piece) => Math.round(piece.top))).size;
      const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
      if (lines > 2 || lines === 2 && width < innerWidth / 2) found.push(`“${word[0]}” is in pieces`);
    }
  }
  return found;
}
