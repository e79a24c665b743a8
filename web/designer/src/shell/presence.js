// Who else has the draft open. The page says every few seconds that it is there, and that it leaves.
const WINDOW = crypto.randomUUID?.() ?? String(Math.random()).slice(2);

export class Presence {
  #server;
  #path = '';
  #heard;

  constructor(server, everySeconds, heard) {
    this.#server = server;
    this.#heard = heard;
    setInterval(() => this.tell(), everySeconds * 1000);
    window.addEventListener('pagehide', () => {
      this.#server.post('presence', { window: WINDOW, leaving: true }, { keepalive: true }).catch(() => undefined);
    });
  }

  at(path) {
    this.#path = path;
    return this.tell();
  }

  async tell() {
    if (document.visibilityState === 'hidden') return;
    try {
      await this.#heard(await this.#server.post('presence', { window: WINDOW, path: this.#path }));
    } catch {
      // saving tells when the server is away; who is there can wait
    }
  }
}
