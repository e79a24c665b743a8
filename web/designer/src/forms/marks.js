// Problems painted on the components of a form.
const RANK = ['info', 'warning', 'error'];

export class Marks {
  #canvas;
  #problems = [];
  #painted = [];
  #observer;

  constructor(canvas) {
    this.#canvas = canvas;
    // form-js draws its components anew whenever something changes
    this.#observer = new MutationObserver(() => this.#paint());
    this.#watch();
  }

  set(problems) {
    this.#problems = problems;
    this.#paint();
  }

  /** What is drawn for the component with this id. */
  node(id) {
    return this.#canvas.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  destroy() {
    this.#observer.disconnect();
  }

  #paint() {
    this.#observer.disconnect();
    for (const node of this.#painted) clear(node);
    this.#painted = [];
    for (const { element, cell, severity, text } of this.#problems) {
      const node = [cell, element].filter(Boolean).map(id => this.node(id)).find(Boolean);
      if (!node) continue;
      if (RANK.indexOf(severity) >= RANK.indexOf(node.dataset.problem)) node.dataset.problem = severity;
      node.title = [node.title, text].filter(Boolean).join('\n');
      this.#painted.push(node);
    }
    this.#watch();
  }

  #watch() {
    this.#observer.observe(this.#canvas, { childList: true, subtree: true });
  }
}

function clear(node) {
  delete node.dataset.problem;
  node.removeAttribute('title');
}
