// Finds every English text in the bundles that somebody might see and says which have no Chinese: no translation in src/words/zh and
// no reason in src/words/allowed.json. Texts of a library that the bundle does not use, or that were replaced, are not there.
//   node words.mjs            fails with the list of what is missing
//   node words.mjs --unused   names reasons nobody needs any more, too
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { parse } from 'acorn';
import { ancestor } from 'acorn-walk';
import * as esbuild from 'esbuild';

import { ENTRIES, options } from './build.mjs';
import { exactWords } from './src/words/build-plugin.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SHOWN = new Set(['title', 'label', 'description', 'placeholder', 'children', 'tooltip', 'name', 'text', 'message', 'aria-label', 'ariaLabel', 'header', 'info', 'detail', 'textContent', 'innerHTML', 'emptyPlaceholder']);
const OURS = 'own';

function collected(source) {
  const found = {};
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const packages = sections(source);
  const take = (text, node, force) => {
    if (readable(text, force)) (found[text] ??= new Set()).add(packageAt(packages, node.start));
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
    if (parent.type === 'CallExpression') return /translate|^phrase$/i.test(nameOf(parent.callee)) && parent.arguments[0] !== undefined && within(parent.arguments[0], node);
    if (parent.type === 'Property') return SHOWN.has(parent.key.name ?? parent.key.value) && within(parent.value, node);
    if (parent.type === 'TaggedTemplateExpression') return /^[A-Z]/.test(node.value ?? '');
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

async function texts() {
  const found = new Map();
  for (const name of Object.keys(ENTRIES)) {
    const part = { entryPoints: { [name]: ENTRIES[name] }, minify: false, format: 'esm', write: false, plugins: [exactWords(HERE, { part: true })] };
    const { outputFiles } = await esbuild.build({ ...options, ...part });
    const script = outputFiles.find(file => file.path.endsWith('.js'));
    for (const [text, owners] of Object.entries(collected(script.text))) {
      found.set(text, new Set([...(found.get(text) ?? []), ...owners]));
    }
  }
  return found;
}

async function tables() {
  const folder = join(HERE, 'src', 'words', 'zh');
  const known = {};
  for (const file of readdirSync(folder).sort()) {
    const path = join(folder, file);
    Object.assign(known, file.endsWith('.json') ? JSON.parse(readFileSync(path, 'utf-8')) : (await import(pathToFileURL(path))).default);
  }
  return known;
}

const plain = text => text.toLowerCase().replace(/[-\s]+/g, ' ').trim();
const open = text => text.replaceAll('{}', '\u0000').replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\u0000', '.*');

const known = Object.keys(await tables()).map(plain);
const allowed = JSON.parse(readFileSync(join(HERE, 'src', 'words', 'allowed.json'), 'utf-8'));
const found = await texts();
// {} stands for what a program puts in; one translation that fits is enough to show that the text is cared for
const translated = text => /[\u4e00-\u9fff]/.test(text) || known.includes(plain(text)) || (text.includes('{}') && known.some(one => new RegExp(`^${open(plain(text))}$`).test(one)));
const reasoned = (text, owners) => text in allowed.texts || [...owners].every(owner => owner in allowed.packages);
const missing = [...found].filter(([text, owners]) => !translated(text) && !reasoned(text, owners));
for (const [text, owners] of missing) console.log(`${[...owners].filter(owner => !(owner in allowed.packages)).join(', ')}: ${JSON.stringify(text)}`);
if (process.argv.includes('--unused')) {
  for (const text of Object.keys(allowed.texts)) if (!found.has(text)) console.log(`not found any more: ${JSON.stringify(text)}`);
}
console.log(`${found.size} texts found, ${missing.length} without Chinese`);
process.exit(missing.length ? 1 : 0);
