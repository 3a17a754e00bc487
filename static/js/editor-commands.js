// The menu of the slash opens in an otherwise empty paragraph only. Draftail opens it at every slash after a
// word or a number, and in “5 mg/day” the next Enter would turn the dose into a heading.
(() => {
  const utils = window.Draftail?.DraftUtils;
  if (!utils?.getCommandPalettePrompt) return;
  const stock = utils.getCommandPalettePrompt;
  utils.getCommandPalettePrompt = (state) => {
    const prompt = stock.call(utils, state);
    return prompt && prompt.position === 0 && prompt.text === prompt.block.getText() ? prompt : null;
  };
})();
