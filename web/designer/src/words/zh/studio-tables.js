// What our own parts of the table editor say.
export const words = {
  views: '决策模型的各部分',
  drd: '决策关系图',
  decisionTable: '决策表',
  literalExpression: '公式',
  boxedExpression: '函数',
  description: '说明',
  annotationName: '注释列的名称',
  addAnnotation: '增加注释列',
  newAnnotation: '依据',
  unread: (line, cause) => `第 ${Number(line) + 1} 行起有编辑器看不懂的内容（${cause}）。请在源码里改好。`,
  find: '在表中查找',
  found: (place, all) => (all ? `第 ${place} 处，共 ${all} 处` : '没有找到')
};
