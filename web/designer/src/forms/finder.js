// A search over the labels, texts and keys of a form's components.
import { words } from '../words/zh/studio-forms.js';
import { made } from './frame.js';

export class Finder {
  #field;
  #count;
  #form;
  #go;
  #at = -1;

  constructor(box, form, go) {
    this.#form = form;
    this.#go = go;
    this.#field = made('input', '', '', { type: 'search', placeholder: words.find, 'aria-label': words.find });
    this.#count = made('output', '');
    box.append(this.#field, this.#count);
    this.#field.addEventListener('keydown', event => this.#pressed(event));
  }

  open() {
    this.#field.focus();
    this.#field.select();
  }

  #pressed(event) {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const text = this.#field.value.trim().toLowerCase();
    const found = text ? this.#form.get('formFieldRegistry').getAll().filter(field => says(field, text)) : [];
    this.#at = found.length ? (this.#at + (event.shiftKey ? -1 : 1) + found.length) % found.length : -1;
    this.#count.textContent = text ? words.found(this.#at + 1, found.length) : '';
    if (found.length) this.#go(found[this.#at].id);
  }
}

function says({ type, label, key, text, id }, searched) {
  return type !== 'default' && [label, key, text, id].some(part => String(part ?? '').toLowerCase().includes(searched));
}
