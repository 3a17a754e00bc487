/* Blocks that scripts of the editor add to: the sections and sources of a medicine, and lists of side effects. Each is
   Wagtail's own, and is known to the element that shows it. */
(() => {
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };
  const isPlain = (value) => value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  /* Children of a stream that were not saved yet have no id, and Wagtail's panels of all of them would be one. */
  const withIds = (value) => {
    if (Array.isArray(value)) {
      return value.map((each) => (isPlain(each) && "type" in each && "value" in each ? { ...each, id: each.id || newId(), value: withIds(each.value) } : each));
    }
    return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withIds(each)])) : value;
  };

  const known = (name, stock) => {
    class Definition extends window.telepath.constructors[stock] {
      render(placeholder, prefix, state, error) {
        const block = super.render(placeholder, prefix, withIds(state), error);
        const newChild = block._getChildDataForInsertion.bind(block);
        block._getChildDataForInsertion = (options) => {
          const [definition, value, id] = newChild(options);
          return [definition, withIds(value), id];
        };
        const [element] = block.container;
        element.dataset.editorBlock = name.split(".").pop();
        element.editorBlock = block;
        return block;
      }
    }
    window.telepath.register(name, Definition);
  };
  known("monographs.blocks.sections.SectionsBlock", "wagtail.blocks.StreamBlock");
  known("monographs.blocks.source_blocks.SourcesBlock", "wagtail.blocks.StreamBlock");
  known("monographs.blocks.parts.EffectListBlock", "wagtail.blocks.ListBlock");

  /** Add a new child as the buttons of the block do, but at once: what is typed next must not be lost. */
  window.addEditorBlock = (element, index, type) => {
    const block = element.editorBlock;
    const [, state, id] = block._getChildDataForInsertion({ type });
    return type ? block.insert({ type, value: state, id }, index, {}) : block.insert(state, index, { id });
  };
})();
