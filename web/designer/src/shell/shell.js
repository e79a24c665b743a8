// The page in which a draft is edited: the list, the editor of the chosen file, saving, and everything that may come between.
import { ask, download, element, paragraph } from './dialogs.js';
import { OpenFile } from './document.js';
import { openEditor } from './editors.js';
import { Events } from './events.js';
import { askNew, askOther, FileList } from './files.js';
import { Notes, tellState } from './notes.js';
import { Presence } from './presence.js';
import { askConflict, askMoved, askRecovered } from './questions.js';
import { Recovery } from './recovery.js';
import { Server } from './server.js';
import { askVersion } from './versions.js';
import { moment, say } from './words.js';

export class Shell {
  #settings;
  #places;
  #server;
  #events = new Events();
  #recovery;
  #files;
  #notes;
  #presence;
  #open = null;
  #isSource = false;
  #marks = new Map();
  #turn = Promise.resolve();

  constructor(root, settings) {
    this.#settings = settings;
    this.#places = Object.fromEntries([...root.querySelectorAll('[data-place]')].map(node => [node.dataset.place, node]));
    this.#server = new Server(settings.base);
    this.#recovery = new Recovery(settings.login, settings.draft);
    this.#notes = new Notes(this.#places.notes);
    this.#files = new FileList(this.#places.files, { home: settings.home, open: path => this.open(path).catch(error => this.trouble(error)) });
    this.#events.on('state', ({ state, values }) => this.#stateChanged(state, values));
    this.#events.on('saved', () => this.#refresh().catch(() => undefined)); // the list can wait
    if (!settings.readOnly) this.#presence = new Presence(this.#server, settings.heartbeat, heard => this.#heard(heard));
  }

  // ---- for the other scripts of the page

  get draft() {
    return this.#settings.draft;
  }

  get readOnly() {
    return this.#settings.readOnly;
  }

  /** Path of the file that is open, null before the first. */
  get path() {
    return this.#open?.path ?? null;
  }

  /** The editor that is open: content(), mark(), jump() … */
  get editor() {
    return this.#open?.editor ?? null;
  }

  /** See events.js; gives a function that stops listening. */
  on(name, callback) {
    return this.#events.on(name, callback);
  }

  /** GET or POST below the draft's address, with the token of the page: get('files'), post('check', {…}). */
  get server() {
    return this.#server;
  }

  /** Text that the server does not have yet: {path: text}, at most the open file. */
  async unsaved() {
    if (!this.#open || !this.#open.isUnsaved) return {};
    const text = await this.#open.note();
    return text === this.#open.savedText ? {} : { [this.#open.path]: text };
  }

  /** Shows the file and goes to the element, cell or line of it. */
  async jump({ path, element: id, cell, property, line }) {
    await this.open(path ?? this.path);
    return this.editor?.jump({ element: id, cell, property, line }) ?? false;
  }

  /** Paints problems on the file when it is open, now or later: [{element, severity, text}]. */
  mark(path, problems) {
    this.#marks.set(path, problems);
    if (path === this.path) this.editor.mark(problems);
  }

  /** Sends everything; true when the server has it. For links and buttons that need the newest text. */
  async save() {
    return this.#open ? this.#open.save() : true;
  }

  // ---- files

  async start() {
    await this.#refresh();
    const first = this.#files.find(this.#settings.path)?.path ?? this.#files.files[0]?.path;
    if (first) await this.open(first);
    await this.#tellLeftBehind();
  }

  open(path) {
    if (!path || path === this.path) return this.#turn;
    return (this.#turn = this.#turn.catch(() => undefined).then(() => this.#opened(path)));
  }

  async #opened(path) {
    if (path === this.path) return;
    await this.#settle();
    const file = await this.#server.get('file', { path }); // the open file stays open when there is no answer
    this.#open?.close();
    this.#open = this.#deleted = null;
    this.#places.state.textContent = say('loading');
    this.#files.mark(path);
    this.#notes.clear();
    this.#isSource = false;
    history.replaceState(null, '', `?path=${encodeURIComponent(path)}`);
    if (file.content === null) return this.#showDeleted(file);
    await this.#edit(file, file.content);
    if (!this.readOnly) await this.#offerRecovered(file);
    if (file.moved) this.#tellMoved(file);
  }

  /** Before the open file is closed: saved, or at least kept on this computer. */
  async #settle() {
    if (this.#open?.isUnsaved) await this.#open.save();
    if (this.#open?.conflict) await this.#decideConflict();
  }

  async #edit(file, text) {
    const readOnly = this.readOnly;
    const { canvas, panel } = this.#places;
    const scope = async id => (await this.#server.get('scope', { path: file.path, element: id }).catch(() => [])) ?? [];
    const preview = body => this.#server.post('form-preview', body);
    const found = await openEditor(this.#settings, { path: file.path, kind: file.kind, text, readOnly, source: this.#isSource, canvas, panel, scope, preview });
    if (found.problem) this.#notes.show('source', say('cannotOpen', { cause: found.problem }), 'warn');
    this.#isSource = found.isSource;
    if (this.#open) this.#open.use(found.editor);
    else this.#open = new OpenFile({ file, editor: found.editor, server: this.#server, recovery: this.#recovery, events: this.#events, limit: this.#settings.limit, readOnly });
    this.#frame();
    this.#stateChanged(this.#open.state, this.#open.conflict ?? {});
    found.editor.mark(this.#marks.get(file.path) ?? []);
    this.#presence?.at(file.path);
    this.#events.emit('opened', { path: file.path, kind: file.kind, editor: found.editor });
  }

  /** The same file in another editor, or with another text. */
  async #again(text, { source = this.#isSource } = {}) {
    const open = this.#open;
    open.editor.destroy();
    this.#isSource = source;
    await this.#edit({ path: open.path, kind: open.kind }, text);
    open.touched();
  }

  #showDeleted(file) {
    this.#places.canvas.replaceChildren(element('p', { className: 'empty', textContent: say('isDeleted') }));
    this.#places.panel.replaceChildren();
    this.#open = null;
    this.#deleted = file;
    this.#frame();
    tellState(this.#places.state, 'readOnly', {}, {});
  }

  #deleted = null;

  #frame() {
    const open = this.#open;
    const root = this.#places.canvas.closest('.shell');
    root.dataset.kind = open ? (this.#isSource ? 'source' : open.kind) : 'none';
    root.dataset.open = this.path ?? this.#deleted?.path ?? '';
    const possible = {
      save: open && !this.readOnly,
      undo: open && !this.readOnly,
      redo: open && !this.readOnly,
      find: Boolean(open),
      source: open && Boolean(this.#settings.editors[open.kind]),
      versions: true,
      revert: !this.readOnly,
      remove: open && !this.readOnly,
      download: Boolean(open),
      wide: true
    };
    for (const button of root.querySelectorAll('[data-do]')) {
      button.disabled = !possible[button.dataset.do];
      if (button.dataset.do === 'source') button.setAttribute('aria-pressed', String(this.#isSource));
    }
  }

  async #refresh() {
    const { files, draft } = await this.#server.get('files');
    this.#revision = draft.revision;
    this.#files.show(files);
    this.#events.emit('files', { files });
    return files;
  }

  #revision = 0;

  // ---- what comes between

  #stateChanged(state, values) {
    tellState(this.#places.state, state, values, { savedAt: this.#open?.savedAt, signIn: this.#settings.signIn });
    if (state === 'conflict') {
      this.#notes.show('conflict', say('conflictWaiting', values), 'bad', [{ label: say('choose'), act: () => this.#decideConflict() }]);
      this.#decideConflict().catch(error => this.trouble(error));
    } else if (state === 'saved') this.#notes.hide('conflict');
  }

  #deciding = null;

  #decideConflict() {
    this.#deciding ??= this.#conflict().finally(() => (this.#deciding = null));
    return this.#deciding;
  }

  async #conflict() {
    const open = this.#open;
    if (!open?.conflict) return;
    const [mine, theirs] = [await open.text(), await this.#server.get('file', { path: open.path })];
    open.conflict.sha256 = theirs.sha256; // somebody may have saved again meanwhile
    const asked = { by: theirs.by ?? open.conflict.by, at: theirs.changed_at, self: open.conflict.self };
    const choice = await askConflict(open.path, asked, theirs.content ?? '', mine);
    if (choice === 'download') download(open.path, mine);
    if (choice === 'mine') await open.keepMine();
    if (choice === 'theirs') await this.#reload();
    if (choice === 'download') await this.#conflict();
  }

  /** The newest version of the server takes the place of what is open; what was written here is among the versions. */
  async #reload() {
    const open = this.#open;
    await this.#recovery.forget(open.path);
    open.close();
    this.#open = null;
    this.#notes.clear();
    this.#isSource = false;
    const file = await this.#server.get('file', { path: open.path });
    if (file.content === null) this.#showDeleted(file);
    else await this.#edit(file, file.content);
    await this.#refresh();
  }

  async #offerRecovered(file) {
    const record = await this.#recovery.recall(file.path);
    if (!record) return;
    if (record.text === file.content) return this.#recovery.forget(file.path);
    const choice = await askRecovered(file, record);
    if (choice === 'drop') await this.#recovery.forget(file.path);
    if (choice === 'use') await this.#again(record.text);
    if (choice === null)
      this.#notes.show('recovered', say('recovered'), 'warn', [{ label: say('choose'), act: () => { this.#notes.hide('recovered'); this.#offerRecovered(file); } }]);
  }

  /** Other files of this draft with text that never reached the server. */
  async #tellLeftBehind() {
    if (this.readOnly) return;
    for (const path of await this.#recovery.paths()) {
      if (path === this.path) continue;
      const record = await this.#recovery.recall(path);
      this.#notes.show(`left ${path}`, `${say('recovered')}：${path}（${moment(record?.at)}）`, 'warn', [{ label: say('choose'), act: () => this.open(path) }]);
    }
  }

  #tellMoved(file) {
    const decide = async () => {
      const shelf = await this.#server.get('shelf', { path: file.path });
      const choice = await askMoved(file.path, shelf.content ?? '', (await this.#open.text()) ?? '');
      if (choice === 'mine') await this.#server.post('keep-mine', { path: file.path });
      if (choice === 'shelf') await this.#server.post('revert', { path: file.path });
      if (choice) await this.#reload();
    };
    this.#notes.show('moved', say('movedText', { path: file.path }), 'bad', this.readOnly ? [] : [{ label: say('choose'), act: decide }]);
  }

  async #heard({ others, revision }) {
    const present = new Map();
    for (const { name, login, path } of others) {
      const told = login === this.#settings.login ? say('you') : name;
      if (path) present.set(path, [...(present.get(path) ?? []), told]);
    }
    this.#files.people(present);
    const names = [...new Set(others.map(({ name, login }) => (login === this.#settings.login ? say('you') : name)))];
    this.#places.people.textContent = names.length ? say('alsoHere', { names: names.join('、') }) : '';
    const same = present.get(this.path);
    if (same) this.#notes.show('same', say('sameFile', { names: same.join('、') }), 'info');
    else this.#notes.hide('same');
    if (revision !== this.#revision) await this.#newer(await this.#refresh());
  }

  async #newer(files) {
    const file = files.find(one => one.path === this.path);
    const open = this.#open;
    if (!open || !file || open.conflict || file.sha256 === open.base || open.state === 'saving') return;
    this.#notes.show('newer', say('newer', { by: file.by ?? '' }), 'warn', [{ label: say('load'), act: () => this.#reload() }]);
  }

  // ---- the buttons

  async act(name) {
    const actions = {
      save: () => this.#open.save(),
      undo: () => this.#open.editor.undo(),
      redo: () => this.#open.editor.redo(),
      find: () => this.#open.editor.find(),
      source: async () => this.#again(await this.#open.text(), { source: !this.#isSource }),
      versions: () => this.#versions(),
      revert: () => this.#revert(),
      remove: () => this.#remove(),
      download: async () => download(this.path, await this.#open.text()),
      wide: () => this.#wide()
    };
    await actions[name]?.();
  }

  async add() {
    const wanted = await askNew();
    if (wanted) await this.#made(() => this.#server.post('new', wanted));
  }

  async take() {
    const path = await askOther((await this.#server.get('others')).files);
    if (path) await this.#made(() => this.#server.post('take', { path }));
  }

  async #made(make) {
    const file = await make();
    await this.#refresh();
    await this.open(file.path);
  }

  async #versions() {
    const path = this.path ?? this.#deleted?.path;
    const present = this.#open ? await this.#open.text() : '';
    const text = await askVersion(this.#server, { path, present, readOnly: this.readOnly });
    if (text === null) return;
    if (this.#open) return this.#again(text);
    await this.#server.post('file', { path, content: text, base: null });
    await this.#reopen(path);
  }

  async #revert() {
    const path = this.path ?? this.#deleted?.path;
    if (!path || !(await confirmed(say('revert'), say('revertAsk', { path })))) return;
    if (this.#open?.isUnsaved) await this.#open.save(); // so that it is among the versions
    await this.#server.post('revert', { path });
    await this.#reopen(path);
  }

  async #remove() {
    const path = this.path;
    if (!(await confirmed(say('remove'), say('removeAsk', { path }), 'danger'))) return;
    if (this.#open.isUnsaved) await this.#open.save();
    await this.#server.post('file', { path, content: null, base: this.#open.base });
    await this.#reopen(path);
  }

  /** The file as the server has it now; the first of the list when it is gone. */
  async #reopen(path) {
    await this.#recovery.forget(path);
    this.#open?.close();
    this.#open = this.#deleted = null;
    await this.#refresh();
    const next = this.#files.find(path)?.path ?? this.#files.files[0]?.path;
    if (next) await this.open(next);
  }

  #wide() {
    const root = this.#places.canvas.closest('.shell');
    const wide = document.documentElement.classList.toggle('shell-wide');
    root.querySelector('[data-do=wide]').setAttribute('aria-pressed', String(wide));
    window.dispatchEvent(new Event('resize'));
  }

  /** What went wrong in one of the buttons is said, not swallowed. */
  trouble(error) {
    const text = error.why ? say(error.why) : error.message;
    this.#notes.show('trouble', text, 'bad', [{ label: say('close'), act: () => this.#notes.hide('trouble') }]);
  }

  get isUnsaved() {
    return this.#open?.isUnsaved ?? false;
  }

  /** The page closes or is hidden. */
  leave({ closing }) {
    if (closing) this.#open?.leave();
    else this.#open?.save();
  }

  /** The network or the login may be back. */
  back() {
    if (this.#open?.state === 'away') this.#open.save();
    this.#presence?.tell();
  }
}

async function confirmed(title, text, kind = 'primary') {
  return ask({ title, body: [paragraph(text)], choices: [{ value: true, label: title, kind }, { value: false, label: say('cancel') }] });
}
