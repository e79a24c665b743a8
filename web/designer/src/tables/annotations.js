// The columns at the end of a table that explain its rules.
//
// dmn-js shows one such column and keeps its text in <description>. The standard's own columns, <annotation name> with an
// <annotationEntry> in every rule, carry the legal sources of our rules; they are shown and changed here. The description has a
// column of its own where it says something else.
import { annotationCell } from './annotation-cell.js';
import { annotationHeader } from './annotation-header.js';
import { noteColumns } from './notes.js';

const MOST = 12;
// the table asks for whole components, so each place among the columns has components of its own
const PLACES = Array.from({ length: MOST }, (_, place) => ({ 'after-label-cells': annotationHeader(place), 'after-rule-cells': annotationCell(place) }));

function AnnotationsProvider(components, eventBus, elementRegistry, sheet) {
  PLACES.forEach((parts, place) => {
    components.onGetComponent('cell', ({ cellType }) => {
      if (!Object.hasOwn(parts, cellType)) return undefined;
      return noteColumns(sheet.getRoot().businessObject)[place] && parts[cellType];
    });
  });
  // the menu of a rule, not of a column's text
  eventBus.on('cell.contextmenu', 2000, event => {
    const rule = /^(.+)__note_.*$/.exec(event.id ?? '')?.[1];
    if (rule && elementRegistry.get(rule)) event.id = rule;
  });
}
AnnotationsProvider.$inject = ['components', 'eventBus', 'elementRegistry', 'sheet'];

export default { __init__: ['annotationsProvider'], annotationsProvider: ['type', AnnotationsProvider] };
