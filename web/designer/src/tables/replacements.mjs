// English words dmn-js writes without asking for a translation, its font in the one form browsers use, and three mistakes of its own.
//   file below node_modules → [[what stands there, what shall stand there, how often (1)], …]
const FONT = `src: url('../font/dmn.eot?17170957');
  src: url('../font/dmn.eot?17170957#iefix') format('embedded-opentype'),
       url('../font/dmn.woff2?17170957') format('woff2'),
       url('../font/dmn.woff?17170957') format('woff'),
       url('../font/dmn.ttf?17170957') format('truetype'),
       url('../font/dmn.svg?17170957#dmn') format('svg');`;

export default {
  'dmn-js/dist/assets/dmn-font/css/dmn.css': [[FONT, "src: url('../font/dmn.woff2') format('woff2');"]],
  // ids are a designer's, and may be the names every object has
  'table-js/lib/render/ChangeSupport.js': [['this._listeners = {}', 'this._listeners = Object.create(null)']],
  // the field says again what it was just told; that is no step to undo
  'dmn-js-decision-table/lib/features/decision-rules/components/DecisionRulesCellEditorComponent.js': [
    ['this._modeling.editCell(cell.businessObject, value);', 'if (value !== cell.businessObject.text) this._modeling.editCell(cell.businessObject, value);']
  ],
  'dmn-js-literal-expression/lib/features/textarea/components/TextareaEditorComponent.js': [
    ['this._modeling.editLiteralExpressionText(text);', 'if (text !== this.getLiteralExpression().text) this._modeling.editLiteralExpressionText(text);']
  ],
  'dmn-js-boxed-expression/lib/features/literal-expression/components/LiteralExpressionEditorComponent.js': [
    ['this._literalExpression.setText(literalExpression, text);', 'if (text !== literalExpression.text) this._literalExpression.setText(literalExpression, text);']
  ],
  'dmn-js-decision-table/lib/features/context-menu/ContextMenu.js': [['"Decision table context menu"', '"决策表菜单"']],
  'dmn-js-decision-table/lib/features/simple-duration-edit/components/InputDurationEdit.js': [
    ['createTextVNode("Value")', 'createTextVNode("值")']
  ],
  'dmn-js-decision-table/lib/features/drag-and-drop/DragAndDrop.js': [
    ["`Move ${isInput(col) ? 'Input' : 'Output'}`", "`移动${isInput(col) ? '输入' : '输出'}列`"]
  ],
  'dmn-js-shared/lib/components/List.js': [['"Remove item"', '"删除此项"']],
  'dmn-js-boxed-expression/lib/features/function-definition/components/FormalParametersEditor.js': [
    ['createTextVNode("Name")', 'createTextVNode("名称")'],
    ['createTextVNode("Type")', 'createTextVNode("类型")']
  ],
  'dmn-js-boxed-expression/lib/features/element-variable/components/ElementVariableComponent.js': [
    ['createTextVNode("Result")', 'createTextVNode("结果")']
  ],
  'dmn-js-boxed-expression/lib/features/element-variable/components/ElementVariableEditorComponent.js': [
    ['createTextVNode("Result")', 'createTextVNode("结果")'],
    ['createTextVNode("Result type")', 'createTextVNode("结果类型")']
  ]
};
