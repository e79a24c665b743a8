// Where a problem points to: an element on the canvas and an entry of its properties.
import { getBBox } from 'diagram-js/lib/util/Elements';

/** Pixels kept free around an element that is brought into view; the palette is on the left. */
export const MARGINS = { top: 120, bottom: 120, left: 160, right: 120 };
const NEAR_EDGE = 30; // pixels; nearer to it, a dragged element makes the picture scroll

/** The element drawn for an id: itself, the pool of a process, or the activity, event or flow that a part belongs to; or undefined. */
export function drawnFor(modeler, id) {
  const elements = modeler.get('elementRegistry');
  return elements.get(id) ?? elements.find(({ businessObject }) => businessObject?.processRef?.id === id) ?? elements.find(({ businessObject }) => parts(businessObject).some(part => part.id === id));
}

function parts(businessObject) {
  if (!businessObject) return [];
  return [...(businessObject.eventDefinitions ?? []), businessObject.loopCharacteristics, businessObject.conditionExpression].filter(Boolean);
}

/** Selects and shows an element, on the plane it is drawn on; true when it is there. */
export function place(modeler, id, property) {
  const element = drawnFor(modeler, id);
  if (!element) return false;
  const canvas = modeler.get('canvas');
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  if (element === root) modeler.get('selection').select([]);
  else {
    modeler.get('selection').select(element);
    canvas.scrollToElement(element, MARGINS);
  }
  if (property) showEntry(modeler, property);
  return true;
}

/** Whether a whole element lies within a viewbox of the canvas and not at its edge. */
export function isInView(element, { x, y, width, height, scale }) {
  const box = getBBox(element);
  const edge = NEAR_EDGE / scale;
  return box.x >= x + edge && box.y >= y + edge && box.x + box.width <= x + width - edge && box.y + box.height <= y + height - edge;
}

function showEntry(modeler, property) {
  const eventBus = modeler.get('eventBus');
  // the panel draws the selected element in its next round
  setTimeout(() => eventBus.fire('propertiesPanel.showEntry', { id: property }), 50);
}
