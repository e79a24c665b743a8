// A search over the texts of the table that is shown.
import { words } from '../words/zh/studio-tables.js';

export class Finder {
  #view;
  #box;
  #field;
  #count;
  #at = -1;

  constructor({ root, tabs, tables }) {
    this.#view = tables;
    this.#box = document.createElement('div');
    this.#box.className = 'tables-find';
    this.#field = document.createElement('input');
    this.#field.type = 'search';
    this.#field.placeholder = words.find;
    this.#field.setAttribute('aria-label', words.find);
    this.#count = document.createElement('output');
    this.#box.append(this.#field, this.#count);
    tabs.append(this.#box);
    this.#field.addEventListener('input', () => this.#show(0));
    this.#field.addEventListener('keydown', event => this.#pressed(event));
    root.addEventListener('keydown', event => this.#shortcut(event));
  }

  open() {
    this.#field.focus();
    this.#field.select();
  }

  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
    event.preventDefault();
    this.open();
  }

  #pressed(event) {
    if (event.key === 'Enter') this.#show(this.#at + (event.shiftKey ? -1 : 1));
    if (event.key === 'Escape') {
      this.#field.value = '';
      this.#show(0);
    }
    if (['Enter', 'Escape'].includes(event.key)) event.preventDefault();
  }

  #show(at) {
    for (const node of this.#view.querySelectorAll('[data-found]')) delete node.dataset.found;
    const text = this.#field.value.trim().toLowerCase();
    const cells = text ? [...this.#view.querySelectorAll('td, th, .djs-visual text')].filter(cell => cell.textContent.toLowerCase().includes(text)) : [];
    this.#at = cells.length ? (at + cells.length) % cells.length : -1;
    cells.forEach((cell, n) => (cell.dataset.found = n === this.#at ? 'here' : 'yes'));
    cells[this.#at]?.scrollIntoView({ block: 'center', inline: 'center' });
    this.#count.textContent = text ? words.found(this.#at + 1, cells.length) : '';
  }
}
