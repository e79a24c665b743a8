// The diagram editor: one bpmn-js Modeler with everything a process designer needs around it.
import Modeler from 'bpmn-js/lib/Modeler';

import { offer } from './feel.js';
import { modules } from './modules.js';
import { descriptors } from './dialect.js';
import { drawnFor, isInView, MARGINS, place } from './places.js';

const PALETTE = 118; // its width and the space around it
const MARGIN = 20;
const LEGIBLE = 0.65;
const LAYOUT = { groups: { general: { open: true }, documentation: { open: true } } }; // name and article are always at hand

class Editor {
  #modeler;
  #opened; // the very text that was opened
  #openedAt; // where the command stack stood then
  #painted = [];
  #sized;

  constructor(modeler, xml) {
    this.#modeler = modeler;
    this.#opened = xml;
    this.#openedAt = this.#position();
    this.#sized = new ResizeObserver(() => this.#resized());
    this.#sized.observe(this.#get('canvas').getContainer());
  }

  /** The BPMN text as it stands; the very text that was opened when nothing was changed. */
  async content() {
    if (!this.isChanged()) return this.#opened;
    return (await this.#modeler.saveXML({ format: true })).xml;
  }

  isChanged() {
    this.#get('debounceInput').flush(); // what is just being typed counts
    return this.#position() !== this.#openedAt;
  }

  onChange(callback) {
    this.#get('eventBus').on('commandStack.changed', () => callback(this));
  }

  /** Selects an element, brings it into view and, with a property, opens its entry in the panel. False when it is not drawn. */
  jump({ element, property }) {
    return place(this.#modeler, element, property);
  }

  /** Paints problems on elements: [{element, severity: error|warning|info, text}]; earlier ones go. */
  mark(problems) {
    const canvas = this.#get('canvas');
    const overlays = this.#get('overlays');
    overlays.remove({ type: 'problem' });
    // the elements themselves are kept, not their ids: an element may have got another id, or be gone, since it was painted
    const elements = this.#get('elementRegistry');
    for (const [element, name] of this.#painted) if (elements.get(element.id) === element) canvas.removeMarker(element, name);
    this.#painted = [];
    for (const [id, found] of grouped(problems)) {
      const element = drawnFor(this.#modeler, id);
      if (!element) continue;
      const worst = ['error', 'warning', 'info'].find(severity => found.some(problem => problem.severity === severity)) ?? 'info';
      canvas.addMarker(element, `problem-${worst}`);
      this.#painted.push([element, `problem-${worst}`]);
      overlays.add(element, 'problem', { position: { top: -9, left: -9 }, html: badge(worst, found) });
    }
  }

  undo() {
    this.#get('commandStack').undo();
  }

  redo() {
    this.#get('commandStack').redo();
  }

  /** Opens the search over the elements. */
  find() {
    setTimeout(() => this.#get('searchPad').open()); // it closes at the click that asks for it
  }

  async svg() {
    return (await this.#modeler.saveSVG()).svg;
  }

  /** Shows the whole diagram, as far as it can be read. */
  fit() {
    fit(this.#get('canvas'));
  }

  /** A service of the modeler, for what this editor does not offer itself. */
  get(service) {
    return this.#get(service);
  }

  destroy() {
    this.#sized.disconnect();
    this.#get('hoverTooltip', false)?._hide?.(); // one that is about to show would find no canvas
    this.#modeler.destroy();
  }

  // the list of problems takes its room from the drawing: what somebody works on must not end up behind it
  #resized() {
    const canvas = this.#get('canvas');
    const before = canvas.viewbox();
    canvas.resized();
    const held = this.#get('selection').get().at(-1);
    if (!held || this.#get('dragging').context() || !isInView(held, before) || isInView(held, canvas.viewbox())) return;
    canvas.scrollToElement(held, MARGINS);
  }

  #get(service, strict = true) {
    return this.#modeler.get(service, strict);
  }

  #position() {
    return this.#get('commandStack')._stackIdx;
  }
}

/** Opens a diagram to change it. Rejects when the text is no BPMN. */
export async function open(container, { xml, readOnly = false, templates = [], functions = [], scope = async () => [], panel }) {
  offer(functions);
  const modeler = new Modeler({
    container,
    additionalModules: modules({ scope, readOnly }),
    moddleExtensions: descriptors,
    propertiesPanel: { parent: panel, layout: LAYOUT },
    elementTemplates: templates,
    minimap: { open: false }
  });
  try {
    await modeler.importXML(xml);
  } catch (error) {
    modeler.destroy();
    throw error;
  }
  fit(modeler.get('canvas'));
  await drawn();
  return new Editor(modeler, xml);
}

// the panel listens to the canvas once it has been drawn; a page in the background draws nothing, so nobody waits long
function drawn() {
  return new Promise(done => {
    setTimeout(done, 150);
    requestAnimationFrame(() => setTimeout(done, 0));
  });
}

// everything in view beside the palette, never larger than drawn; what would be too small to read begins at its left
function fit(canvas) {
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !inner.height || !outer.width) return;
  const whole = Math.min(1, (outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
  const scale = Math.max(whole, LEGIBLE);
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: inner.x - PALETTE / scale, y: inner.y - Math.max(MARGIN / scale, (height - inner.height) / 2), width, height });
}

function grouped(problems) {
  const found = new Map();
  for (const problem of problems) found.set(problem.element, [...(found.get(problem.element) ?? []), problem]);
  return found;
}

function badge(severity, problems) {
  const node = document.createElement('span');
  node.className = `problem-badge ${severity}`;
  node.textContent = problems.length > 1 ? String(problems.length) : '!';
  node.title = problems.map(problem => problem.text).join('\n');
  return node;
}
