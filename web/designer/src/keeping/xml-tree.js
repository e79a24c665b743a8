// XML read into a tree that remembers where everything stood, so that what nobody changed can be written as it was.

const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const NAME = /[^\s=/>]+/y;

/** Reads well-formed XML (a document an editor accepted before). Throws an Error where it is not. */
export function parse(source) {
  const reader = { source, at: 0 };
  const prolog = misc(reader);
  const root = element(reader, { xml: 'http://www.w3.org/XML/1998/namespace', '': '' });
  return { source, prolog, root, epilog: source.slice(reader.at) };
}

/** The text an element holds, without what its child elements hold. */
export function textOf(node) {
  return node.texts.join('');
}

export function attribute(node, name) {
  return node.attributes.get(name)?.value;
}

function misc(reader) {
  const found = /<[A-Za-z_\u0080-\uffff]/.exec(reader.source);
  if (!found) throw new Error('There is no element.');
  const prolog = reader.source.slice(0, found.index);
  const comment = prolog.lastIndexOf('<!--');
  if (comment >= 0 && !prolog.includes('-->', comment)) return afterComments(reader);
  reader.at = found.index;
  return prolog;
}

function afterComments(reader) {
  let at = 0;
  for (let next = skipped(reader.source, at); next !== at; next = skipped(reader.source, at)) at = next;
  reader.at = at;
  return reader.source.slice(0, at);
}

function skipped(source, at) {
  while (/\s|\ufeff/.test(source[at] ?? '')) at += 1;
  if (source.startsWith('<!--', at)) return ending(source, '-->', at);
  return source.startsWith('<?', at) ? ending(source, '?>', at) : at;
}

function ending(source, mark, at) {
  const end = source.indexOf(mark, at);
  if (end < 0) throw new Error(`${mark} is missing.`);
  return end + mark.length;
}

function element(reader, outer) {
  const start = reader.at;
  reader.at += 1;
  const name = take(reader, NAME);
  const raw = attributes(reader);
  const scope = scoped(raw, outer);
  const [prefix, local] = split(name);
  const node = { name, local, ns: scope[prefix], scope, start, raw, attributes: named(raw, scope), children: [], texts: [] };
  node.nameEnd = start + 1 + name.length;
  if (reader.source.startsWith('/>', reader.at)) {
    reader.at += 2;
    return Object.assign(node, { empty: true, openEnd: reader.at, closeStart: reader.at, end: reader.at });
  }
  reader.at += 1;
  node.openEnd = reader.at;
  content(reader, node);
  node.closeStart = reader.at;
  reader.at = ending(reader.source, '>', reader.at);
  return Object.assign(node, { empty: false, end: reader.at });
}

function content(reader, node) {
  const { source } = reader;
  while (!source.startsWith('</', reader.at)) {
    if (reader.at >= source.length) throw new Error(`${node.name} is not closed.`);
    if (source.startsWith('<!--', reader.at)) reader.at = ending(source, '-->', reader.at);
    else if (source.startsWith('<![CDATA[', reader.at)) {
      const end = ending(source, ']]>', reader.at);
      node.texts.push(source.slice(reader.at + 9, end - 3));
      reader.at = end;
    } else if (source.startsWith('<?', reader.at)) reader.at = ending(source, '?>', reader.at);
    else if (source[reader.at] === '<') node.children.push(element(reader, node.scope));
    else {
      const end = source.indexOf('<', reader.at);
      if (end < 0) throw new Error(`${node.name} is not closed.`);
      node.texts.push(decoded(source.slice(reader.at, end)));
      reader.at = end;
    }
  }
}

function attributes(reader) {
  const found = [];
  for (;;) {
    const start = reader.at;
    while (/\s/.test(reader.source[reader.at])) reader.at += 1;
    if (reader.source[reader.at] === '>' || reader.source.startsWith('/>', reader.at)) return found;
    const name = take(reader, NAME);
    while (reader.source[reader.at] !== '"' && reader.source[reader.at] !== "'") {
      if (reader.at >= reader.source.length) throw new Error(`${name} has no value.`);
      reader.at += 1;
    }
    const quote = reader.source[reader.at];
    const end = reader.source.indexOf(quote, reader.at + 1);
    if (end < 0) throw new Error(`${name} has no end.`);
    found.push({ name, value: decoded(reader.source.slice(reader.at + 1, end)), start, end: end + 1, quote });
    reader.at = end + 1;
  }
}

function take(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source);
  if (!found) throw new Error(`A name is missing at ${reader.at}.`);
  reader.at = pattern.lastIndex;
  return found[0];
}

function split(name) {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function scoped(raw, outer) {
  const declared = raw.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (!declared.length) return outer;
  return { ...outer, ...Object.fromEntries(declared.map(({ name, value }) => [name.slice(6), value])) };
}

// {namespace}local → attribute; declarations of namespaces are none
function named(raw, scope) {
  const found = new Map();
  for (const one of raw) {
    if (one.name === 'xmlns' || one.name.startsWith('xmlns:')) continue;
    const [prefix, local] = split(one.name);
    found.set(prefix ? `{${scope[prefix]}}${local}` : local, one);
  }
  return found;
}

function decoded(text) {
  return text.replace(/&(#x?)?([^;]+);/g, (whole, number, name) => {
    if (!number) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(parseInt(name, number === '#x' ? 16 : 10));
  });
}
