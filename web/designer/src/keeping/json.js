// Writes a changed JSON document so that everything nobody changed stays as it stood: order of keys, numbers, spaces.

/** `source` (JSON) with the value `after` instead of what it holds; `before` is what the editor made of `source` unchanged. */
export function keptJson(source, before, after) {
  if (equal(before, after)) return source;
  const file = read(source);
  const unit = /\n([ \t]+)"/.exec(source)?.[1] ?? '  ';
  const writer = { source, unit, newline: source.includes('\r\n') ? '\r\n' : '\n' };
  return source.slice(0, file.start) + merged(writer, file, before, after, '') + source.slice(file.end);
}

/** Whether two JSON values are the same; the order of keys does not matter. */
export function equal(one, other) {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [some, others] = [Object.keys(one), Object.keys(other)];
  return some.length === others.length && some.every(key => Object.hasOwn(other, key) && equal(one[key], other[key]));
}

function merged(writer, file, before, after, indent) {
  if (file && equal(before, after)) return writer.source.slice(file.start, file.end);
  if (file?.entries && isObject(after) && isObject(before)) return object(writer, file, before, after, indent);
  if (file?.items && Array.isArray(after) && Array.isArray(before)) return array(writer, file, before, after, indent);
  return JSON.stringify(after, null, writer.unit).replaceAll('\n', writer.newline + indent);
}

function object(writer, file, before, after, indent) {
  const deeper = indent + writer.unit;
  const lines = [];
  for (const [key, value] of file.entries) {
    if (!Object.hasOwn(after, key) && Object.hasOwn(before, key)) continue;
    const text = Object.hasOwn(after, key) ? merged(writer, value, own(before, key), after[key], deeper) : writer.source.slice(value.start, value.end);
    lines.push(`${JSON.stringify(key)}: ${text}`);
  }
  for (const key of Object.keys(after)) {
    if (file.entries.has(key) || (Object.hasOwn(before, key) && equal(before[key], after[key]))) continue;
    lines.push(`${JSON.stringify(key)}: ${merged(writer, null, undefined, after[key], deeper)}`);
  }
  return enclosed(writer, '{}', lines, indent);
}

function array(writer, file, before, after, indent) {
  const deeper = indent + writer.unit;
  const places = matched(before, after);
  const lines = after.map((value, n) => merged(writer, file.items[places[n]] ?? null, before[places[n]], value, deeper));
  return enclosed(writer, '[]', lines, indent);
}

// For each of `after` the place in `before` it comes from: by id, else the place it has, unless somebody else came from there.
function matched(before, after) {
  const places = new Map(before.map((value, n) => [value?.id, n]).filter(([id]) => id !== undefined));
  const taken = new Set(after.map(value => places.get(value?.id)).filter(n => n !== undefined));
  return after.map((value, n) => {
    if (value?.id !== undefined) return places.get(value.id) ?? -1;
    return n < before.length && !taken.has(n) && before[n]?.id === undefined ? n : -1;
  });
}

function enclosed(writer, [open, close], lines, indent) {
  if (!lines.length) return open + close;
  const inner = writer.newline + indent + writer.unit;
  return open + inner + lines.join(`,${inner}`) + writer.newline + indent + close;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value, key) {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

// JSON with places: {start, end, entries: Map | items: []}. The text was read by JSON.parse before, so it is well-formed.
function read(source) {
  const reader = { source, at: 0 };
  return value(reader);
}

function value(reader) {
  space(reader);
  const start = reader.at;
  const first = reader.source[start];
  if (first === '{') return { start, entries: entries(reader), end: reader.at };
  if (first === '[') return { start, items: items(reader), end: reader.at };
  const pattern = first === '"' ? /"(?:[^"\\]|\\.)*"/y : /[^\s,\]}]+/y;
  pattern.lastIndex = start;
  reader.at += pattern.exec(reader.source)[0].length;
  return { start, end: reader.at };
}

function entries(reader) {
  const found = new Map();
  while (more(reader, '}')) {
    const key = value(reader);
    space(reader);
    reader.at += 1; // the colon
    found.set(JSON.parse(reader.source.slice(key.start, key.end)), value(reader));
  }
  return found;
}

function items(reader) {
  const found = [];
  while (more(reader, ']')) found.push(value(reader));
  return found;
}

// steps over the bracket or comma; whether another member follows
function more(reader, close) {
  if (reader.source[reader.at] !== close) reader.at += 1;
  space(reader);
  if (reader.source[reader.at] !== close) return true;
  reader.at += 1;
  return false;
}

function space(reader) {
  while (/[\s\ufeff]/.test(reader.source[reader.at] ?? '')) reader.at += 1;
}
