// The list of the draft's files, and what can be done with the list.
import { ask, element, paragraph } from './dialogs.js';
import { say } from './words.js';

const KINDS = ['diagram', 'tables', 'form', 'ledger', 'case', 'readme', 'silenced'];
const BADGES = { changed: 'warn', added: 'ok', deleted: 'bad' };

export class FileList {
  #place;
  #home;
  #open;
  #files = [];
  #current = null;
  #present = new Map();

  constructor(place, { home, open }) {
    this.#place = place;
    this.#home = home;
    this.#open = open;
  }

  get files() {
    return this.#files;
  }

  find(path) {
    return this.#files.find(file => file.path === path);
  }

  show(files) {
    this.#files = files;
    this.#draw();
  }

  mark(path) {
    this.#current = path;
    this.#draw();
  }

  /** path → names of those who have it open. */
  people(present) {
    this.#present = present;
    this.#draw();
  }

  #draw() {
    const focused = document.activeElement?.dataset?.path;
    const own = this.#files.filter(file => this.#isHome(file.path));
    const others = this.#files.filter(file => !this.#isHome(file.path));
    const groups = KINDS.map(kind => [say(kind), own.filter(file => file.kind === kind)]);
    groups.push([say('elsewhere'), others]);
    this.#place.replaceChildren(...groups.filter(([, files]) => files.length).flatMap(([label, files]) => this.#group(label, files)));
    if (focused) this.#place.querySelector(`[data-path="${CSS.escape(focused)}"]`)?.focus();
  }

  #isHome(path) {
    return path.split('/')[1] === this.#home;
  }

  #group(label, files) {
    const list = element('ul');
    for (const file of files) list.append(element('li', {}, this.#entry(file)));
    return [element('h3', { textContent: label }), list];
  }

  #entry(file) {
    const button = element('button', { type: 'button', className: 'plain', title: file.path, data: { path: file.path, state: file.state } });
    button.append(element('span', { className: 'title', textContent: file.title || stem(file.path) }));
    button.append(element('small', { textContent: this.#isHome(file.path) ? stem(file.path) : file.path.replace(/^(processes|forms)\//, '') }));
    if (file.state !== 'unchanged') button.append(badge(say(file.state), BADGES[file.state]));
    if (file.moved) button.append(badge(say('moved'), 'bad'));
    for (const name of this.#present.get(file.path) ?? []) button.append(badge(name, 'info'));
    if (file.path === this.#current) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => this.#open(file.path));
    return button;
  }
}

export function stem(path) {
  return path.split('/').pop().replace(/\.[a-z]+$/, '');
}

function badge(text, kind) {
  return element('span', { className: `badge ${kind}`, textContent: text });
}

/** Asks what new file; → {kind, name, title} or null. */
export async function askNew() {
  const kind = element('select', { id: 'new-kind' }, ...['form', 'tables', 'case', 'diagram', 'readme'].map(value => element('option', { value, textContent: say(value) })));
  const name = element('input', { id: 'new-name', required: true, maxLength: 60, autocomplete: 'off' });
  const title = element('input', { id: 'new-title', maxLength: 100, autocomplete: 'off' });
  const nameLabel = element('label', { htmlFor: 'new-name', textContent: say('name') });
  const field = (...children) => element('div', { className: 'field' }, ...children);
  const named = field(nameLabel, name);
  kind.addEventListener('change', () => {
    nameLabel.textContent = say(kind.value === 'case' ? 'caseName' : 'name');
    named.hidden = kind.value === 'readme';
  });
  const body = [
    field(element('label', { htmlFor: 'new-kind', textContent: say('kind') }), kind),
    named,
    field(element('label', { htmlFor: 'new-title', textContent: say('title') }), title)
  ];
  const chosen = await ask({ title: say('newFile'), body, choices: [{ value: 'create', label: say('create'), kind: 'primary' }, { value: null, label: say('cancel') }] });
  return chosen && { kind: kind.value, name: name.value.trim() || 'README', title: title.value.trim() };
}

/** Asks which file of another folder; → its path or null. */
export async function askOther(files) {
  const search = element('input', { type: 'search', id: 'take-search', autocomplete: 'off' });
  const list = element('select', { id: 'take-list', size: 10 });
  list.setAttribute('aria-label', say('takeFile'));
  const fill = () => {
    const words = search.value.trim().toLowerCase();
    const found = files.filter(file => `${file.title} ${file.path}`.toLowerCase().includes(words));
    list.replaceChildren(...found.map(({ path, title }) => element('option', { value: path, textContent: title ? `${title}　${path}` : path })));
    if (!found.length) list.append(element('option', { textContent: say('nothing'), disabled: true }));
    list.selectedIndex = found.length === 1 ? 0 : -1;
  };
  search.addEventListener('input', fill);
  fill();
  const body = [paragraph(say('takeHint')), element('label', { htmlFor: 'take-search', textContent: say('search') }), search, list];
  const chosen = await ask({ title: say('takeFile'), body, wide: true, choices: [{ value: 'take', label: say('take'), kind: 'primary' }, { value: null, label: say('cancel') }] });
  return chosen && list.value ? list.value : null;
}
