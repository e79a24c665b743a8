// What the parts of the page share: the open file and its editor, the list, the notes, the server.
import { element } from './dialogs.js';
import { OpenFile } from './document.js';
import { openEditor } from './editors.js';
import { Events } from './events.js';
import { FileList } from './files.js';
import { Notes, tellState } from './notes.js';
import { Recovery } from './recovery.js';
import { Server } from './server.js';
import { say } from './words.js';

export class Desk {
  /** ``between``: what only the person can decide, see between.js. */
  constructor(root, settings, between) {
    this.root = root;
    this.settings = settings;
    this.between = between;
    this.places = Object.fromEntries([...root.querySelectorAll('[data-place]')].map(node => [node.dataset.place, node]));
    this.server = new Server(settings.base);
    this.events = new Events();
    this.recovery = new Recovery(settings.login, settings.draft);
    this.notes = new Notes(this.places.notes);
    this.files = new FileList(this.places.files, { home: settings.home, open: path => this.show(path).catch(error => this.trouble(error)) });
    this.open = null; // OpenFile
    this.deleted = null; // the file that is chosen but deleted in the draft
    this.isSource = false;
    this.marks = new Map();
    this.revision = 0;
    this.turn = Promise.resolve();
    this.events.on('state', ({ state, values }) => this.told(state, values));
    this.events.on('saved', () => this.refresh().catch(() => undefined)); // the list can wait
  }

  get readOnly() {
    return this.settings.readOnly;
  }

  /** Path of the chosen file, null before the first. */
  get path() {
    return this.open?.path ?? this.deleted?.path ?? null;
  }

  /** Opens a file; one after the other. */
  show(path) {
    if (!path || path === this.path) return this.turn;
    return (this.turn = this.turn.catch(() => undefined).then(() => this.#shown(path)));
  }

  async #shown(path) {
    if (path === this.path) return;
    await this.settle();
    const file = await this.server.get('file', { path }); // the open file stays open when there is no answer
    this.files.mark(path);
    history.replaceState(null, '', `?path=${encodeURIComponent(path)}`);
    await this.#fetched(file);
    if (!this.readOnly && this.open) await this.between.recovered(this, file);
  }

  async #fetched(file) {
    this.close();
    this.notes.clear();
    this.places.state.textContent = say('loading');
    if (file.content === null) return this.#showDeleted(file);
    await this.edit(file, file.content);
    if (file.moved) this.between.moved(this, file);
  }

  /** Before the open file is closed: saved, or at least kept on this computer. */
  async settle() {
    if (this.open?.isUnsaved) await this.open.save();
    if (this.open?.conflict) await this.between.conflict(this);
  }

  close() {
    this.open?.close();
    this.open = this.deleted = null;
    this.isSource = false;
  }

  async edit(file, text) {
    const { readOnly, server } = this;
    const { canvas, panel } = this.places;
    const scope = async id => (await server.get('scope', { path: file.path, element: id }).catch(() => [])) ?? [];
    const preview = body => server.post('form-preview', body);
    const wanted = { path: file.path, kind: file.kind, text, readOnly, source: this.isSource, canvas, panel, scope, preview };
    const found = await openEditor(this.settings, wanted);
    if (found.problem) this.notes.show('source', say('cannotOpen', { cause: found.problem }), 'warn');
    this.isSource = found.isSource;
    if (this.open) this.open.use(found.editor);
    else {
      const { recovery, events, settings } = this;
      this.open = new OpenFile({ file, editor: found.editor, server, recovery, events, limit: settings.limit, readOnly });
    }
    this.#frame();
    this.told(this.open.state, this.open.conflict ?? {});
    found.editor.mark(this.marks.get(file.path) ?? []);
    this.presence?.at(file.path);
    this.events.emit('opened', { path: file.path, kind: file.kind, editor: found.editor });
  }

  /** The same file in another editor, or with another text. */
  async again(text, { source = this.isSource } = {}) {
    const { open } = this;
    open.editor.destroy();
    this.isSource = source;
    await this.edit({ path: open.path, kind: open.kind }, text);
    open.touched();
  }

  /** The file as the server has it now, the first of the list when it is gone; what was written here is among the versions. */
  async reopen(path = this.path) {
    await this.recovery.forget(path);
    const { files } = await this.server.get('files');
    const next = files.find(file => file.path === path)?.path ?? files[0]?.path;
    if (next) await this.#fetched(await this.server.get('file', { path: next }));
    this.files.mark(next);
    await this.refresh();
  }

  async refresh() {
    const { files, draft } = await this.server.get('files');
    this.revision = draft.revision;
    this.files.show(files);
    this.events.emit('files', { files });
    return files;
  }

  told(state, values) {
    tellState(this.places.state, state, values, { savedAt: this.open?.savedAt, signIn: this.settings.signIn });
    if (state === 'conflict') {
      const decide = () => this.between.conflict(this).catch(error => this.trouble(error));
      this.notes.show('conflict', say('conflictWaiting', values), 'bad', [{ label: say('choose'), act: decide }]);
      decide();
    } else if (state === 'saved') this.notes.hide('conflict');
  }

  /** What went wrong in one of the buttons is said, not swallowed. */
  trouble(error) {
    const text = error.why ? say(error.why) : error.message;
    this.notes.show('trouble', text, 'bad', [{ label: say('close'), act: () => this.notes.hide('trouble') }]);
  }

  #showDeleted(file) {
    this.places.canvas.replaceChildren(element('p', { className: 'empty', textContent: say('isDeleted') }));
    this.places.panel.replaceChildren();
    this.deleted = file;
    this.#frame();
    tellState(this.places.state, 'readOnly', {}, {});
  }

  #frame() {
    const { open, root, readOnly } = this;
    root.dataset.kind = open ? (this.isSource ? 'source' : open.kind) : 'none';
    root.dataset.open = this.path ?? '';
    const writable = Boolean(open) && !readOnly;
    const possible = {
      save: writable,
      undo: writable,
      redo: writable,
      remove: writable,
      revert: !readOnly,
      find: Boolean(open),
      download: Boolean(open),
      source: open && Boolean(this.settings.editors[open.kind])
    };
    for (const button of root.querySelectorAll('[data-do]')) {
      button.disabled = !(possible[button.dataset.do] ?? true);
      if (button.dataset.do === 'source') button.setAttribute('aria-pressed', String(this.isSource));
    }
  }
}
