// Takes out of package-lock.json what says where something was downloaded or who may be paid: only names, versions and hashes stay.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf-8'));
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  delete entry.funding;
}
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
