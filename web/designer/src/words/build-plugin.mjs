// Replaces, while bundling, English words that a package writes without asking for a translation.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { REPLACEMENTS } from './replacements.mjs';

const FONT_FACE = /src: url\('\.\.\/font\/bpmn\.eot[^}]*\}/;
const WOFF2_ONLY = "src: url('../font/bpmn.woff2') format('woff2'); font-weight: normal; font-style: normal }";

/**
 * An esbuild plugin: every file of REPLACEMENTS is loaded with its words replaced. Words that are no longer there fail the build, and
 * so do files that were never loaded, unless only a part is built.
 */
export function exactWords(here, { part = false } = {}) {
  return {
    name: 'exact-words',
    setup(build) {
      build.onEnd(({ metafile }) => {
        const loaded = Object.keys(metafile?.inputs ?? {});
        const missing = Object.keys(REPLACEMENTS).filter(file => !loaded.some(input => input.endsWith(`node_modules/${file}`)));
        return part || !metafile ? {} : { errors: missing.map(file => ({ text: `never loaded: ${file}` })) };
      });
      for (const [file, table] of Object.entries(REPLACEMENTS)) {
        const filter = new RegExp(`node_modules/${escaped(file)}$`);
        build.onLoad({ filter }, ({ path }) => ({ contents: replaced(path, table, here), loader: file.endsWith('.css') ? 'css' : 'js' }));
      }
      build.onLoad({ filter: /bpmn-font\/css\/bpmn\.css$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf-8');
        if (!FONT_FACE.test(text)) throw new Error(`${path}: the font is named in another way now`);
        return { contents: text.replace(FONT_FACE, WOFF2_ONLY), loader: 'css' };
      });
    }
  };
}

function replaced(path, table, here) {
  let text = readFileSync(path, 'utf-8');
  for (const [english, chinese, times = 1] of table) {
    const parts = text.split(english);
    if (parts.length !== times + 1) {
      throw new Error(`${relative(here, path)}: found ${parts.length - 1} times instead of ${times}: ${english}`);
    }
    text = parts.join(chinese);
  }
  return text;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
