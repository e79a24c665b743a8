// The dialect of our diagrams: BPMN with the zeebe extensions, and only what the engine executes is offered.
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import modeler from './modeler-descriptor.js';

export const descriptors = { zeebe, modeler };

const MENUS = ['bpmn-create', 'bpmn-append', 'bpmn-replace'];
const NEVER_OFFERED = /-(complex-gateway|.*instantiating.*)$/;
const NOT_IN_A_PROCESS = /^replace-with-conditional-start$/; // a case that has not begun has no variables to look at
const UNSUPPORTED_GROUPS = new Set(['Zeebe__ExecutionListeners', 'Zeebe__TaskListeners']);
const LAST = 100; // after every provider that adds

/** Takes out of the menus what deployment would refuse. */
class OfferedElements {
  constructor(popupMenu) {
    for (const menu of MENUS) popupMenu.registerProvider(menu, LAST, this);
  }

  getPopupMenuEntries(target) {
    const atProcess = target?.type === 'bpmn:StartEvent' && !target.parent?.businessObject?.triggeredByEvent;
    return entries => Object.fromEntries(Object.entries(entries).filter(([id]) => !NEVER_OFFERED.test(id) && !(atProcess && NOT_IN_A_PROCESS.test(id))));
  }
}

OfferedElements.$inject = ['popupMenu'];

/** Takes out of the panel what deployment would refuse; where a file already says it, it stays and can be removed. */
class OfferedProperties {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(LAST, this);
  }

  getGroups(element) {
    return groups => groups.filter(group => this.#offered(group, element));
  }

  #offered(group, element) {
    if (UNSUPPORTED_GROUPS.has(group.id)) return group.items?.length > 0;
    if (group.id === 'Zeebe__UserTaskImplementation' || group.id === 'userTaskImplementation') return !isOurUserTask(element);
    return true;
  }
}

OfferedProperties.$inject = ['propertiesPanel'];

function isOurUserTask(element) {
  const values = element.businessObject.get('extensionElements')?.get('values') ?? [];
  return values.some(value => value.$type === 'zeebe:UserTask');
}

export default {
  __init__: ['offeredElements', 'offeredProperties'],
  offeredElements: ['type', OfferedElements],
  offeredProperties: ['type', OfferedProperties]
};
