// The explaining columns of a decision table, whichever way the file keeps them.

export const DESCRIPTION = 'description';

/** [{key: place of the column or DESCRIPTION, name}] of a dmn:DecisionTable. */
export function noteColumns(table) {
  const columns = (table.get('annotation') ?? []).map(({ name }, key) => ({ key, name }));
  const rules = table.get('rule') ?? [];
  return !columns.length || rules.some(saysMore) ? [...columns, { key: DESCRIPTION, name: undefined }] : columns;
}

export function noteOf(rule, key) {
  return (key === DESCRIPTION ? rule.get('description') : rule.get('annotationEntry')?.[key]?.text) ?? '';
}

/** The properties a rule gets when this text is written into that column; a description that said the same goes along. */
export function withNote(rule, key, text, create) {
  if (key === DESCRIPTION) return { description: text || undefined };
  const old = rule.get('annotationEntry') ?? [];
  const entries = Array.from({ length: Math.max(old.length, key + 1) }, (_, n) => {
    return n === key ? create('dmn:RuleAnnotation', { text }) : (old[n] ?? create('dmn:RuleAnnotation', { text: '' }));
  });
  for (const entry of entries) entry.$parent = rule;
  const follows = rule.get('description') && rule.get('description') === old[key]?.text;
  return follows ? { annotationEntry: entries, description: text || undefined } : { annotationEntry: entries };
}

/** The list of columns after one of them was renamed (key) or added (key = their number). */
export function withColumn(table, key, name, create) {
  const columns = [...(table.get('annotation') ?? [])];
  columns[key] = create('dmn:RuleAnnotationClause', { name });
  columns[key].$parent = table;
  return columns;
}

// Whether a rule's description is not one of its annotations.
function saysMore(rule) {
  const text = rule.get('description');
  return Boolean(text) && !(rule.get('annotationEntry') ?? []).some(entry => entry.text === text);
}
