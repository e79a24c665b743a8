// The Chinese words of the editors: a module for diagram-js that translates every text a library asks for.

/** A translating module for diagram-js. Tables are {English: Chinese}; later ones win; a text found in none stays as it is. */
export function chinese(...tables) {
  const words = Object.assign({}, ...tables);
  return { translate: ['value', (text, values) => filled(words[text] ?? text, values)] };
}

function filled(text, values = {}) {
  return text.replace(/{([^}]+)}/g, (whole, name) => (name in values ? values[name] : whole));
}
