// What the buttons of the page do.
import { ask, download, paragraph } from './dialogs.js';
import { askNew, askOther } from './files.js';
import { askVersion } from './versions.js';
import { say } from './words.js';

export const acts = {
  save: desk => desk.open?.save(),
  undo: desk => desk.open.editor.undo(),
  redo: desk => desk.open.editor.redo(),
  find: desk => desk.open.editor.find(),
  source: async desk => desk.again(await desk.open.text(), { source: !desk.isSource }),
  download: async desk => download(desk.path, await desk.open.text()),

  async versions(desk) {
    const present = desk.open ? await desk.open.text() : '';
    const text = await askVersion(desk.server, { path: desk.path, present, readOnly: desk.readOnly });
    if (text === null) return;
    if (desk.open) return desk.again(text);
    const { path } = desk;
    await desk.server.post('file', { path, content: text, base: null });
    await desk.reopen(path);
  },

  async revert(desk) {
    const { path } = desk;
    if (!path || !(await confirmed(say('revert'), say('revertAsk', { path })))) return;
    if (desk.open?.isUnsaved) await desk.open.save(); // so that it is among the versions
    await desk.server.post('revert', { path });
    await desk.reopen(path);
  },

  async remove(desk) {
    const { path } = desk;
    if (!(await confirmed(say('remove'), say('removeAsk', { path }), 'danger'))) return;
    if (desk.open.isUnsaved) await desk.open.save();
    await desk.server.post('file', { path, content: null, base: desk.open.base });
    await desk.reopen(path);
  },

  async add(desk) {
    const wanted = await askNew();
    if (wanted) await made(desk, await desk.server.post('new', wanted));
  },

  async take(desk) {
    const path = await askOther((await desk.server.get('others')).files);
    if (path) await made(desk, await desk.server.post('take', { path }));
  },

  wide(desk) {
    const wide = document.documentElement.classList.toggle('shell-wide');
    desk.root.querySelector('[data-do=wide]').setAttribute('aria-pressed', String(wide));
    window.dispatchEvent(new Event('resize'));
  }
};

async function made(desk, file) {
  await desk.refresh();
  await desk.show(file.path);
}

async function confirmed(title, text, kind = 'primary') {
  return ask({ title, body: [paragraph(text)], choices: [{ value: true, label: title, kind }, { value: false, label: say('cancel') }] });
}
