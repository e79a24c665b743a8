// Finds every English text in the bundles' libraries that somebody might see, and writes src/words/found.json:
// bundle → {text: package}. Texts of a library that the bundle does not use are not there.
//   node words.mjs
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'acorn';
import { ancestor } from 'acorn-walk';
import * as esbuild from 'esbuild';

import { ENTRIES, options } from './build.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SHOWN = new Set(['title', 'label', 'description', 'placeholder', 'children', 'tooltip', 'name', 'text', 'message', 'aria-label', 'ariaLabel', 'header', 'info', 'detail', 'textContent', 'innerHTML', 'emptyPlaceholder']);
const OURS = 'own';

function collected(source) {
  const found = {};
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const packages = sections(source);
  const take = (text, node, force) => {
    if (readable(text, force)) found[text] ??= packageAt(packages, node.start);
  };
  ancestor(program, {
    Literal(node, _, ancestors) {
      if (typeof node.value === 'string') take(node.value, node, isShown(node, ancestors));
    },
    TemplateLiteral(node, _, ancestors) {
      const whole = node.quasis.map(part => part.value.cooked).join('{}');
      if (/<\w/.test(whole)) shownInMarkup(whole).forEach(text => take(text, node, true));
      else take(whole, node, isShown(node, ancestors));
    }
  });
  return found;
}

function isShown(node, ancestors) {
  const chain = [...ancestors].reverse().slice(1);
  for (const parent of chain) {
    if (parent.type === 'CallExpression') return /translate/i.test(nameOf(parent.callee)) && parent.arguments[0] !== undefined && within(parent.arguments[0], node);
    if (parent.type === 'Property') return SHOWN.has(parent.key.name ?? parent.key.value) && within(parent.value, node);
    if (parent.type === 'AssignmentExpression') return SHOWN.has(parent.left.property?.name) && within(parent.right, node);
    if (!['ConditionalExpression', 'LogicalExpression', 'BinaryExpression', 'TemplateLiteral', 'ArrayExpression'].includes(parent.type)) return false;
  }
  return false;
}

function nameOf(callee) {
  return callee.name ?? callee.property?.name ?? (callee.type === 'ParenthesizedExpression' ? nameOf(callee.expression) : '');
}

function within(outer, inner) {
  return outer.start <= inner.start && inner.end <= outer.end;
}

// shown for certain: any word; otherwise only what reads like a sentence or a heading
function readable(text, force) {
  if (!/[A-Za-z]{2}/.test(text) || text.length > 1500) return false;
  if (force) return !/^[a-z]+([:./_-][\w-]+)+$/.test(text) && !/^https?:/.test(text) && !/^#[0-9a-f]+$/i.test(text) && !/<svg|^M[\d., -]/.test(text);
  return /^[A-Z<][\w'’-]*[a-z].* /.test(text) && !/[{}<>=;]|function|^[A-Z]\w+\./.test(text.replace(/{\w*}/g, ''));
}

function shownInMarkup(text) {
  const texts = text.split(/<[^>]*>/).map(part => part.trim());
  const attributes = [...text.matchAll(/(?:title|placeholder|aria-label)="([^"]+)"/g)].map(found => found[1]);
  return [...texts, ...attributes].filter(part => /^[A-Z]/.test(part) && !/[{}]$/.test(part));
}

function sections(source) {
  return [...source.matchAll(/^ *\/\/ (\S+\.m?js(?:on)?)$/gm)].map(({ index, 1: file }) => [index, /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? OURS]);
}

function packageAt(packages, position) {
  let name = OURS;
  for (const [index, owner] of packages) {
    if (index > position) break;
    name = owner;
  }
  return name;
}

const found = {};
for (const name of Object.keys(ENTRIES)) {
  const { outputFiles } = await esbuild.build({ ...options, entryPoints: { [name]: ENTRIES[name] }, minify: false, treeShaking: true, format: 'esm', write: false });
  const script = outputFiles.find(file => file.path.endsWith('.js'));
  const texts = Object.entries(collected(script.text)).filter(([, owner]) => owner !== OURS);
  found[name] = Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
writeFileSync(join(HERE, 'src', 'words', 'found.json'), `${JSON.stringify(found, null, 1)}\n`);
