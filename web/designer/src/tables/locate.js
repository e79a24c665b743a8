// Where something named by its id stands in a decision model.

/** The id of the cell meant by `element` (a rule, a column, anything) and `cell` (an entry or a column of that rule). */
export function cellOf(definitions, element, cell) {
  const rule = ruleOf(definitions, element);
  if (!rule) return cell ?? element;
  const entries = [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])];
  if (entries.some(entry => entry.id === cell)) return cell;
  const table = rule.$parent;
  const columns = [...(table.input ?? []), ...(table.output ?? [])];
  const place = columns.findIndex(column => column.id === cell);
  return entries[Math.max(place, 0)]?.id;
}

/** The view that shows the element with this id: a decision's own, else the one of the requirements. */
export function viewOf(manager, id) {
  if (!id) return undefined;
  const views = manager.getViews();
  const own = views.find(view => view.type !== 'drd' && holds(view.element, id));
  return own ?? views.find(view => view.type === 'drd' && holds(view.element, id));
}

function ruleOf(definitions, id) {
  for (const { decisionLogic } of definitions.drgElement ?? []) {
    const rule = decisionLogic?.rule?.find(one => one.id === id);
    if (rule) return rule;
  }
  return undefined;
}

function holds(element, id) {
  if (element.id === id) return true;
  return element.$descriptor.properties.some(({ name, isReference }) => {
    if (isReference || name.startsWith('$')) return false;
    const value = element[name];
    const parts = Array.isArray(value) ? value : [value];
    return parts.some(part => part?.$type && part.$parent === element && holds(part, id));
  });
}
