// Stands in for @camunda/feel-builtins while bundling: the editor knows only the functions it is given (feel.js fills the list).
export const camundaBuiltins = [];
export const camundaReservedNameBuiltins = [];
export const feelBuiltins = [];
