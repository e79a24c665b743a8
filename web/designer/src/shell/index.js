// Bixuan.shell: the page in which a draft is edited. Other scripts of the page use
//   Bixuan.shell.on('opened' | 'changed' | 'saved' | 'files', callback)   see events.js
//   Bixuan.shell.jump({path, element, cell, property, line})
//   Bixuan.shell.mark(path, [{element, severity, text}])
//   await Bixuan.shell.unsaved()      {path: text} that the server does not have yet
//   await Bixuan.shell.save()         true when the server has everything
//   Bixuan.shell.server.get(what, query) / .post(what, body)   below /studio/drafts/<draft>, with the page's token
// and `document.addEventListener('bixuan:shell', …)` when they may run before it.
import { element } from './dialogs.js';
import { begin as beginEditor } from './editors.js';
import { Shell } from './shell.js';
import { learn, say } from './words.js';

const root = document.getElementById('shell');
if (root) begin();

function begin() {
  learn(JSON.parse(root.dataset.words));
  const settings = JSON.parse(root.dataset.settings);
  beginEditor(settings);
  const shell = new Shell(root, settings);
  window.Bixuan ??= {};
  window.Bixuan.shell = shell;
  const act = work => work.catch(error => shell.trouble(error));
  buttons(shell, act);
  keys(shell, act);
  links(shell);
  leaving(shell);
  document.dispatchEvent(new CustomEvent('bixuan:shell', { detail: shell }));
  act(shell.start());
}

function buttons(shell, act) {
  for (const button of root.querySelectorAll('[data-do]')) button.addEventListener('click', () => act(shell.act(button.dataset.do)));
  if (shell.readOnly) return;
  const add = element('button', { type: 'button', className: 'small', textContent: say('newFile'), data: { add: 'new' } });
  const take = element('button', { type: 'button', className: 'small', textContent: say('takeFile'), data: { add: 'take' } });
  add.addEventListener('click', () => act(shell.act('add')));
  take.addEventListener('click', () => act(shell.act('take')));
  root.querySelector('[data-place=add]').append(add, take);
}

function keys(shell, act) {
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    act(shell.act('save'));
  });
}

/** Going to another page or sending a form first saves what is written, so that nobody is asked whether to leave. */
function links(shell) {
  document.addEventListener('click', async event => {
    const link = event.target.closest?.('a[href]');
    const plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || !shell.isUnsaved || link.target || link.download || link.origin !== location.origin) return;
    event.preventDefault();
    await shell.save();
    location.assign(link.href);
  });
  document.addEventListener('submit', async event => {
    if (event.defaultPrevented || !shell.isUnsaved) return;
    event.preventDefault();
    if (await shell.save()) event.target.requestSubmit(event.submitter);
  });
}

function leaving(shell) {
  window.addEventListener('blur', () => shell.leave({ closing: false }));
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? shell.leave({ closing: false }) : shell.back()));
  window.addEventListener('pagehide', () => shell.leave({ closing: true }));
  window.addEventListener('online', () => shell.back());
  window.addEventListener('beforeunload', event => {
    if (!shell.isUnsaved) return;
    shell.leave({ closing: false });
    event.preventDefault();
  });
}
