// Copying in one file and pasting in another: what was copied lies where every page of this office in the same browser finds it.
// (The system's clipboard is not used: browsers give it only to pages served over https.)

const KEY = 'bixuan.diagram.copied';

class SharedClipboard {
  #moddle;
  #own = null; // what this page copied, and its text
  #text = null;

  constructor(moddle) {
    this.#moddle = moddle;
  }

  set(tree) {
    this.#own = tree;
    this.#text = JSON.stringify(tree);
    try {
      localStorage.setItem(KEY, this.#text);
    } catch {
      // no room or no storage: copying still works inside this page
    }
  }

  get() {
    const text = stored();
    if (text === null || text === this.#text) return this.#own;
    return parsed(text, this.#moddle);
  }

  clear() {
    const tree = this.get();
    this.#own = this.#text = null;
    localStorage.removeItem(KEY);
    return tree;
  }

  isEmpty() {
    return !this.get();
  }
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function parsed(text, moddle) {
  const made = new Map(); // elements that several others refer to are made once
  try {
    return JSON.parse(text, (_, value) => {
      if (typeof value?.$type !== 'string') return value;
      if (made.has(value.id)) return made.get(value.id);
      const { $type, ...attributes } = value;
      const element = moddle.create($type, attributes);
      if (value.id) made.set(value.id, element);
      return element;
    });
  } catch {
    return null; // something else lies there
  }
}

SharedClipboard.$inject = ['moddle'];

export default { clipboard: ['type', SharedClipboard] };
