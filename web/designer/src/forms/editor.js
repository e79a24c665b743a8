// One form-js editor: palette, canvas, properties; beside it the form as the server draws it.
import { FormEditor } from '@bpmn-io/form-js-editor';

import { offer } from '../diagram/feel.js';
import { keptJson } from '../keeping/json.js';
import { Finder } from './finder.js';
import { framed } from './frame.js';
import guidance from './guidance.js';
import { Marks } from './marks.js';
import { Preview } from './preview.js';

class Editor {
  #form;
  #opened; // the very text that was opened
  #before; // what form-js made of it
  #changed = false;
  #callbacks = [];
  #frame;
  #preview;
  #marks;
  #finder;

  constructor(form, frame, opened, preview) {
    this.#form = form;
    this.#frame = frame;
    this.#opened = opened;
    this.#before = form?.saveSchema();
    this.#marks = new Marks(frame.canvas);
    this.#finder = form && new Finder(frame.find, form, id => this.jump({ element: id }));
    this.#preview = new Preview(frame.preview, preview, () => this.content(), id => this.jump({ element: id }));
    form?.on('commandStack.changed', ({ trigger }) => this.#noted(trigger));
    // what was just put on the canvas is what is described next
    form?.on('commandStack.formField.add.postExecuted', ({ context }) => setTimeout(() => this.jump({ element: context.formField.id })));
    this.#preview.refresh();
  }

  /** The form as JSON text: the opened text with only those places changed that were changed here. */
  async content() {
    if (!this.#changed) return this.#opened;
    const now = keptJson(this.#opened, this.#before, this.#form.saveSchema());
    this.#changed = now !== this.#opened;
    return now;
  }

  isChanged() {
    return this.#changed;
  }

  onChange(callback) {
    this.#callbacks.push(callback);
  }

  /** Selects a component, by id: {element: the form or a component, cell: a component of that form, property}. False when it is not there. */
  async jump({ element, cell, property }) {
    const registry = this.#form?.get('formFieldRegistry');
    const field = registry && [cell, element].filter(Boolean).map(id => found(registry, id)).find(Boolean);
    if (!field) return false;
    this.#frame.show('both');
    this.#form.get('selection').set(field);
    await new Promise(requestAnimationFrame);
    this.#marks.node(field.id)?.scrollIntoView({ block: 'center' });
    if (property) this.#frame.panel?.querySelector(`[data-entry-id="${CSS.escape(property)}"]`)?.scrollIntoView({ block: 'center' });
    return true;
  }

  /** Marks components with problems: [{element, cell, severity: error|warning|info, text}]; earlier ones go. */
  mark(problems) {
    this.#marks.set(problems);
  }

  undo() {
    this.#do('undo');
  }

  redo() {
    this.#do('redo');
  }

  /** Opens the search over labels and keys. */
  find() {
    this.#finder?.open();
  }

  destroy() {
    this.#marks.destroy();
    this.#preview.destroy();
    this.#form?.destroy();
    this.#frame.remove();
  }

  #do(action) {
    this.#form?.get('commandStack')[action]();
  }

  #noted(trigger) {
    if (trigger === 'clear') return;
    this.#changed = true;
    this.#preview.refresh();
    for (const callback of this.#callbacks) callback(this);
  }
}

/**
 * Opens a form. ``text``: the JSON as it stands in the file (``schema``: its value or its text, when there is no text);
 * ``preview``: asks the server to draw a form, ({schema, variables, values, wrong}) → Promise<{html, problems, sample}>.
 * Rejects when it is no form that form-js can read. A form that may not be changed is shown as its preview.
 */
export async function open(container, { schema, text, readOnly = false, panel, preview, functions = [] }) {
  offer(functions);
  const opened = text ?? (typeof schema === 'string' ? schema : `${JSON.stringify(schema, null, 2)}\n`);
  const read = JSON.parse(opened);
  const frame = framed(container, { readOnly, panel, hasPreview: Boolean(preview) });
  try {
    const form = readOnly ? null : await drawn(frame, read);
    return new Editor(form, frame, opened, preview);
  } catch (error) {
    frame.remove();
    throw error;
  }
}

async function drawn(frame, schema) {
  const form = new FormEditor({
    container: frame.canvas,
    palette: { parent: frame.palette },
    propertiesPanel: { parent: frame.panel, feelPopupContainer: frame.root },
    additionalModules: [guidance]
  });
  try {
    await form.importSchema(schema);
  } catch (error) {
    form.destroy();
    throw error;
  }
  return form;
}

function found(registry, id) {
  return registry.get(id) ?? registry.getAll().find(field => field.key === id);
}
