// What the FEEL editor offers: the functions our interpreter knows, the variables known at the element.
import { camundaBuiltins as offered } from './functions.js';

/** Offers these functions, and no others, in every FEEL field: [{name, params: [{name, type}], text}]. */
export function offer(functions) {
  offered.length = 0;
  for (const { name, params = [], text = '' } of functions) {
    offered.push({ name, type: 'function', params: params.map(param => (typeof param === 'string' ? { name: param } : param)), info: text });
  }
}

/** The service the properties panel asks for variables; the answers are kept until the diagram changes. */
export class VariableResolver {
  #scope;
  #known = new Map();

  constructor(scope, eventBus) {
    this.#scope = scope;
    eventBus.on('commandStack.changed', 5000, () => this.#known.clear());
    eventBus.on('import.done', () => this.#known.clear());
  }

  async getVariablesForElement(businessObject) {
    const id = businessObject.get('id');
    if (!this.#known.has(id)) this.#known.set(id, this.#scope(id).then(found => found.map(variable), () => []));
    return this.#known.get(id);
  }
}

function variable({ name, type, from, entries }) {
  return { name, detail: type, info: from ? `来自：${from}` : undefined, entries: entries?.map(variable) };
}
