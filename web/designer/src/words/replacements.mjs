// file below node_modules → [[what stands there, what shall stand there, how often (1)], …]
import forms from '../forms/replacements.mjs';
import tables from '../tables/replacements.mjs';

// classes for another engine: nobody asks for them once they are not registered, and the bundler leaves them out
const unregistered = statements => statements.map(statement => [`\n${statement}`, '\n']);

const manual = kind => `jsx("a", {
          href: "https://docs.camunda.io/docs/reference/bpmn-processes/timer-events/timer-events#time-${kind}",
          target: "_blank",
          rel: "noopener noreferrer",
          title: translate('Timer documentation'),
          children: translate('How to configure a timer')
        })`;

const CRON = `, jsxs("li", {
            children: [jsx("code", {
              children: "0 0 9-17 * * MON-FRI"
            }), " - ", translate('every hour on the hour from 9-5 p.m. UTC Monday-Friday')]
          })`;

export const REPLACEMENTS = {
  ...tables,
  ...forms,
  'diagram-js/lib/features/popup-menu/PopupMenuBreadcrumbs.js': [
    ['title="Back"', 'title="返回"'],
    ['aria-label="Back"', 'aria-label="返回"']
  ],
  'diagram-js/lib/features/popup-menu/PopupMenuComponent.js': [
    ["title || 'Search'", "title || '查找'"],
    ["title || 'Results'", "title || '结果'"],
    ["${ entriesToShow.length } ${ entriesToShow.length === 1 ? 'result' : 'results' } found", '找到 ${ entriesToShow.length } 项'],
    ['`Open entry documentation for ${ selectedEntry.label }`', '`打开${ selectedEntry.label }的说明`'],
    [": 'Open entry documentation' }", ": '打开说明' }"],
    ['\n                Open entry documentation', '\n                打开说明']
  ],
  'diagram-js/lib/features/popup-menu/PopupMenuItem.js': [['title="Open entry documentation"', 'title="打开说明"']],
  '@bpmn-io/properties-panel/dist/index.esm.js': [
    ["import classnames from 'classnames';", "import classnames from 'classnames';\nimport { panelWords } from 'our-panel-words';"],
    ['function translateFallback(template, replacements) {', 'function translateFallback(template, replacements) {\n  return panelWords(template, replacements);'],
    ['popupTitle = `${element.type} / `;', "popupTitle = '';"],
    ['children: "Opened in popup"', 'children: "正在大窗口里写"'],
    ["closeButtonTooltip = 'Close popup'", "closeButtonTooltip = '关闭窗口'"],
    ['closeButtonTooltip: "Save and close"', 'closeButtonTooltip: "保存并关闭"', 2],
    ["label = '<empty>',", "label = '（空）',"]
  ],
  '@bpmn-io/feel-lint/dist/index.js': [
    ['source: message.type', "source: message.type === 'Syntax Error' ? '语法' : '提示'"],
    ['`Unrecognized token in <${parent.name}>`', '`这里看不懂`'],
    ['`Unrecognized token <${next.name}> in <${parent.name}>`', '`这里看不懂：${next.name}`'],
    ['`Incomplete <${ (before || parent).name }>`', '`没有写完`'],
    ["'First item is accessed via [1]'", "'第一个是 [1]，从 1 数起'"],
    ["name: 'fix'", "name: '改正'"],
    ["`Function '${ fn.name }' requires ${ formatEngines(builtin.engines) }`", '`函数 ${ fn.name } 这里不能用`']
  ],
  '@bpmn-io/lang-feel/dist/index.js': [
    ["detail: 'definition'", "detail: '定义函数'"],
    ["detail: 'expression'", "detail: '逐个计算'"],
    ["detail: 'quantified expression'", "detail: '每一个、有一个'", 2],
    ["detail: 'block',\n  type: 'keyword'\n}), snippetCompletion$1('{ ${key}", "detail: '如果……那么……',\n  type: 'keyword'\n}), snippetCompletion$1('{ ${key}"],
    ["detail: 'block'", "detail: '几项内容'"],
    ["detail: 'literal'", "detail: '值'", 3]
  ],
  '@codemirror/lint/dist/index.js': [
    ['` Action: ${name}${keyIndex < 0 ? "" : ` (access key "${keys[i]})"`}.`', '`操作：${name}`'],
    ['phrase("close")', 'phrase("关闭")'],
    ['phrase("Diagnostics")', 'phrase("问题")'],
    ['phrase("No diagnostics")', 'phrase("没有问题")']
  ],
  '@codemirror/autocomplete/dist/index.js': [['phrase("Completions")', 'phrase("可以填的")']],
  '@codemirror/language/dist/index.js': [
    ['`${view.state.phrase(fold ? "Folded lines" : "Unfolded lines")} ${lineFrom} ${view.state.phrase("to")} ${lineTo}.`', '`${fold ? "收起" : "展开"}第 ${lineFrom} 至 ${lineTo} 行`'],
    ['phrase("folded code")', 'phrase("收起的部分")'],
    ['phrase("unfold")', 'phrase("展开")'],
    ['this.open ? "Fold line" : "Unfold line"', 'this.open ? "收起" : "展开"']
  ],
  '@codemirror/view/dist/index.js': [
    ['"aria-label": view.state.phrase("close")', '"aria-label": view.state.phrase("关闭")'],
    ['phrase("Control character")', 'phrase("控制字符")']],
  '@codemirror/commands/dist/index.js': [['phrase("Selection deleted")', 'phrase("已删除选中的文字")']],
  '@bpmn-io/feel-editor/dist/index.js': [
    ['builtins = domifiedBuiltins,', 'builtins = camundaBuiltins.slice(),'], // our list, as it is when the field opens
    ['const validFor = /^[\\w ]*$/;', 'const validFor = /^[\\p{L}\\p{N}_ ]*$/u;'], // names may be Chinese
    ['context.matchBefore(/\\w[\\w ]*$/)', 'context.matchBefore(/[\\p{L}_][\\p{L}\\p{N}_ ]*$/u)']
  ],
  'bpmn-js-properties-panel/dist/index.esm.js': [
    ...unregistered(["CamundaPlatformPropertiesProvider.$inject = ['propertiesPanel', 'injector'];"]),
    ["'Written in ' +", "'来自：' +"],
    ['variable.origin.map(origin => origin.name || origin.id).join(\', \')', "variable.origin.map(origin => origin.name || origin.id).join('、')"],
    // links to somebody else's manual; times that we do not accept
    ...['date', 'cycle', 'duration'].map(kind => [manual(kind), 'null']),
    [CRON, '', 2]
  ],
  'bpmn-js-element-templates/dist/index.esm.js': [
    ["'Written in ' +", "'来自：' +"],
    ['title: "Select a template"', 'title: "选择模板"'],
    ['title: "Toggle section"', 'title: "展开或收起这一组"'],
    ...unregistered([
      "ElementTemplatesPropertiesProvider.$inject = ['elementTemplates', 'propertiesPanel', 'injector'];",
      "ChangeElementTemplateHandler.$inject = ['bpmnFactory', 'bpmnReplace', 'commandStack', 'modeling'];",
      "RemoveElementTemplateHandler.$inject = ['modeling', 'elementFactory', 'elementRegistry', 'canvas', 'bpmnFactory', 'replace', 'commandStack'];",
      "UnlinkElementTemplateHandler.$inject = ['commandStack'];",
      "ElementTemplatesCommands.$inject = ['commandStack', 'elementTemplates', 'eventBus'];",
      "ReplaceBehavior.$inject = ['elementTemplates', 'injector'];",
      "ElementTemplatesLoader$1.$inject = ['config.elementTemplates', 'eventBus', 'elementTemplates', 'moddle'];"
    ])
  ]
};
