// The licences of the packages whose code is in the bundles, in the layout of THIRD_PARTY_NOTICES.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const RULE = '='.repeat(100);
// code and fonts that another package brings inside itself
const INSIDE = { '@bpmn-io/semver-compat': ['semver'] };
const FONTS = /^(bpmn|dmn)-[^/]*\.woff2$/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

export function noticesOf(metafile, here) {
  const folders = new Set();
  for (const [file, output] of Object.entries(metafile.outputs)) {
    const font = FONTS.exec(basename(file));
    if (font) folders.add(`node_modules/${font[1]}-font`);
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = packageFolder(input);
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
  }
  for (const folder of folders) {
    for (const inside of INSIDE[folder.split('node_modules/').at(-1)] ?? []) folders.add(`node_modules/${inside}`);
  }
  const notices = [...folders].map(folder => noticeOf(join(here, folder)));
  const unique = [...new Set(notices)].sort();
  return unique.join('\n');
}

function packageFolder(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
  return found && found[1];
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf-8'));
  const files = readdirSync(folder, { recursive: true }).filter(file => LICENCE_FILE.test(file) && !file.includes('node_modules') && statSync(join(folder, file)).isFile()).sort();
  const texts = files.map(file => readFileSync(join(folder, file), 'utf-8').replaceAll('\r\n', '\n').trim());
  if (!license && !texts.length) throw new Error(`${name} ${version} names no licence`);
  return [`${RULE}\n${name} ${version}\nLicence: ${license}\n`, ...texts].join('\n').trimEnd() + '\n';
}
