// Every version ever saved of a file: look at one beside the present text, bring it back, download it.
import { ask, download, element, paragraph } from './dialogs.js';
import { shown } from './difference.js';
import { moment, say } from './words.js';

/** → the text of the version to bring back, or null. ``present`` is the text as it stands. */
export async function askVersion(server, { path, present, readOnly }) {
  const { versions } = await server.get('versions', { path });
  const fetched = id => server.get(`versions/${id}`);
  for (;;) {
    const chosen = await list(path, versions, readOnly);
    if (!chosen) return null;
    const version = await fetched(chosen.id);
    if (chosen.what === 'download') download(path, version.content ?? '');
    if (chosen.what === 'compare' && !(await compared(version, present, readOnly))) continue;
    if (chosen.what !== 'download') return version.content;
  }
}

function list(path, versions, readOnly) {
  const rows = versions.map(version => {
    const cells = [element('td', { className: 'num', textContent: moment(version.at) }), element('td', { textContent: version.by })];
    const told = version.sha256 === null ? say('gone') : version.accepted ? '' : say('aside');
    cells.push(element('td', {}, told ? element('span', { className: 'badge warn', textContent: told }) : ''));
    const actions = element('td', { className: 'right' });
    if (version.sha256 !== null) actions.append(...buttons(version, readOnly));
    return element('tr', {}, ...cells, actions);
  });
  const table = element('div', { className: 'scroll' }, element('table', {}, element('tbody', {}, ...rows)));
  const body = [paragraph(`${path}　${say('versionsText')}`), rows.length ? table : paragraph(say('noVersions'))];
  const asked = ask({ title: say('versions'), body, wide: true, choices: [{ value: null, label: say('close') }] });
  return new Promise(resolve => {
    asked.then(resolve);
    table.addEventListener('click', event => {
      const button = event.target.closest('button[data-what]');
      if (!button) return;
      const dialog = button.closest('dialog');
      dialog.close();
      dialog.remove();
      resolve({ what: button.dataset.what, id: Number(button.dataset.id) });
    });
  });
}

function buttons(version, readOnly) {
  const wanted = readOnly ? ['compare', 'download'] : ['compare', 'restore', 'download'];
  return wanted.map(what => element('button', { type: 'button', className: 'small', textContent: say(what), data: { what, id: String(version.id) } }));
}

async function compared(version, present, readOnly) {
  const body = [shown(version.content ?? '', present, [say('then'), say('now')])];
  const choices = [{ value: false, label: say('close') }];
  if (!readOnly) choices.unshift({ value: true, label: say('restore'), kind: 'primary' });
  return ask({ title: `${version.by}　${moment(version.at)}`, body, wide: true, choices });
}
