// The page in which a draft is edited, as the other scripts of the page see it.
import { acts } from './acts.js';
import * as between from './between.js';
import { Desk } from './desk.js';
import { Presence } from './presence.js';
import { say } from './words.js';

export class Shell {
  #desk;

  constructor(root, settings) {
    this.#desk = new Desk(root, settings, between);
    if (!settings.readOnly) this.#desk.presence = new Presence(this.#desk.server, settings.heartbeat, heard => this.#heard(heard));
  }

  get draft() {
    return this.#desk.settings.draft;
  }

  get readOnly() {
    return this.#desk.readOnly;
  }

  /** Path of the file that is open, null before the first. */
  get path() {
    return this.#desk.open?.path ?? null;
  }

  /** The editor that is open: content(), mark(), jump() … */
  get editor() {
    return this.#desk.open?.editor ?? null;
  }

  /** get(what, query) and post(what, body) below the draft's address, with the token of the page. */
  get server() {
    return this.#desk.server;
  }

  get isUnsaved() {
    return this.#desk.open?.isUnsaved ?? false;
  }

  /** See events.js; gives a function that stops listening. */
  on(name, callback) {
    return this.#desk.events.on(name, callback);
  }

  open(path) {
    return this.#desk.show(path);
  }

  /** Text that the server does not have yet: {path: text}, at most the open file. */
  async unsaved() {
    const { open } = this.#desk;
    if (!open?.isUnsaved) return {};
    const text = await open.note();
    return text === open.savedText ? {} : { [open.path]: text };
  }

  /** Shows the file and goes to the element, cell or line of it. */
  async jump({ path, element, cell, property, line }) {
    await this.open(path ?? this.path);
    return this.editor?.jump({ element, cell, property, line }) ?? false;
  }

  /** Paints problems on the file when it is open, now or later: [{element, severity, text}]. */
  mark(path, problems) {
    this.#desk.marks.set(path, problems);
    if (path === this.path) this.editor.mark(problems);
  }

  /** Sends everything; true when the server has it. For links and buttons that need the newest text. */
  async save() {
    return this.#desk.open ? this.#desk.open.save() : true;
  }

  /** One of the page's buttons, see acts.js. */
  async act(name) {
    await acts[name]?.(this.#desk);
  }

  async start() {
    const { files, settings } = this.#desk;
    await this.#desk.refresh();
    await this.open(files.find(settings.path)?.path ?? files.files[0]?.path);
    if (!this.readOnly) await between.leftBehind(this.#desk);
  }

  trouble(error) {
    this.#desk.trouble(error);
  }

  /** The page closes or is hidden. */
  leave({ closing }) {
    const { open } = this.#desk;
    if (closing) open?.leave();
    else if (open?.isUnsaved) open.save();
  }

  /** The network or the login may be back. */
  back() {
    const { open, presence } = this.#desk;
    if (open?.state === 'away') open.save();
    presence?.tell();
  }

  async #heard({ others, revision }) {
    const desk = this.#desk;
    const named = ({ name, login }) => (login === desk.settings.login ? say('you') : name);
    const present = new Map();
    for (const other of others) if (other.path) present.set(other.path, [...(present.get(other.path) ?? []), named(other)]);
    desk.files.people(present);
    const names = [...new Set(others.map(named))];
    desk.places.people.textContent = names.length ? say('alsoHere', { names: names.join('、') }) : '';
    const same = present.get(this.path);
    if (same) desk.notes.show('same', say('sameFile', { names: same.join('、') }), 'info');
    else desk.notes.hide('same');
    if (revision !== desk.revision) between.newer(desk, await desk.refresh());
  }
}
