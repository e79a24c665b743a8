// The licences of the packages whose code is in the bundles, in the layout of THIRD_PARTY_NOTICES.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULE = '='.repeat(100);
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

export function noticesOf(metafile, here) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = packageFolder(input);
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
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
  const files = readdirSync(folder).filter(file => LICENCE_FILE.test(file)).sort();
  const texts = files.map(file => readFileSync(join(folder, file), 'utf-8').replaceAll('\r\n', '\n').trim());
  if (!license && !texts.length) throw new Error(`${name} ${version} names no licence`);
  return [`${RULE}\n${name} ${version}\nLicence: ${license}\n`, ...texts].join('\n').trimEnd() + '\n';
}
