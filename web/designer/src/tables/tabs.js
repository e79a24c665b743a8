// The views of a decision model as tabs: the requirements, then every table and expression.
import { words } from '../words/zh/studio-tables.js';

export class Tabs {
  #bar;
  #manager;
  #marks;
  #list;

  constructor(bar, manager, marks) {
    this.#bar = bar;
    this.#manager = manager;
    this.#marks = marks;
    this.#list = document.createElement('div');
    this.#list.className = 'tables-tabs';
    this.#list.setAttribute('role', 'tablist');
    this.#list.setAttribute('aria-label', words.views);
    bar.prepend(this.#list);
    this.#list.addEventListener('keydown', event => this.#step(event));
    manager.on('views.changed', () => this.#draw());
    marks.onChange(() => this.#draw());
    this.#draw();
  }

  #draw() {
    const focused = this.#list.contains(document.activeElement);
    const active = this.#manager.getActiveView();
    this.#list.replaceChildren(...this.#manager.getViews().map(view => this.#tab(view, view === active)));
    if (focused) this.#list.querySelector('[aria-selected=true]')?.focus();
  }

  #tab(view, selected) {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
    tab.dataset.kind = view.type;
    tab.dataset.problem = this.#marks.worst(view) ?? '';
    tab.textContent = view.type === 'drd' ? words.drd : view.name || view.id;
    tab.title = words[view.type];
    tab.addEventListener('click', () => this.#manager.open(view));
    return tab;
  }

  #step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const views = this.#manager.getViews();
    const place = views.indexOf(this.#manager.getActiveView());
    event.preventDefault();
    this.#manager.open(views[(place + by + views.length) % views.length]);
  }
}
