// The form as people will see it: drawn by the server with the page's own code, a moment after every change.
import { words } from '../words/zh/studio-forms.js';
import { made } from './frame.js';

const SETTLE_MS = 120; // typing in the panel asks once
const AGAIN_MS = 4_000;

export class Preview {
  #ask;
  #schema;
  #go;
  #timer;
  #asked = 0; // answers that were overtaken are dropped
  #typed = false;
  #sheet;
  #state;
  #list;
  #wrong;
  #sample;
  #action = ''; // of the pressed button
  #own = false; // the sample values were changed by hand

  constructor(place, ask, schema, go) {
    this.#ask = ask;
    this.#schema = schema;
    this.#go = go;
    if (!ask) return;
    place.append(this.#head(place), this.#data(), ...this.#body());
    place.setAttribute('role', 'region');
    place.setAttribute('aria-label', words.preview);
  }

  /** Draws the form again, a moment later. */
  refresh(after = SETTLE_MS) {
    if (!this.#ask) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), after);
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#asked = Infinity;
  }

  async #draw() {
    const turn = (this.#asked += 1);
    const variables = this.#own ? this.#sample.value : null;
    try {
      const answer = await this.#ask({ schema: await this.#schema(), variables, values: this.#typed ? this.#values() : [], wrong: this.#wrong.checked });
      if (turn === this.#asked) this.#show(answer);
    } catch (error) {
      if (turn !== this.#asked) return;
      const refused = error.status >= 400 && error.status < 500;
      this.#say(refused ? error.message : words.away, 'error');
      if (!refused) this.refresh(AGAIN_MS);
    }
  }

  #show({ html, problems, sample }) {
    this.#list.replaceChildren(...problems.map(problem => this.#problem(problem)));
    this.#say(problems.length ? words.problems(problems.length) : '', 'error');
    if (html === null) return; // the last form that could be drawn stays
    const focus = document.activeElement?.name;
    const within = this.#sheet.contains(document.activeElement);
    this.#sheet.innerHTML = html; // from our server's own templates, cleaned there as on every page
    if (within && focus) this.#sheet.querySelector(`[name="${CSS.escape(focus)}"]`)?.focus();
    if (!this.#own) this.#sample.value = sample;
  }

  #problem({ text, element }) {
    const item = made('li', '');
    const button = made('button', '', text, { type: 'button' });
    button.addEventListener('click', () => this.#go(element));
    item.append(button);
    return item;
  }

  #say(text, kind) {
    this.#state.textContent = text;
    this.#state.dataset.kind = kind;
  }

  #head(place) {
    const head = made('div', 'preview-head');
    const label = made('label', '');
    this.#wrong = made('input', '', '', { type: 'checkbox' });
    label.append(this.#wrong, words.wrong);
    label.title = words.wrongHint;
    this.#wrong.addEventListener('change', () => {
      this.#typed = false;
      this.refresh(0);
    });
    const again = made('button', '', words.again, { type: 'button' });
    again.addEventListener('click', () => {
      this.#typed = false;
      this.refresh(0);
    });
    head.append(widths(place), label, again);
    return head;
  }

  #data() {
    const details = made('details', 'preview-sample');
    const hint = made('p', '', words.sampleHint);
    this.#sample = made('textarea', '', '', { rows: '8', spellcheck: 'false', 'aria-label': words.sample });
    this.#sample.addEventListener('input', () => {
      this.#own = true;
      this.refresh(400);
    });
    const reset = made('button', '', words.sampleAgain, { type: 'button' });
    reset.addEventListener('click', () => {
      this.#own = false;
      this.refresh(0);
    });
    details.append(made('summary', '', words.sample), hint, this.#sample, reset);
    return details;
  }

  #body() {
    this.#state = made('p', 'preview-state', '', { role: 'status' });
    this.#list = made('ul', 'preview-problems');
    this.#sheet = made('form', 'preview-sheet card', '', { novalidate: '', autocomplete: 'off' });
    this.#sheet.addEventListener('submit', event => event.preventDefault()); // nothing leaves the preview
    this.#sheet.addEventListener('change', () => this.#filled());
    this.#sheet.addEventListener('click', event => this.#pressed(event));
    return [this.#state, this.#list, this.#sheet];
  }

  // a button of the form: adds or drops a row
  #pressed(event) {
    const button = event.target.closest('button[name=_action]');
    const link = event.target.closest('a');
    if (button || link) event.preventDefault();
    if (!button) return;
    this.#action = button.value;
    this.#filled();
  }

  #filled() {
    this.#typed = true;
    this.refresh(0);
  }

  #values() {
    const values = [...new FormData(this.#sheet)].filter(([, value]) => typeof value === 'string');
    if (this.#action) values.push(['_action', this.#action]);
    this.#action = '';
    return values;
  }
}

function widths(place) {
  const group = made('div', 'forms-switch', '', { role: 'group', 'aria-label': words.width });
  const set = width => {
    place.dataset.width = width;
    for (const button of group.children) button.setAttribute('aria-pressed', String(button.dataset.width === width));
  };
  for (const width of ['desktop', 'phone']) {
    const button = made('button', '', words[width], { type: 'button', 'data-width': width });
    button.addEventListener('click', () => set(width));
    group.append(button);
  }
  set('desktop');
  return group;
}
