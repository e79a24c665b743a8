// The parts the modeler is made of.
import ElementTemplateChooserModule from '@bpmn-io/element-template-chooser';
import ColorPickerModule from 'bpmn-js-color-picker';
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import MinimapModule from 'diagram-js-minimap';

import { chinese } from '../words/chinese.js';
import canvas from '../words/zh/canvas.json';
import drawing from '../words/zh/drawing.json';
import elements from '../words/zh/elements.json';
import panel from '../words/zh/panel.json';
import templates from '../words/zh/templates.json';
import clipboard from './clipboard.js';
import dialect from './dialect.js';
import { VariableResolver } from './feel.js';
import names from './names.js';
import typing from './typing.js';
import untouched from './read-only.js';

export function modules({ scope, readOnly }) {
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
    clipboard,
    dialect,
    names,
    typing,
    ...(readOnly ? [untouched] : []),
    { variableResolver: ['value', new VariableResolver(scope)] },
    chinese(drawing, canvas, elements, panel, templates)
  ];
}
