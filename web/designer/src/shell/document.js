// One open file: what is written, what the server has, and when it is sent there.
//
// States: saved, unsaved, saving, conflict {theirs}, refused {problem}, away {why}, readOnly.
import { Away, Refused } from './server.js';

const NOTED_MS = 300; // after the last change the text is kept on this computer
const SAVED_MS = 2000; // and sent to the server
const LATEST_MS = 10_000; // however long somebody goes on writing
const AGAIN_MS = [3000, 6000, 12_000, 30_000];
const KEEPALIVE_BYTES = 60_000; // browsers let a closing page send 64 KiB

export class OpenFile {
  #editor;
  #server;
  #recovery;
  #events;
  #limit;
  #noting;
  #sending;
  #dirtySince = 0;
  #running = null;
  #failures = 0;
  #noted; // the newest text seen
  #saved; // the text the server has

  constructor({ file, editor, server, recovery, events, limit, readOnly }) {
    this.path = file.path;
    this.kind = file.kind;
    this.base = file.sha256;
    this.readOnly = readOnly;
    this.conflict = null;
    this.state = readOnly ? 'readOnly' : 'saved';
    this.savedAt = file.changed_at;
    this.#saved = this.#noted = file.content;
    this.#server = server;
    this.#recovery = recovery;
    this.#events = events;
    this.#limit = limit;
    this.use(editor);
  }

  get editor() {
    return this.#editor;
  }

  get savedText() {
    return this.#saved;
  }

  /** Another editor for the same file: the source instead of the drawing, or a text brought back. */
  use(editor) {
    this.#editor = editor;
    if (!this.readOnly) editor.onChange(() => this.touched());
  }

  async text() {
    return this.#editor.content();
  }

  get isUnsaved() {
    return !this.readOnly && (this.#dirtySince > 0 || this.#noted !== this.#saved);
  }

  touched() {
    if (this.readOnly) return;
    const now = Date.now();
    this.#dirtySince ||= now;
    if (!['conflict', 'away'].includes(this.state)) this.#tell('unsaved');
    clearTimeout(this.#noting);
    this.#noting = setTimeout(() => this.note(), NOTED_MS);
    if (this.conflict) return;
    clearTimeout(this.#sending);
    const wait = Math.max(0, Math.min(SAVED_MS, this.#dirtySince + LATEST_MS - now));
    this.#sending = setTimeout(() => this.save(), wait);
  }

  /** Keep the text on this computer and tell who listens; gives the text. */
  async note() {
    let text;
    try {
      text = await this.#editor.content();
    } catch {
      return this.#noted; // half drawn: the next change asks again, and saving says why
    }
    if (text === this.#noted) return text;
    this.#noted = text;
    if (text !== this.#saved) await this.#keepHere();
    this.#events.emit('changed', { path: this.path, text });
    return text;
  }

  /** Send what is not saved yet. One request at a time; true when the server has everything. */
  async save() {
    if (this.readOnly || this.conflict) return false;
    clearTimeout(this.#sending);
    if (this.#running) {
      await this.#running;
      return this.isUnsaved ? this.save() : this.state === 'saved';
    }
    this.#running = this.#send();
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** Mine becomes a new version on top of theirs. */
  keepMine() {
    this.base = this.conflict.sha256;
    this.conflict = null;
    return this.save();
  }

  /** As the page closes: nothing can be waited for. */
  leave() {
    if (!this.isUnsaved) return;
    const known = this.#noted;
    this.#keepHere();
    if (this.conflict || this.#running || known === this.#saved || known.length > KEEPALIVE_BYTES / 3) return;
    this.#server.post('file', this.#body(known), { keepalive: true }).catch(() => undefined);
  }

  close() {
    clearTimeout(this.#noting);
    clearTimeout(this.#sending);
    this.#editor.destroy();
  }

  async #send() {
    const since = this.#dirtySince;
    let text;
    try {
      text = await this.#editor.content();
    } catch (error) {
      this.#tell('unreadable', { cause: error.message });
      return false;
    }
    if (text !== this.#noted) {
      this.#noted = text;
      this.#events.emit('changed', { path: this.path, text });
    }
    if (text === this.#saved) return this.#settled(since);
    await this.#keepHere();
    if (new TextEncoder().encode(text).length > this.#limit) {
      this.#tell('tooLarge', { limit: `${Math.round(this.#limit / 1e6)} MB` });
      return false;
    }
    this.#tell('saving');
    try {
      const answer = await this.#server.post('file', this.#body(text));
      this.base = answer.sha256;
      this.#saved = text;
      this.savedAt = answer.at;
      this.#failures = 0;
      this.#events.emit('saved', { path: this.path, sha256: answer.sha256, file: answer });
      return this.#settled(since);
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #settled(since) {
    if (this.#dirtySince === since) this.#dirtySince = 0;
    else this.#dirtySince = Date.now(); // changed while the request was under way
    if (this.#noted === this.#saved) await this.#recovery.forget(this.path);
    if (!this.#dirtySince && this.#noted === this.#saved) this.#tell('saved');
    return true;
  }

  #failed(error) {
    if (error instanceof Refused && error.status === 409 && error.theirs) {
      this.conflict = error.theirs;
      this.#tell('conflict', error.theirs);
    } else if (error instanceof Refused) {
      this.#tell(error.status === 413 ? 'tooLarge' : 'refused', { problem: error.message, limit: `${Math.round(this.#limit / 1e6)} MB` });
    } else if (error instanceof Away) {
      this.#tell('away', { why: error.why });
      const wait = AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length - 1)];
      this.#failures += 1;
      this.#sending = setTimeout(() => this.save(), wait);
    } else throw error;
    return false;
  }

  #body(text) {
    return { path: this.path, content: text, base: this.base };
  }

  #keepHere() {
    return this.#recovery.keep(this.path, { text: this.#noted, base: this.base, at: new Date().toISOString() });
  }

  #tell(state, values = {}) {
    this.state = state;
    this.#events.emit('state', { path: this.path, state, values });
  }
}
