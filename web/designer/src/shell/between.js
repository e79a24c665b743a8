// What may come between somebody and their file: another writer, a crash, another release. Each is told, and waits for a choice.
import { download } from './dialogs.js';
import { askConflict, askMoved, askRecovered } from './questions.js';
import { moment, say } from './words.js';

let deciding = null;

/** Somebody else saved first: theirs, mine, or both to look at. Asked once, however many ask for it. */
export function conflict(desk) {
  deciding ??= decided(desk).finally(() => (deciding = null));
  return deciding;
}

async function decided(desk) {
  const { open } = desk;
  if (!open?.conflict) return;
  const [mine, theirs] = [await open.text(), await desk.server.get('file', { path: open.path })];
  open.conflict.sha256 = theirs.sha256; // somebody may have saved again meanwhile
  const asked = { by: theirs.by ?? open.conflict.by, at: theirs.changed_at, self: open.conflict.self };
  const choice = await askConflict(open.path, asked, theirs.content ?? '', mine);
  if (choice === 'mine') await open.keepMine();
  if (choice === 'theirs') await desk.reopen();
  if (choice === 'download') {
    download(open.path, mine);
    await decided(desk);
  }
}

/** Text of this file was left on this computer when a page died. */
export async function recovered(desk, file) {
  const record = await desk.recovery.recall(file.path);
  if (!record) return;
  if (record.text === file.content) {
    await desk.recovery.forget(file.path);
    return;
  }
  const choice = await askRecovered(file, record);
  if (choice === 'drop') await desk.recovery.forget(file.path);
  if (choice === 'use') await desk.again(record.text);
  if (choice !== null) return;
  const again = () => {
    desk.notes.hide('recovered');
    recovered(desk, file).catch(error => desk.trouble(error));
  };
  desk.notes.show('recovered', say('recovered'), 'warn', [{ label: say('choose'), act: again }]);
}

/** Other files of this draft with text that never reached the server. */
export async function leftBehind(desk) {
  for (const path of await desk.recovery.paths()) {
    if (path === desk.path) continue;
    const record = await desk.recovery.recall(path);
    const text = `${say('recovered')}：${path}（${moment(record?.at)}）`;
    const act = () => desk.show(path).catch(error => desk.trouble(error));
    desk.notes.show(`left ${path}`, text, 'warn', [{ label: say('choose'), act }]);
  }
}

/** Another release changed the file after the draft began to change it. */
export function moved(desk, file) {
  const decide = async () => {
    const shelf = await desk.server.get('shelf', { path: file.path });
    await desk.open.save();
    const choice = await askMoved(file.path, shelf.content ?? '', await desk.open.text());
    if (choice === 'mine') await desk.server.post('keep-mine', { path: file.path });
    if (choice === 'shelf') await desk.server.post('revert', { path: file.path });
    if (choice) await desk.reopen();
  };
  const act = () => decide().catch(error => desk.trouble(error));
  desk.notes.show('moved', say('movedText', { path: file.path }), 'bad', desk.readOnly ? [] : [{ label: say('choose'), act }]);
}

/** Somebody saved a newer version of the open file, which was not changed here. */
export function newer(desk, files) {
  const { open } = desk;
  const file = files.find(one => one.path === desk.path);
  if (!open || !file || open.conflict || file.sha256 === open.base || open.state === 'saving') return;
  const act = () => desk.reopen().catch(error => desk.trouble(error));
  desk.notes.show('newer', say('newer', { by: file.by ?? '' }), 'warn', [{ label: say('load'), act }]);
}
