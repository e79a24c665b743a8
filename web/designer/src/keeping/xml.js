// Saves a document that an editor wrote anew with only those places changed that somebody changed.
//
// Editors read XML into their own model and write all of it again: other prefixes, other spaces, other order. Three texts tell
// what a person did: the file (`source`), what the editor would have written straight after opening it (`before`) and what it
// writes now (`after`). Whatever is the same in `before` and `after` stays in `source` to the byte, also what the editor does
// not know.
import { attribute, parse, textOf } from './xml-tree.js';

/** `source` with the differences between `before` and `after`. All three are XML documents with the same root. */
export function kept(source, before, after) {
  if (before === after) return source;
  const [file, old, now] = [source, before, after].map(parse);
  const writer = { source, newline: source.includes('\r\n') ? '\r\n' : '\n', unit: unit(file) };
  return file.prolog + merged(writer, file.root, old.root, now.root) + file.epilog;
}

function merged(writer, file, before, after) {
  if (same(before, after)) return writer.source.slice(file.start, file.end);
  const opening = opened(writer, file, before, after);
  if (!file.children.length && !after.children.length) {
    const raw = writer.source.slice(file.openEnd, file.closeStart);
    return closed(writer, file, opening, textOf(before) === textOf(after) ? raw : escaped(textOf(after)));
  }
  return closed(writer, file, opening, inside(writer, file, before, after));
}

function opened(writer, file, before, after) {
  let text = '';
  let at = file.start;
  for (const [name, { start, end, quote }] of file.attributes) {
    const [old, now] = [attribute(before, name), attribute(after, name)];
    if (old === now) continue;
    text += writer.source.slice(at, start);
    if (now !== undefined) text += `${/^\s*[^=]+=\s*/.exec(writer.source.slice(start, end))[0]}${quote}${escaped(now, quote)}${quote}`;
    at = end;
  }
  text += writer.source.slice(at, tagEnd(file));
  for (const [name, { value }] of after.attributes) {
    if (file.attributes.has(name) || attribute(before, name) === value) continue;
    text += ` ${qualified(name, file.scope, after.scope)}="${escaped(value, '"')}"`;
  }
  return text;
}

function closed(writer, file, opening, content) {
  if (!file.empty) return `${opening}${writer.source.slice(tagEnd(file), file.openEnd)}${content}${writer.source.slice(file.closeStart, file.end)}`;
  return content ? `${opening}>${content}</${file.name}>` : opening + writer.source.slice(tagEnd(file), file.end);
}

// where the attributes of the opening tag end
function tagEnd(file) {
  return file.raw.at(-1)?.end ?? file.nameEnd;
}

function inside(writer, file, before, after) {
  const oldOf = paired(file.children, before.children);
  const nowOf = paired(before.children, after.children);
  const entries = file.children.map((child, n) => {
    const old = oldOf.get(child);
    return { child, old, was: before.children.indexOf(old), now: old && nowOf.get(old), lead: writer.source.slice(file.children[n - 1]?.end ?? file.openEnd, child.start) };
  });
  const left = reordered(entries.filter(({ old, now }) => !old || now), after.children);
  const indent = /[\r\n]([ \t]*)$/.exec(entries[0]?.lead ?? '')?.[1] ?? `${indentOf(writer, file)}${writer.unit}`;
  const placed = withNew(left, after.children, new Set(nowOf.values()), writer.newline + indent);
  const tail = entries.length ? writer.source.slice(file.children.at(-1).end, file.closeStart) : writer.newline + indentOf(writer, file);
  if (!placed.length) return entries.length ? '' : writer.source.slice(file.openEnd, file.closeStart);
  const texts = placed.map(entry => entry.lead + (entry.child ? of(writer, entry) : printed(writer, entry.now, file.scope, indent)));
  return texts.join('') + tail;
}

function of(writer, { child, old, now }) {
  return old ? merged(writer, child, old, now) : writer.source.slice(child.start, child.end);
}

// The places of those that are in both stay; who stands in them follows the new order when that changed.
function reordered(entries, order) {
  const known = entries.filter(({ now }) => now);
  const wanted = [...known].sort((a, b) => order.indexOf(a.now) - order.indexOf(b.now));
  const was = [...known].sort((a, b) => a.was - b.was);
  if (wanted.every((entry, n) => entry === was[n])) return entries;
  return entries.map(entry => (entry.now ? wanted.shift() : entry));
}

function withNew(entries, order, known, lead) {
  const placed = [...entries];
  order.forEach((now, n) => {
    if (known.has(now)) return;
    const previous = placed.findIndex(entry => entry.now === order[n - 1]);
    placed.splice(previous < 0 ? firstOf(placed, order, n) : previous + 1, 0, { now, lead });
  });
  return placed;
}

// before the first that follows it in the new order, else at the end
function firstOf(placed, order, n) {
  const next = placed.findIndex(entry => entry.now && order.indexOf(entry.now) > n);
  return next < 0 ? placed.length : next;
}

// Which element of `some` is which of `others`: by name and id, and by place where one of them has no id.
function paired(some, others) {
  const pairs = new Map();
  const free = new Set(others);
  const pair = (one, other) => pairs.set(one, other) && free.delete(other);
  const byId = new Map(others.map(other => [identity(other), other]).filter(([key]) => key));
  for (const one of some) {
    const other = byId.get(identity(one));
    if (other && free.has(other)) pair(one, other);
  }
  for (const one of some) {
    if (pairs.has(one)) continue;
    const other = [...free].find(candidate => kind(candidate) === kind(one) && !(identity(one) && identity(candidate)));
    if (other) pair(one, other);
  }
  return pairs;
}

function kind(node) {
  return `{${node.ns}}${node.local}`;
}

function identity(node) {
  const id = attribute(node, 'id');
  return id && `${kind(node)}#${id}`;
}

/** Whether two elements say the same, however they are written. */
export function same(one, other) {
  if (kind(one) !== kind(other) || one.children.length !== other.children.length) return false;
  if (one.attributes.size !== other.attributes.size) return false;
  for (const [name, { value }] of one.attributes) if (attribute(other, name) !== value) return false;
  const [a, b] = [textOf(one), textOf(other)];
  const blank = one.children.length && !a.trim() && !b.trim();
  return (blank || a === b) && one.children.every((child, n) => same(child, other.children[n]));
}

function printed(writer, node, scope, indent) {
  const inner = { ...scope };
  const name = tag(node, inner);
  let text = `<${name}`;
  for (const [prefix, ns] of Object.entries(inner)) if (scope[prefix] !== ns) text += ` xmlns${prefix && ':'}${prefix}="${escaped(ns, '"')}"`;
  for (const [key, { value }] of node.attributes) text += ` ${qualified(key, inner, node.scope)}="${escaped(value, '"')}"`;
  const deeper = indent + writer.unit;
  const children = node.children.map(child => writer.newline + deeper + printed(writer, child, inner, deeper)).join('');
  const content = children ? children + writer.newline + indent : escaped(textOf(node));
  return content ? `${text}>${content}</${name}>` : `${text}/>`;
}

function tag(node, scope) {
  let prefix = Object.keys(scope).find(key => scope[key] === node.ns);
  if (prefix === undefined) {
    prefix = node.name.includes(':') ? node.name.split(':')[0] : '';
    scope[prefix] = node.ns;
  }
  return prefix ? `${prefix}:${node.local}` : node.local;
}

function qualified(name, scope, otherScope) {
  const found = /^{(.*)}(.*)$/.exec(name);
  if (!found) return name;
  const [, ns, local] = found;
  const prefix = Object.keys(scope).find(key => key && scope[key] === ns);
  if (prefix) return `${prefix}:${local}`;
  const other = Object.keys(otherScope).find(key => key && otherScope[key] === ns);
  return `xmlns:${other}="${escaped(ns, '"')}" ${other}:${local}`;
}

function unit(file) {
  const [first] = file.root.children;
  return (first && /[\r\n]([ \t]+)$/.exec(file.source.slice(file.root.openEnd, first.start))?.[1]) || '  ';
}

function indentOf(writer, node) {
  return /(?:^|[\r\n])([ \t]*)$/.exec(writer.source.slice(0, node.start))?.[1] ?? '';
}

function escaped(text, quote = '') {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (!quote) return plain;
  return plain.replaceAll(quote, quote === '"' ? '&quot;' : '&apos;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
