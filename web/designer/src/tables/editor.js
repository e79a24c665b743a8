// One dmn-js Modeler (or viewer) with the views of a decision model as tabs.
import Modeler from 'dmn-js/lib/Modeler';
import NavigatedViewer from 'dmn-js/lib/NavigatedViewer';

import { offer } from '../diagram/feel.js';
import { kept } from '../keeping/xml.js';
import { words } from '../words/zh/studio-tables.js';
import { Finder } from './finder.js';
import { cellOf, viewOf } from './locate.js';
import { Marks } from './marks.js';
import { options } from './options.js';
import { Tabs } from './tabs.js';

class Editor {
  #manager;
  #frame;
  #opened; // the very text that was opened
  #before = ''; // what the editor would have written straight after opening it
  #changed = false;
  #callbacks = [];
  #marks;
  #finder;

  constructor(manager, frame, xml) {
    this.#manager = manager;
    this.#frame = frame;
    this.#opened = xml;
    this.#marks = new Marks(manager, frame.tables);
    this.#finder = new Finder(frame);
    manager.on('viewer.created', ({ viewer }) => viewer.on('commandStack.changed', ({ trigger }) => this.#noted(trigger)));
  }

  /** Reads the text and shows its first table. */
  async start() {
    const { warnings } = await this.#manager.importXML(this.#opened, { open: false });
    const unread = warnings.find(({ message }) => message.startsWith('unparsable content'));
    if (unread) throw new Error(words.unread(/line: (\d+)/.exec(unread.message)?.[1] ?? '?', /nested error: (.*)/.exec(unread.message)?.[1] ?? ''));
    this.#before = await this.#written();
    new Tabs(this.#frame.tabs, this.#manager, this.#marks);
    const views = this.#manager.getViews();
    await this.#manager.open(views.find(view => view.type !== 'drd') ?? views[0]);
  }

  /** The DMN text as it stands: the opened text with only those places changed that were changed here. */
  async content() {
    if (!this.#changed) return this.#opened;
    const now = kept(this.#opened, this.#before, await this.#written());
    this.#changed = now !== this.#opened;
    return now;
  }

  isChanged() {
    return this.#changed;
  }

  onChange(callback) {
    this.#callbacks.push(callback);
  }

  /** Opens the view of an element and goes to its cell: {element: a rule, column or decision, cell: an entry or column}. False when it is not there. */
  async jump({ element, cell }) {
    const view = viewOf(this.#manager, cell) ?? viewOf(this.#manager, element);
    if (!view) return false;
    if (this.#manager.getActiveView() !== view) await this.#manager.open(view);
    await new Promise(requestAnimationFrame);
    const viewer = this.#manager.getActiveViewer();
    const id = cellOf(this.#manager.getDefinitions(), element, cell);
    const found = viewer.get('elementRegistry').get(id);
    if (found) viewer.get('selection').select(found);
    const node = this.#marks.node(id);
    node?.scrollIntoView({ block: 'center', inline: 'center' });
    return true;
  }

  /** Marks cells, columns and decisions with problems: [{element, cell, severity: error|warning|info, text}]; earlier ones go. */
  mark(problems) {
    this.#marks.set(problems);
  }

  undo() {
    this.#do('undo');
  }

  redo() {
    this.#do('redo');
  }

  /** Opens the search over the texts of the table. */
  find() {
    this.#finder.open();
  }

  destroy() {
    this.#marks.destroy();
    this.#manager.destroy();
    this.#frame.root.remove();
  }

  #do(action) {
    this.#manager.getActiveViewer()?.get('commandStack', false)?.[action]();
  }

  async #written() {
    return (await this.#manager.saveXML()).xml;
  }

  // A view that is left forgets its steps; that is no change.
  #noted(trigger) {
    if (trigger === 'clear') return;
    this.#changed = true;
    for (const callback of this.#callbacks) callback(this);
  }
}

/** Opens a decision model. Rejects when the text is no DMN of the version the editor knows. */
export async function open(container, { xml, readOnly = false, functions = [] }) {
  offer(functions);
  const frame = framed(container);
  const Manager = readOnly ? NavigatedViewer : Modeler;
  const manager = new Manager({ container: frame.tables, ...options(readOnly) });
  const editor = new Editor(manager, frame, xml);
  try {
    await editor.start();
  } catch (error) {
    editor.destroy();
    throw error;
  }
  return editor;
}

function framed(container) {
  const [root, tabs, tables] = ['tables-editor', 'tables-bar', 'tables-view'].map(name => {
    const node = document.createElement('div');
    node.className = name;
    return node;
  });
  root.append(tabs, tables);
  container.append(root);
  return { root, tabs, tables };
}
