// Bixuan.diagram.view: a diagram to look at, with marks on it.
import './viewer.css';

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { chinese } from '../words/chinese.js';
import words from '../words/zh/drawing.json';

const LARGEST = 1;

class Viewer {
  #viewer;
  #marked = [];

  constructor(viewer) {
    this.#viewer = viewer;
  }

  /** Whether the diagram has this element. */
  has(element) {
    return Boolean(this.#get('elementRegistry').get(element));
  }

  /** The elements drawn: [{id, type, name}]. */
  elements() {
    const drawn = this.#get('elementRegistry').filter(element => element.businessObject && element.type !== 'label');
    return drawn.map(({ id, type, businessObject }) => ({ id, type, name: businessObject.name ?? '' }));
  }

  /** Adds a CSS class to an element; elements that are not drawn are passed over. */
  addMarker(element, name) {
    if (!this.has(element)) return false;
    this.#get('canvas').addMarker(element, name);
    this.#marked.push([element, name]);
    return true;
  }

  /** Places a DOM node on an element; position as bpmn-js takes it ({top, right, bottom, left}). Returns its key. */
  overlay(element, html, position = { top: -10, right: 14 }) {
    return this.has(element) ? this.#get('overlays').add(element, 'mark', { position, html }) : null;
  }

  /** Takes away every marker and overlay that was added here. */
  clear() {
    const canvas = this.#get('canvas');
    for (const [element, name] of this.#marked) canvas.removeMarker(element, name);
    this.#marked = [];
    this.#get('overlays').remove({ type: 'mark' });
  }

  /** Calls back with the id of what was clicked. */
  onClick(callback) {
    this.#get('eventBus').on('element.click', ({ element }) => callback(element.labelTarget?.id ?? element.id));
  }

  /** Shows everything, never larger than drawn. */
  fit() {
    const canvas = this.#get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    if (canvas.zoom() > LARGEST) canvas.zoom(LARGEST, 'auto');
  }

  /** Zooms by a factor: above 1 nearer, below 1 further away. */
  zoom(factor) {
    const canvas = this.#get('canvas');
    canvas.zoom(canvas.zoom() * factor);
  }

  /** The part of the drawing that is seen: {x, y, width, height}; given one, shows that. */
  part(box) {
    const { x, y, width, height } = this.#get('canvas').viewbox(box);
    return { x, y, width, height };
  }

  /** Calls back whenever another part is seen: moved or zoomed, by hand or by a call. */
  onMove(callback) {
    this.#get('eventBus').on('canvas.viewbox.changed', () => callback(this.part()));
  }

  /** Brings an element into the middle of the view. */
  show(element) {
    if (this.has(element)) this.#get('canvas').scrollToElement(element, 80);
  }

  /** The drawing as SVG text. */
  async svg() {
    return (await this.#viewer.saveSVG()).svg;
  }

  destroy() {
    this.#viewer.destroy();
  }

  #get(service) {
    return this.#viewer.get(service);
  }
}

/** Opens a diagram to look at. Rejects when the text is no BPMN. */
async function view(container, { xml }) {
  const viewer = new NavigatedViewer({ container, additionalModules: [chinese(words)] });
  await viewer.importXML(xml);
  const shown = new Viewer(viewer);
  shown.fit();
  return shown;
}

window.Bixuan ??= {};
window.Bixuan.diagram = { ...window.Bixuan.diagram, view };
