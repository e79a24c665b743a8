// Asking the server. Three things can go wrong, and each is told differently: it refuses, it is away, the login is over.

/** The server answered and will not do it. ``theirs`` is set when somebody else saved first. */
export class Refused extends Error {
  constructor(status, { problem, theirs } = {}) {
    super(problem ?? String(status));
    this.status = status;
    this.theirs = theirs;
  }
}

/** Nobody answered who could have kept it. ``why``: offline, server, signedOut. */
export class Away extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

const SILENCE_MS = 30_000;

export class Server {
  #base;
  #token;

  constructor(base) {
    this.#base = base;
    this.#token = tokenIn(document);
  }

  get(what, query = {}) {
    const found = new URLSearchParams(query).toString();
    return this.#ask(`${this.#base}/${what}${found ? `?${found}` : ''}`, { method: 'GET' });
  }

  /** ``keepalive``: goes on although the page is closed; for small bodies only. */
  post(what, body, { keepalive = false } = {}) {
    return this.#ask(`${this.#base}/${what}`, { method: 'POST', body: JSON.stringify(body), keepalive });
  }

  async #ask(address, request, again = true) {
    const answer = await this.#fetched(address, request);
    if (answer.redirected && new URL(answer.url).pathname === '/login') throw new Away('signedOut');
    if (answer.ok) return read(answer);
    if (answer.status >= 500 || answer.status === 429) throw new Away('server');
    if (answer.status === 400 && again) {
      await this.#renew();
      return this.#ask(address, request, false);
    }
    throw new Refused(answer.status, await answer.json().catch(() => ({})));
  }

  async #fetched(address, request) {
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': this.#token };
    const patience = request.keepalive ? undefined : AbortSignal.timeout(SILENCE_MS);
    try {
      return await fetch(address, { ...request, headers, credentials: 'same-origin', signal: patience });
    } catch {
      throw new Away('offline');
    }
  }

  /** The page's token ends with the login; after a new login in another window this page asks for a new one. */
  async #renew() {
    const answer = await this.#fetched(location.pathname, { method: 'GET' });
    if (answer.redirected) throw new Away('signedOut');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    this.#token = tokenIn(page) || this.#token;
  }
}

function tokenIn(page) {
  return page.querySelector('meta[name=csrf-token]')?.content ?? '';
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    throw new Away('server'); // a page of some proxy, not our answer
  }
}
