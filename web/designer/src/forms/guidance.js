// The properties panel: what our forms know besides form-js (help, article, unit, rules), and without what they refuse.
import { h } from 'preact';

import { words } from '../words/zh/studio-forms.js';

const PLACE = 500; // after form-js's own groups
const REFUSED_GROUPS = new Set(['custom-values', 'security-attributes']);
const SHOWN_ONLY = ['button', 'separator', 'spacer'];
const TEXTS = [
  ['help', 3],
  ['article', 1],
  ['unit', 1],
  ['rule', 2],
  ['ruleText', 2],
  ['warn', 2],
  ['warnText', 2]
];
const ROWS = [
  ['minRows', 1],
  ['maxRows', 1]
];

class Guidance {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(this, PLACE);
  }

  getGroups(field, editField) {
    return groups => {
      const ours = groups.filter(({ id }) => !REFUSED_GROUPS.has(id));
      if (field?.type === 'default') return [titled(field, editField), ...ours];
      if (!field || SHOWN_ONLY.includes(field.type)) return ours;
      const names = field.type === 'dynamiclist' ? [...TEXTS, ...ROWS] : TEXTS;
      const entries = names.map(([name, lines]) => entry({ name, lines, field, editField }));
      const place = ours.findIndex(({ id }) => id === 'general') + 1;
      return [...ours.slice(0, place), { id: 'guidance', label: words.guidance, entries }, ...ours.slice(place)];
    };
  }
}
Guidance.$inject = ['propertiesPanel'];

function titled(field, editField) {
  const write = text => editField(field, ['title'], text || undefined);
  return { id: 'form', label: words.form, shouldOpen: true, entries: [entry({ name: 'title', lines: 1, field, value: field.title ?? '', write })] };
}

function entry({ name, lines, field, editField, value, write }) {
  const properties = field.properties ?? {};
  const own = Object.hasOwn(properties, name) ? String(properties[name]) : '';
  const put = text => editField(field, ['properties'], withText(properties, name, text));
  return { id: `guidance-${name}`, component: Entry, isEdited: node => Boolean(node?.value), name, lines, properties, value: value ?? own, write: write ?? put };
}

function Entry({ id, name, lines, properties, value, write }) {
  const onInput = event => write(event.target.value);
  const input = { id: `bio-properties-panel-${id}`, class: 'bio-properties-panel-input', value, onInput, spellcheck: false };
  const lacks = partner(name) && Boolean(value) !== Boolean(properties[partner(name)]) && Boolean(value);
  return h('div', { class: `bio-properties-panel-entry${lacks ? ' has-error' : ''}`, 'data-entry-id': id }, [
    h('div', { class: 'bio-properties-panel-textfield' }, [
      h('label', { class: 'bio-properties-panel-label', for: input.id }, words[name]),
      lines > 1 ? h('textarea', { ...input, rows: lines }) : h('input', { ...input, type: 'text', autocomplete: 'off' })
    ]),
    lacks ? h('div', { class: 'bio-properties-panel-error' }, words.pair) : null,
    words[`${name}Hint`] ? h('div', { class: 'bio-properties-panel-description' }, words[`${name}Hint`]) : null
  ]);
}

// a formula and the sentence shown for it
function partner(name) {
  return { rule: 'ruleText', ruleText: 'rule', warn: 'warnText', warnText: 'warn' }[name];
}

function withText(properties, name, text) {
  const others = Object.entries(properties).filter(([key]) => key !== name || text);
  const changed = Object.fromEntries(others.map(([key, value]) => [key, key === name ? typed(name, text) : value]));
  if (text && !Object.hasOwn(changed, name)) changed[name] = typed(name, text);
  return Object.keys(changed).length ? changed : undefined;
}

function typed(name, text) {
  return name.endsWith('Rows') && /^\d+$/.test(text) ? Number(text) : text;
}

export default { __init__: ['guidance'], guidance: ['type', Guidance] };
