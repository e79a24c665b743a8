// Unsaved text on this computer, for when the page or the computer dies before the server has it.
// localStorage is written at once, also while a page is closing; what is too large for it goes to IndexedDB.
const PREFIX = 'bixuan-studio';

const local = (() => {
  try {
    return window.localStorage;
  } catch {
    return null; // switched off in this browser
  }
})();

export class Recovery {
  #prefix;

  constructor(login, draft) {
    this.#prefix = `${PREFIX}:${login}:${draft}:`;
  }

  /** record: {text, base, at}. Never throws: without any room the server alone keeps the text. */
  async keep(path, record) {
    const text = JSON.stringify(record);
    try {
      if (local) return void local.setItem(this.#prefix + path, text);
    } catch {
      local.removeItem(this.#prefix + path); // no room: an older text must not pass for the newest
    }
    await large('readwrite', store => store.put(text, this.#prefix + path)).catch(() => undefined);
  }

  async recall(path) {
    const text =
      local?.getItem(this.#prefix + path) ??
      (await large('readonly', store => store.get(this.#prefix + path)).catch(() => undefined));
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  async forget(path) {
    local?.removeItem(this.#prefix + path);
    await large('readwrite', store => store.delete(this.#prefix + path)).catch(() => undefined);
  }

  /** Paths of this draft with unsaved text. */
  async paths() {
    const small = Object.keys(local ?? {}).filter(key => key.startsWith(this.#prefix));
    const keys = (await large('readonly', store => store.getAllKeys()).catch(() => [])) ?? [];
    const found = [...small, ...keys.filter(key => key.startsWith(this.#prefix))];
    return [...new Set(found)].map(key => key.slice(this.#prefix.length));
  }
}

function large(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(PREFIX, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('texts');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('texts', mode, { durability: 'strict' });
      const request = work(transaction.objectStore('texts'));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(request.result);
      };
      transaction.onerror = transaction.onabort = () => {
        opening.result.close();
        reject(transaction.error);
      };
    };
  });
}
