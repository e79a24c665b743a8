// The plain text of a file, with the same face as the other editors.
import { say } from './words.js';

export function openSource(container, { text, path, readOnly = false }) {
  const area = document.createElement('textarea');
  area.className = 'shell-source';
  area.spellcheck = false;
  area.wrap = 'off';
  area.readOnly = readOnly;
  area.setAttribute('aria-label', say('sourceLabel', { path }));
  area.value = text;
  container.append(area);
  // a text field makes every line end \n; the file keeps the ends it had
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const opened = area.value;
  const written = () => (area.value === opened ? text : area.value.replaceAll('\n', ending));
  return {
    content: async () => written(),
    onChange: callback => area.addEventListener('input', callback),
    isChanged: () => area.value !== opened,
    jump: ({ line, element }) => show(area, line ?? lineOf(area.value, element)),
    mark: () => undefined,
    undo: () => command(area, 'undo'),
    redo: () => command(area, 'redo'),
    find: () => area.focus(),
    destroy: () => area.remove()
  };
}

function command(area, name) {
  area.focus();
  document.execCommand(name); // the only way to a text field's own undo
}

function lineOf(text, element) {
  const at = element ? text.search(new RegExp(`["' :]${element.replace(/[^\w-]/g, '.')}["'\\s:]`)) : -1;
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

function show(area, line) {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
  area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
  return true;
}
