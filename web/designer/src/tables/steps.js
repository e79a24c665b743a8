// Undo and redo as people count steps: what is typed into one cell without a pause is one.
const PAUSE_MS = 3_000;

function Steps(eventBus, commandStack) {
  let typed = 0;
  eventBus.on('commandStack.changed', 5000, ({ trigger }) => {
    if (trigger !== 'execute') return;
    const now = performance.now();
    if (now - typed < PAUSE_MS) join(commandStack);
    typed = now;
  });
}
Steps.$inject = ['eventBus', 'commandStack'];

// The stack keeps one entry for every key pressed; the last is taken into the one before where both write the same text.
function join(stack) {
  const at = stack._stackIdx;
  const [earlier, before, last] = [at - 2, at - 1, at].map(place => stack._stack[place]);
  if (!before || !last || earlier?.id === before.id || before.id === last.id || !goesOn(before, last)) return;
  before.context.properties = last.context.properties;
  stack._stack.splice(at, 1);
  stack._stackIdx -= 1;
}

function goesOn(one, next) {
  if (one.command !== 'element.updateProperties' || one.command !== next.command) return false;
  const [some, others] = [one, next].map(({ context }) => Object.keys(context.properties).join());
  return one.context.element === next.context.element && some === others;
}

export default { __init__: ['steps'], steps: ['type', Steps] };
