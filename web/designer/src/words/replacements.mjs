// file below node_modules → [[what stands there, what shall stand there, how often (1)], …]
export const REPLACEMENTS = {
  '@bpmn-io/feel-editor/dist/index.js': [
    ['builtins = domifiedBuiltins,', 'builtins = camundaBuiltins.slice(),'], // our list, as it is when the field opens
    ['const validFor = /^[\\w ]*$/;', 'const validFor = /^[\\p{L}\\p{N}_ ]*$/u;'], // names may be Chinese
    ['context.matchBefore(/\\w[\\w ]*$/)', 'context.matchBefore(/[\\p{L}_][\\p{L}\\p{N}_ ]*$/u)']
  ]
};
