// Problems painted on the cells of a table, on its columns and on the tabs of other tables.
import { cellOf, viewOf } from './locate.js';

const RANK = ['info', 'warning', 'error'];

export class Marks {
  #manager;
  #container;
  #problems = [];
  #observer;
  #painted = [];
  #listeners = [];

  constructor(manager, container) {
    this.#manager = manager;
    this.#container = container;
    // the tables draw their cells anew whenever something changes
    this.#observer = new MutationObserver(() => this.#paint());
    this.#watch();
  }

  set(problems) {
    this.#problems = problems;
    this.#paint();
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after other problems were set. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** How bad it is inside one view: error, warning, info or undefined. */
  worst(view) {
    return worst(this.#problems.filter(({ element, cell }) => (viewOf(this.#manager, cell) ?? viewOf(this.#manager, element)) === view));
  }

  /** The cell, column head or drawn element with this id, in the view that is shown. */
  node(id) {
    if (!id) return null;
    const name = CSS.escape(id);
    const selectors = [`[data-element-id="${name}"]`, `th[data-col-id="${name}"]`, `[data-row-id="${name}"]`];
    return selectors.map(selector => this.#container.querySelector(selector)).find(Boolean) ?? null;
  }

  destroy() {
    this.#observer.disconnect();
  }

  #paint() {
    this.#observer.disconnect();
    for (const node of this.#painted) clear(node);
    this.#painted = [];
    for (const [node, problems] of this.#grouped()) {
      node.dataset.problem = worst(problems);
      node.title = problems.map(({ text }) => text).join('\n');
      node.setAttribute('aria-description', node.title);
      this.#painted.push(node);
    }
    this.#watch();
  }

  #grouped() {
    const found = new Map();
    const definitions = this.#manager.getDefinitions();
    for (const problem of definitions ? this.#problems : []) {
      const node = this.node(cellOf(definitions, problem.element, problem.cell));
      if (node) found.set(node, [...(found.get(node) ?? []), problem]);
    }
    return found;
  }

  #watch() {
    this.#observer.observe(this.#container, { childList: true, subtree: true });
  }
}

function clear(node) {
  delete node.dataset.problem;
  node.removeAttribute('title');
  node.removeAttribute('aria-description');
}

function worst(problems) {
  return RANK[Math.max(-1, ...problems.map(({ severity }) => RANK.indexOf(severity)))];
}
