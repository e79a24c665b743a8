// Two texts line by line: what only one of them has, with a little around it.
import { say } from './words.js';

const AROUND = 2; // lines
const MOST = 4_000_000; // cells of the table; beyond it two texts are simply different

/** [{kind: both|left|right, text}], or null when they differ too much to be told apart line by line. */
export function difference(left, right) {
  const [a, b] = [left.split('\n'), right.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (!middle) return null;
  const both = text => ({ kind: 'both', text });
  return [...a.slice(0, start).map(both), ...middle, ...a.slice(a.length - end).map(both)];
}

function between(a, b) {
  if (a.length * b.length > MOST) return null;
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) found.push({ kind: 'both', text: a[(i++, j++, i - 1)] });
    else if (i < a.length && (j >= b.length || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) found.push({ kind: 'left', text: a[i++] });
    else found.push({ kind: 'right', text: b[j++] });
  }
  return found;
}

/** The difference as a list to read; ``names`` are what the two sides are called. */
export function shown(left, right, names) {
  const node = document.createElement('div');
  node.className = 'shell-difference';
  node.tabIndex = 0;
  if (left === right) return Object.assign(node, { textContent: say('same') });
  const lines = difference(left, right);
  if (!lines) return Object.assign(node, { textContent: say('tooDifferent') });
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(line => line.kind !== 'both'));
  let hidden = 0;
  const tell = () => hidden && node.append(line('gap', say('moreLines', { n: hidden })));
  lines.forEach(({ kind, text }, at) => {
    if (!near[at]) return void hidden++;
    tell();
    hidden = 0;
    node.append(line(kind, text, { left: names[0], right: names[1] }[kind]));
  });
  tell();
  return node;
}

function line(kind, text, side = '') {
  const row = document.createElement('div');
  row.className = kind;
  const label = document.createElement('span');
  label.className = 'side';
  label.textContent = side;
  const code = document.createElement('code');
  code.textContent = text || ' ';
  row.append(label, code);
  return row;
}
