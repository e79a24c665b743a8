// The Chinese words of the editors: a module for diagram-js that translates every text a library asks for.

/** A translating module for diagram-js, see translator. */
export function chinese(...tables) {
  return { translate: ['value', translator(...tables)] };
}

/**
 * translate(text, values) over tables {English: Chinese}; later ones win. Capitals and hyphens make no difference where the text
 * as it stands is not found ("User Task" and "User task" are the same words); a text found in no table stays as it is.
 */
export function translator(...tables) {
  const words = Object.assign({}, ...tables);
  const alike = Object.fromEntries(Object.entries(words).map(([english, chinese]) => [plain(english), chinese]));
  return (text, values) => filled(words[text] ?? alike[plain(String(text))] ?? text, values);
}

function plain(text) {
  return text.toLowerCase().replace(/[-\s]+/g, ' ').trim();
}

function filled(text, values = {}) {
  return String(text).replace(/{([^}]+)}/g, (whole, name) => (name in values ? values[name] : whole));
}
