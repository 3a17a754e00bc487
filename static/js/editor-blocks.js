/* Blocks that scripts of the editor add to: the sections of a medicine, and lists of side effects. Each is Wagtail's
   own, and is known to the element that shows it. */
(() => {
  const known = (name, stock) => {
    class Definition extends window.telepath.constructors[stock] {
      render(...values) {
        const block = super.render(...values);
        const [element] = block.container;
        element.dataset.editorBlock = name.split(".").pop();
        element.editorBlock = block;
        return block;
      }
    }
    window.telepath.register(name, Definition);
  };
  known("monographs.blocks.sections.SectionsBlock", "wagtail.blocks.StreamBlock");
  known("monographs.blocks.parts.EffectListBlock", "wagtail.blocks.ListBlock");

  /** Add a new child as the buttons of the block do, but at once: what is typed next must not be lost. */
  window.addEditorBlock = (element, index, type) => {
    const block = element.editorBlock;
    const [, state, id] = block._getChildDataForInsertion({ type });
    return type ? block.insert({ type, value: state, id }, index, {}) : block.insert(state, index, { id });
  };
})();
