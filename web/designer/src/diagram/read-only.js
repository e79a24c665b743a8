// A diagram to look at with all its properties: nothing in it can be changed.

class NothingChanges {
  constructor(eventBus, commandStack, canvas, config) {
    commandStack.execute = () => {};
    eventBus.on('element.dblclick', 5000, () => false);
    eventBus.on(['shape.move.init', 'connect.init', 'resize.init', 'create.init', 'bendpoint.move.init', 'spaceTool.init'], 5000, () => false);
    canvas.getContainer().classList.add('read-only');
    config?.parent?.classList.add('read-only');
    config?.parent?.addEventListener('focusin', ({ target }) => {
      if (target.matches('input, textarea')) target.readOnly = true;
      if (target.matches('select, input[type=checkbox]')) target.disabled = true;
      if (target.isContentEditable) target.contentEditable = 'false';
    });
  }
}

NothingChanges.$inject = ['eventBus', 'commandStack', 'canvas', 'config.propertiesPanel'];

export default { __init__: ['nothingChanges'], nothingChanges: ['type', NothingChanges] };
