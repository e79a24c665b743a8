// What the parts of a properties panel say when nobody hands them a translator.
import { translator } from './chinese.js';
import words from './zh/panel.json';

export const panelWords = translator(words);
