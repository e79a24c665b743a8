// Where a problem points to: an element on the canvas and an entry of its properties.

/** Selects and shows an element, on the plane it is drawn on; true when it is there. */
export function place(modeler, id, property) {
  const element = modeler.get('elementRegistry').get(id);
  if (!element) return false;
  const canvas = modeler.get('canvas');
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  if (element === root) modeler.get('selection').select([]);
  else {
    modeler.get('selection').select(element);
    canvas.scrollToElement(element, { top: 120, bottom: 120, left: 160, right: 120 });
  }
  if (property) showEntry(modeler, property);
  return true;
}

function showEntry(modeler, property) {
  const eventBus = modeler.get('eventBus');
  // the panel draws the selected element in its next round
  setTimeout(() => eventBus.fire('propertiesPanel.showEntry', { id: property }), 50);
}
