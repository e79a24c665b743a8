// What only the person can decide: two versions of one file, and text that was left behind.
import { ask, paragraph } from './dialogs.js';
import { shown } from './difference.js';
import { moment, say } from './words.js';

/** Somebody else saved first. → theirs, mine, download or null (later). */
export function askConflict(path, { by, at, self }, theirs, mine) {
  const who = self ? say('conflictSelf') : by;
  return ask({
    title: say('conflict'),
    body: [paragraph(say('conflictText', { by: who, at: moment(at), path })), shown(theirs, mine, [say('theirs'), say('mine')])],
    wide: true,
    choices: [
      { value: 'theirs', label: say('takeTheirs') },
      { value: 'mine', label: say('keepMine'), kind: 'primary' },
      { value: 'download', label: say('downloadMine') },
      { value: null, label: say('later') }
    ]
  });
}

/** Text was left on this computer. → use, drop or null (later). */
export function askRecovered(file, record) {
  const body = [paragraph(say('recoveredText', { path: file.path, time: moment(record.at) }))];
  if (record.base !== file.sha256) body.push(paragraph(say('recoveredOther', { by: file.by ?? '', at: moment(file.changed_at) })));
  body.push(shown(file.content ?? '', record.text, [say('now'), say('mine')]));
  return ask({
    title: say('recovered'),
    body,
    wide: true,
    choices: [
      { value: 'use', label: say('useIt'), kind: 'primary' },
      { value: 'drop', label: say('dropIt') },
      { value: null, label: say('later') }
    ]
  });
}

/** What is in force changed after the draft began to change it. → mine, shelf or null (later). */
export function askMoved(path, shelf, mine) {
  return ask({
    title: say('movedTitle'),
    body: [paragraph(say('movedText', { path })), shown(shelf, mine, [say('shelf'), say('mine')])],
    wide: true,
    choices: [
      { value: 'mine', label: say('keepOnNew'), kind: 'primary' },
      { value: 'shelf', label: say('useShelf') },
      { value: null, label: say('later') }
    ]
  });
}
