// Bundles the editors into web/static/studio. The same sources and the same lock give the same bytes.
//   node build.mjs            build everything
//   node build.mjs --watch    and again after every change
//   node build.mjs --out DIR  build somewhere else (the test that compares does)
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as esbuild from 'esbuild';

import { exactWords } from './src/words/build-plugin.mjs';
import { noticesOf } from './notices.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(HERE, argument('--out') ?? '../static/studio');

// name of the bundle → where it starts. A style sheet of the same name appears when the script imports one.
export const ENTRIES = {
  viewer: 'src/viewer/index.js',
  diagram: 'src/diagram/index.js',
  tables: 'src/tables/index.js',
  forms: 'src/forms/index.js',
  shell: 'src/shell/index.js',
  charts: 'src/charts/index.js'
};

export const options = {
  absWorkingDir: HERE,
  entryPoints: ENTRIES,
  outdir: OUT,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2021'],
  charset: 'utf8',
  legalComments: 'none', // every licence stands in THIRD_PARTY_NOTICES
  banner: { js: '/* Built by web/designer/build.mjs; licences: THIRD_PARTY_NOTICES */' },
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file', '.svg': 'dataurl' },
  assetNames: '[name]-[hash]',
  alias: {
    '@bpmn-io/element-templates-validator': './src/diagram/unchecked-templates.js',
    'our-panel-words': './src/words/panel.js',
    '@camunda/feel-builtins': './src/diagram/functions.js' // the editor offers our functions only
  },
  conditions: ['module', 'import', 'browser'],
  plugins: [exactWords(HERE)],
  metafile: true,
  logLevel: 'warning'
};

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

async function build() {
  mkdirSync(OUT, { recursive: true });
  const { metafile } = await esbuild.build(options);
  const written = new Set(Object.keys(metafile.outputs).map(file => basename(file)));
  for (const file of readdirSync(OUT)) if (!written.has(file)) rmSync(join(OUT, file)); // what an earlier build left
  const notices = noticesOf(metafile, HERE);
  writeFileSync(argument('--out') ? join(OUT, 'NOTICES.txt') : join(HERE, 'NOTICES.txt'), notices);
  if (process.argv.includes('--meta')) writeFileSync(join(HERE, 'node_modules', 'meta.json'), JSON.stringify(metafile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--watch')) await (await esbuild.context(options)).watch();
  else await build();
}
