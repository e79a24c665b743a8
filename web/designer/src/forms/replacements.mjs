// The words form-js writes itself, replaced while bundling. A word that is no longer there fails the build.
//   file below node_modules → [[what stands there, what shall stand there, how often], …]
import { readFileSync } from 'node:fs';

import { editor, viewer } from '../words/zh/forms.js';

const EDITOR = '@bpmn-io/form-js-editor/dist/index.es.js';
const VIEWER = '@bpmn-io/form-js-viewer/dist/index.es.js';

const SENTENCES = [
  ['`Minimum ${MIN_COLUMNS} columns are allowed`', '`最少 ${MIN_COLUMNS} 列`'],
  ['`Maximum ${MAX_COLUMNS} columns are allowed`', '`最多 ${MAX_COLUMNS} 列`'],
  ['`New value exceeds the maximum of ${MAX_COLUMNS_PER_ROW} columns per row`', '`一行最多 ${MAX_COLUMNS_PER_ROW} 列`'],
  ['`Maximum ${MAX_FIELDS_PER_ROW} fields per row are allowed`', '`一行最多放 ${MAX_FIELDS_PER_ROW} 项`'],
  ["`Expression for '${key}'`", '`公式：${key}`'],
  ['`Create ${getIndefiniteArticle(type)} ${label} element`', '`放一个${label}`'],
  ['`Remove ${entry.label}`', '`删除${entry.label}`'],
  ["`List contains {numOfItems} item${items.length != 1 ? 's' : ''}`", '`共 {numOfItems} 项`'],
  ["`Click to ${active ? 'remove' : 'set a'} dynamic value with FEEL expression`", "`${active ? '改回固定的值' : '改用公式'}`"],
  ['`Should not contain more than ${decimalDigits} decimal digits`', '`最多 ${decimalDigits} 位小数`'],
  ['`Should not contain more than ${decimalDigits} decimal digits.`', '`最多 ${decimalDigits} 位小数。`'],
  ['`Should be at least ${min}.`', '`不能小于 ${min}。`'],
  ['`Should be at least ${minimumValue.toString()}.`', '`不能小于 ${minimumValue.toString()}。`'],
  ['`Should be at most ${max}.`', '`不能大于 ${max}。`'],
  [`'"Static" defines a constant, predefined set of form options.\\n\\n'`, `'固定的选项：写在表单里。\\n\\n'`],
  [
    `'"Input data" defines options that are populated dynamically, adjusting based on variable data for flexible responses to different conditions or inputs.\\n\\n'`,
    `'变量里的选项：流程变量给出。\\n\\n'`
  ],
  [`'"Expression" defines options that are populated from a FEEL expression.'`, `'公式：由公式给出。'`],
  [
    '`"List of items" defines a constant, predefined set of form options.\n\n"Expression" defines options that are populated from a FEEL expression.\n`',
    '`固定的列写在表单里；也可以由公式给出。`'
  ]
];

const SHOWN = [
  ['`Click to sort by ${label} descending`', '`按${label}从大到小排`'],
  ['`Click to sort by ${label} ascending`', '`按${label}从小到大排`'],
  ['`${files.length} files selected`', '`选了 ${files.length} 个文件`'],
  ['`Download ${fileName}`', '`下载 ${fileName}`'],
  ['`Expand all (${values.length - 1})`', '`全部展开（${values.length - 1}）`'],
  ['`Remove list item ${itemIndex + 1}`', '`删除第 ${itemIndex + 1} 行`']
];

export default {
  [EDITOR]: [...SENTENCES, ...quoted(EDITOR, editor, SENTENCES)],
  [VIEWER]: [...SHOWN, ...quoted(VIEWER, viewer, SHOWN)]
};

// Every string literal that is one of the words, in either kind of quotes, once the sentences are replaced.
function quoted(file, words, sentences) {
  const whole = readFileSync(new URL(`../../node_modules/${file}`, import.meta.url), 'utf-8');
  const source = sentences.reduce((text, [english]) => text.replaceAll(english, ''), whole);
  return Object.entries(words).flatMap(([english, chinese]) => {
    const found = [`'${english.replaceAll("'", "\\'")}'`, JSON.stringify(english)].map(literal => [literal, source.split(literal).length - 1]);
    if (found.every(([, times]) => !times)) throw new Error(`${file} does not say this any more: ${english}`);
    return found.filter(([, times]) => times).map(([literal, times]) => [literal, JSON.stringify(chinese), times]);
  });
}
