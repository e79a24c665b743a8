// What the page says about saving, and notes above the editor that offer a next step.
import { element } from './dialogs.js';
import { moment, say } from './words.js';

const KINDS = { saved: 'ok', away: 'warn', conflict: 'bad', refused: 'bad', tooLarge: 'bad', unreadable: 'warn' };

export function tellState(place, state, values, { savedAt, signIn }) {
  const text = {
    saved: () => (savedAt ? say('savedAt', { time: moment(savedAt) }) : say('saved')),
    unsaved: () => say('unsaved'),
    saving: () => say('saving'),
    readOnly: () => say('readOnly'),
    away: () => say(values.why),
    conflict: () => say('conflictWaiting', values),
    refused: () => say('refused', values),
    tooLarge: () => say('tooLarge', values),
    unreadable: () => say('unreadable', values)
  }[state]();
  place.className = `shell-state ${KINDS[state] ?? ''}`;
  place.dataset.state = state;
  place.replaceChildren(text);
  if (state === 'away' && values.why === 'signedOut') place.append(' ', element('a', { href: signIn, target: '_blank', textContent: say('signIn') }));
}

export class Notes {
  #place;
  #shown = new Map();

  constructor(place) {
    this.#place = place;
  }

  /** One note of each name; actions: [{label, act}]. */
  show(name, text, kind = 'info', actions = []) {
    this.hide(name);
    const buttons = actions.map(({ label, act }) => {
      const button = element('button', { type: 'button', className: 'small', textContent: label });
      button.addEventListener('click', act);
      return button;
    });
    const line = element('p', { textContent: `${text} ` });
    line.append(...buttons);
    const note = element('div', { className: `note ${kind}`, data: { note: name } }, line);
    this.#shown.set(name, note);
    this.#place.append(note);
  }

  hide(name) {
    this.#shown.get(name)?.remove();
    this.#shown.delete(name);
  }

  clear() {
    for (const name of [...this.#shown.keys()]) this.hide(name);
  }
}
