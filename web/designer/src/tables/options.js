// What dmn-js is told: our words and our annotation columns in every view.
import { chinese } from '../words/chinese.js';
import words from '../words/zh/tables.js';
import annotations from './annotations.js';

const TYPES = ['string', 'number', 'boolean', 'date', 'time', 'dateTime', 'dayTimeDuration', 'yearMonthDuration', 'Any'];

/** Options of a dmn-js manager. */
export function options() {
  const translated = { additionalModules: [chinese(words)] };
  return {
    common: { dataTypes: TYPES, debounceInput: false },
    drd: translated,
    decisionTable: { additionalModules: [chinese(words), annotations] },
    literalExpression: translated,
    boxedExpression: translated
  };
}
