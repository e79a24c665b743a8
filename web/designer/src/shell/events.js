// Who wants to hear of what. Events of the shell:
//   opened  {path, kind, editor}   an editor shows a file
//   changed {path, text}           the text changed and was not saved yet (a moment after the last change)
//   saved   {path, sha256}         the text is a version of the draft
//   state   {path, state, values}  see document.js
//   files   {files}                the list was read anew
export class Events {
  #listeners = new Map();

  on(name, callback) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(callback));
    return () => listeners.delete(callback);
  }

  emit(name, detail = {}) {
    for (const callback of this.#listeners.get(name) ?? []) {
      try {
        callback(detail);
      } catch (error) {
        console.error(error); // one listener's fault stops neither saving nor the other listeners
      }
    }
  }
}
