// The parts the modeler is made of.
import ElementTemplateChooserModule from '@bpmn-io/element-template-chooser';
import ColorPickerModule from 'bpmn-js-color-picker';
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import MinimapModule from 'diagram-js-minimap';

import { chinese } from '../words/chinese.js';
import drawing from '../words/zh/drawing.js';
import { VariableResolver } from './feel.js';

export function modules({ scope }) {
  return [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    ZeebePropertiesProviderModule,
    ZeebeBehaviorsModule,
    CloudElementTemplatesPropertiesProviderModule,
    ElementTemplateChooserModule,
    CreateAppendAnythingModule,
    CreateAppendElementTemplatesModule,
    MinimapModule,
    ColorPickerModule,
    { variableResolver: ['factory', Object.assign(eventBus => new VariableResolver(scope, eventBus), { $inject: ['eventBus'] })] },
    chinese(drawing)
  ];
}
