// What dmn-js is told: our words and our annotation columns in every view.
import { chinese } from '../words/chinese.js';
import words from '../words/zh/tables.js';
import annotations from './annotations.js';
import steps from './steps.js';

const TYPES = ['string', 'number', 'boolean', 'date', 'time', 'dateTime', 'dayTimeDuration', 'yearMonthDuration', 'Any'];

/** Options of a dmn-js manager. */
export function options(readOnly) {
  const translated = { additionalModules: [chinese(words)] };
  return {
    common: { dataTypes: TYPES, debounceInput: false },
    drd: translated,
    decisionTable: { additionalModules: [chinese(words), annotations, ...(readOnly ? [] : [steps])] },
    literalExpression: translated,
    boxedExpression: translated
  };
}
