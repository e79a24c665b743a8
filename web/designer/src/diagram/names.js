// Readable ids. A new element is called after its kind (user_task_1); once it has a name whose words we know, after that
// (审核预算 → review_budget), and its flows after both ends (review_budget_to_decision_1). An id somebody chose never changes.
import BpmnFactory from 'bpmn-js/lib/features/modeling/BpmnFactory';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';

import WORDS from './words-of-ids.json';

const STEMS = [
  ['bpmn:UserTask', 'user_task'],
  ['bpmn:ServiceTask', 'service_task'],
  ['bpmn:SendTask', 'send_task'],
  ['bpmn:ReceiveTask', 'receive_task'],
  ['bpmn:ScriptTask', 'script_task'],
  ['bpmn:BusinessRuleTask', 'rule_task'],
  ['bpmn:CallActivity', 'called_process'],
  ['bpmn:SubProcess', 'sub_process'],
  ['bpmn:Activity', 'task'],
  ['bpmn:ParallelGateway', 'parallel'],
  ['bpmn:EventBasedGateway', 'wait_for'],
  ['bpmn:Gateway', 'decision'],
  ['bpmn:StartEvent', 'started'],
  ['bpmn:EndEvent', 'ended'],
  ['bpmn:BoundaryEvent', 'boundary'],
  ['bpmn:Event', 'event'],
  ['bpmn:SequenceFlow', 'flow'],
  ['bpmn:MessageFlow', 'message_flow'],
  ['bpmn:Participant', 'pool'],
  ['bpmn:Lane', 'lane'],
  ['bpmn:Process', 'process'],
  ['bpmn:Message', 'message'],
  ['bpmn:Signal', 'signal'],
  ['bpmn:Error', 'error'],
  ['bpmn:Escalation', 'escalation']
];
const GIVEN_BY_US = new RegExp(`^(${STEMS.map(([, stem]) => stem).join('|')})_\\d+$`);

class ReadableIds extends BpmnFactory {
  _ensureId(element) {
    const stem = !element.id && this._needsId(element) && STEMS.find(([type]) => is(element, type))?.[1];
    if (stem) element.id = free(this._model.ids, stem, element);
    super._ensureId(element);
  }
}

ReadableIds.$inject = ['moddle'];

function free(ids, stem, element) {
  let number = 1;
  while (ids.assigned(`${stem}_${number}`)) number += 1;
  ids.claim(`${stem}_${number}`, element);
  return `${stem}_${number}`;
}

/** The id a name suggests, or null when its words are not all known: 审核预算 → review_budget. */
export function suggested(name) {
  let rest = name.trim();
  const verb = longest(rest, WORDS.verbs);
  if (!verb) return null;
  rest = rest.slice(verb.length);
  const parts = [];
  while (rest) {
    const word = longest(rest, WORDS.things);
    if (!word) return null;
    if (WORDS.things[word]) parts.push(WORDS.things[word]);
    rest = rest.slice(word.length);
  }
  return parts.length ? [WORDS.verbs[verb], ...parts].join('_') : null;
}

function longest(text, words) {
  for (let length = Math.min(8, text.length); length > 0; length -= 1) {
    if (Object.hasOwn(words, text.slice(0, length))) return text.slice(0, length);
  }
  return null;
}

class Renaming extends CommandInterceptor {
  constructor(eventBus, modeling, moddle) {
    super(eventBus);
    this.modeling = modeling;
    this.ids = moddle.ids;
    this.postExecuted('connection.create', 200, ({ context }) => this.nameFlow(context.connection));
    this.postExecuted('connection.reconnect', 200, ({ context }) => this.nameFlow(context.connection));
    this.postExecuted(['element.updateLabel', 'element.updateProperties'], 200, ({ context }) => this.nameElement(context));
  }

  nameElement({ element, newLabel, properties }) {
    const named = element.labelTarget ?? element;
    const name = newLabel ?? properties?.name;
    if (!name || !is(named, 'bpmn:FlowNode') || !GIVEN_BY_US.test(named.id)) return;
    const wanted = suggested(name);
    if (!wanted) return;
    this.rename(named, wanted);
    for (const flow of [...named.incoming, ...named.outgoing]) this.nameFlow(flow);
  }

  nameFlow(flow) {
    if (!is(flow, 'bpmn:SequenceFlow') || !(GIVEN_BY_US.test(flow.id) || isNamedAfterUs(flow.id))) return;
    this.rename(flow, `${flow.source.id}_to_${flow.target.id}`);
  }

  rename(element, wanted) {
    if (element.id === wanted || element.id.replace(/_\d+$/, '') === wanted) return;
    let id = wanted;
    for (let number = 2; this.ids.assigned(id); number += 1) id = `${wanted}_${number}`;
    this.modeling.updateProperties(element, { id });
  }
}

Renaming.$inject = ['eventBus', 'modeling', 'moddle'];

// flows that still carry the number of an end we named
function isNamedAfterUs(id) {
  const ends = id.split('_to_');
  return ends.length === 2 && ends.some(end => GIVEN_BY_US.test(end));
}

export default {
  __init__: ['renaming'],
  bpmnFactory: ['type', ReadableIds],
  renaming: ['type', Renaming]
};
