// What the FEEL editor offers: the functions our interpreter knows, the variables known at the element.
import { camundaBuiltins as offered } from './functions.js';

/** Offers these functions, and no others, in every FEEL field: [{name, params: [{name, type}], text}]. */
export function offer(functions) {
  offered.length = 0;
  for (const { name, params = [], text = '' } of functions) {
    offered.push({ name, type: 'function', params: params.map(param => (typeof param === 'string' ? { name: param } : param)), info: text });
  }
}

const FRESH_MS = 3000; // the server knows what was saved, and saving waits a little after every change

/** The service the properties panel asks for variables, after every change and once for every field: one question is enough for all. */
export class VariableResolver {
  #scope;
  #known = new Map(); // element → {at, variables}

  constructor(scope) {
    this.#scope = scope;
  }

  async getVariablesForElement(businessObject) {
    const id = businessObject.get('id');
    const known = this.#known.get(id);
    if (known && performance.now() - known.at < FRESH_MS) return known.variables;
    const variables = this.#scope(id).then(found => found.map(variable), () => []);
    this.#known.set(id, { at: performance.now(), variables });
    return variables;
  }
}

function variable({ name, type, from, entries }) {
  return { name, detail: type, info: from ? `来自：${from}` : undefined, entries: entries?.map(variable) };
}
