// A form filled in on site: what is typed and photographed stays on the phone until the server has said that it arrived.
// Kept in IndexedDB, one record a person and task: draft → queued → arrived | refused (to be corrected) | gone (not needed any more).
"use strict";
(() => {
  const place = document.getElementById("onsite");
  if (!place || !window.indexedDB) return;
  const about = place.dataset, words = JSON.parse(about.words), form = place.querySelector("form");
  const own = form ? `${about.login}/${about.key}` : null;
  const panel = place.querySelector(".onsite-state"), LARGEST = 50 * 1024 * 1024, KEPT_DAYS = 30;
  const channel = window.BroadcastChannel ? new BroadcastChannel("bixuan-onsite") : null;
  let rev = 0, stopped = false, sending = null, wait = 4000, timer = null, later = null, note = "", online = navigator.onLine, busy = Promise.resolve();
  const photos = {};

  // --- what the phone keeps

  const database = new Promise((done, fail) => {
    const asked = indexedDB.open("bixuan-onsite", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("forms", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

  /** Read, change and write one record in one transaction. `how` gives the record to write, null to delete it, undefined to leave it. */
  async function change(id, how) {
    const store = (await database).transaction("forms", "readwrite").objectStore("forms");
    const result = await new Promise((done, fail) => {
      let made, refused;
      const got = store.get(id);
      got.onsuccess = () => {
        try {
          made = how(got.result);
          if (made === null) store.delete(id);
          else if (made !== undefined) store.put(made);
        } catch (error) { refused = error; store.transaction.abort(); }
      };
      store.transaction.oncomplete = () => done(made);
      store.transaction.onabort = () => fail(refused || store.transaction.error);
    });
    if (channel && result !== undefined) channel.postMessage(id);
    return result;
  }

  async function all() {
    const asked = (await database).transaction("forms").objectStore("forms").getAll();
    return new Promise((done, fail) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => fail(asked.error); });
  }

  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const time = (at) => new Date(at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const count = (record) => Object.values(record.photos || {}).reduce((sum, some) => sum + some.length, 0);

  // --- the form

  class Stale extends Error {}
  const SETTLED = ["queued", "arrived", "gone"]; // nothing is written in the form any more

  function typed() {
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("_") && name !== "csrf_token" && name !== "command_id");
  }

  function readable() {
    return [...form.querySelectorAll(".field")].map((field) => {
      const label = field.querySelector("legend, label, .label"), ticked = [...field.querySelectorAll("input:checked")];
      const input = field.querySelector("textarea, select, input:not([type=hidden]):not([type=file]):not([type=radio]):not([type=checkbox])");
      const value = ticked.length ? ticked.map((one) => one.parentElement.textContent.trim()).join("、")
        : !input ? "" : input.tagName === "SELECT" ? (input.value && input.selectedOptions[0].textContent) : input.value;
      return [label ? label.textContent.trim() : "", value];
    }).filter(([label, value]) => label && value);
  }

  /** Write what stands in the form. Fails with Stale when another tab wrote since this one last did. */
  function keep(state) {
    busy = busy.then(async () => {
      if (stopped) return;
      try {
        const made = await change(own, (old) => {
          if ((old ? old.rev : 0) !== rev) throw new Stale();
          if (old && SETTLED.includes(old.state)) return undefined;
          return { ...old, id: own, login: about.login, name: about.name, key: about.key, title: about.title, case: about.case,
            rev: rev + 1, state, changed: Date.now(), tries: 0, values: typed(), lines: readable(), photos: { ...photos }, errors: {}, text: "",
            command: old && old.state !== "refused" ? old.command : old ? random() : form.elements.command_id.value };
        });
        if (made) { rev += 1; note = ""; }
      } catch (error) {
        if (error instanceof Stale) stale();
        else { console.warn(error); note = words.full; }
      }
      await draw();
    });
    return busy;
  }

  function stale() {
    stopped = true;
    lock(true);
    const again = button(words.reload, () => location.reload());
    say("refused", words.stale, [again]);
  }

  const fields = form && form.querySelector("[data-all]");
  const lock = (is) => { fields.disabled = is; };

  function fill(record) {
    const by = new Map();
    for (const [name, value] of record.values) by.set(name, [...(by.get(name) || []), value]);
    for (const input of form.querySelectorAll("input, textarea, select")) {
      if (!input.name || input.name.startsWith("_") || input.type === "hidden") continue;
      const given = by.get(input.name);
      if (input.type === "checkbox" || input.type === "radio") input.checked = !!given && given.includes(input.value);
      else if (given) input.value = given[given.length - 1];
    }
    for (const [path, some] of Object.entries(record.photos)) photos[path] = some;
    for (const picker of form.querySelectorAll("input[type=file]")) showPhotos(picker);
    wrong(record.errors || {});
  }

  function wrong(errors) {
    for (const old of form.querySelectorAll(".onsite-error")) old.remove();
    for (const field of form.querySelectorAll(".field.wrong")) field.classList.remove("wrong");
    let first = null;
    for (const [path, sentences] of Object.entries(errors)) {
      const input = form.querySelector(`[name="${CSS.escape(path)}"], [data-path="${CSS.escape(path)}"]`);
      const field = input ? input.closest(".field, fieldset") : form.querySelector(".fields");
      for (const sentence of sentences) field.append(text("p", "error onsite-error", sentence));
      field.classList.add("wrong");
      first = first || input;
    }
    if (first) first.focus();
  }

  /** Sentences by path for what must be filled in and is not: asked on the phone, because the server is far. */
  function missing() {
    const errors = {}, named = typed();
    for (const input of form.querySelectorAll("[aria-required=true]")) {
      const path = input.dataset.path || input.name;
      if (input.closest("[hidden]")) continue;
      const has = input.type === "file" ? (photos[path] || []).length || named.some(([name, value]) => name === path && value) : input.type === "checkbox" ? input.checked : input.value.trim();
      if (!has) errors[path] = [words.missing];
    }
    for (const legend of form.querySelectorAll("fieldset.field > legend.must")) {
      const box = legend.parentElement.querySelector("input[type=radio], input[type=checkbox]");
      if (box && !legend.parentElement.querySelector("input:checked")) errors[box.name] = [words.missing];
    }
    return errors;
  }

  // --- photos

  async function smaller(file) {
    if (!/^image\//.test(file.type)) return { blob: file, name: file.name };
    let picture;
    try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch (error) { return { blob: file, name: file.name }; }
    const drawn = (edge) => {
      const scale = Math.min(1, edge / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      const ground = canvas.getContext("2d");
      ground.fillStyle = "#fff";
      ground.fillRect(0, 0, canvas.width, canvas.height);
      ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas;
    };
    let blob;
    for (const [part, quality] of [[1, 0.86], [1, 0.7], [1, 0.5], [0.75, 0.6], [0.5, 0.6], [0.4, 0.4]]) {
      const canvas = drawn(Number(about.edge) * part);
      blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob.size <= Number(about.bytes)) break;
    }
    const thumb = drawn(264).toDataURL("image/jpeg", 0.6);
    picture.close();
    return { blob, thumb, name: file.name.replace(/\.[^.]+$/, "") + ".jpg" };
  }

  async function take(picker) {
    const path = picker.dataset.path, given = [...picker.files];
    picker.value = "";
    for (const file of given) {
      if (file.size > LARGEST) { note = words.too_large + file.name; continue; }
      const made = await smaller(file);
      const some = photos[path] || [], taken = new Set(some.map((one) => one.name));
      let name = made.name;
      for (let n = 2; taken.has(name); n += 1) name = made.name.replace(/(\.[^.]*)?$/, `-${n}$1`);
      photos[path] = [...some, { id: random(), name, blob: made.blob, thumb: made.thumb || "", size: made.blob.size, from: file.size }];
    }
    showPhotos(picker);
    await keep("draft");
  }

  function showPhotos(picker) {
    const path = picker.dataset.path, list = picker.nextElementSibling;
    list.replaceChildren(...(photos[path] || []).map((one) => {
      const item = document.createElement("li");
      item.append(...pictured(one), button(words.remove, () => {
        photos[path] = photos[path].filter((other) => other.id !== one.id);
        showPhotos(picker);
        keep("draft");
      }));
      return item;
    }));
  }

  function pictured(one) {
    const parts = [];
    if (one.thumb) { const image = new Image(); image.src = one.thumb; image.alt = one.name; parts.push(image); }
    const kb = (size) => `${Math.max(1, Math.round(size / 1024))} KB`;
    parts.push(text("span", "", `${one.name}　${one.from > one.size ? `${kb(one.from)} → ` : ""}${kb(one.size)}　`));
    return parts;
  }

  // --- sending

  async function flush() {
    clearTimeout(timer);
    if (sending) return;
    const work = async () => { for (const record of await all()) if (record.state === "queued") await post(record); };
    sending = navigator.locks ? navigator.locks.request("bixuan-onsite-sending", { ifAvailable: true }, (held) => held && work()) : work();
    try { await sending; } finally { sending = null; }
    const left = (await all()).some((record) => record.state === "queued" && record.login === about.login);
    if (left && note !== words.expired) { timer = setTimeout(flush, wait); wait = Math.min(wait * 2, 60000); }
    await draw();
  }

  async function post(record) {
    const me = await whoami();
    if (!me) return;
    if (me.login !== record.login) { if (record.login === about.login) note = words.other + me.name; return; }
    const body = new FormData();
    body.append("command_id", record.command);
    for (const [name, value] of record.values) body.append(name, value);
    for (const [path, some] of Object.entries(record.photos)) for (const one of some) body.append(path, one.blob, one.name);
    let answer, told;
    if (!(await mark(record, { tries: record.tries + 1 }))) return; // taken back in another tab, or sent by it
    note = words.sending;
    await draw();
    try {
      answer = await fetch(`/onsite/${record.key}`, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": me.csrf, Accept: "application/json" } });
      told = /json/.test(answer.headers.get("Content-Type") || "") ? await answer.json() : null;
    } catch (error) { note = words.retry; return; }
    note = "";
    if (told && told.state === "arrived") {
      await change(record.id, (old) => ({ id: old.id, login: old.login, key: old.key, title: old.title, case: old.case, rev: old.rev + 1, state: "arrived", changed: Date.now(), address: told.address }));
      await forget(record.key);
    } else if (told && (told.state === "refused" || told.state === "gone")) {
      await mark(record, { state: told.state, text: told.text || "", errors: told.errors || {} });
    } else if (answer.status === 413) await mark(record, { state: "refused", text: words.too_large });
    else note = answer.type === "opaqueredirect" ? words.expired : words.retry;
    if (own === record.id) await reread();
  }

  /** Write `changes` into a record that still waits to be sent; whether it did. */
  async function mark(record, changes) {
    if (!(await change(record.id, (old) => (old && old.state === "queued" ? { ...old, ...changes, rev: old.rev + 1 } : undefined)))) return false;
    Object.assign(record, changes);
    if (own === record.id) rev += 1;
    return true;
  }

  async function whoami() {
    try {
      const answer = await fetch(about.me, { credentials: "same-origin", redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
      online = true;
      if (answer.type === "opaqueredirect") { note = words.expired; return null; }
      if (answer.ok) return await answer.json();
      note = words.retry;
    } catch (error) { online = false; note = ""; }
    return null;
  }

  /** Back from the queue to be changed: only when it cannot have arrived, or the server says that the task is still open. */
  async function recall() {
    await sending; // it may arrive right now
    const record = (await all()).find((one) => one.id === own);
    if (!record || record.state !== "queued") return;
    if (record.tries > 0) {
      const answer = await fetch(`/onsite/${about.key}`, { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => null);
      if (!answer || !answer.ok) { note = words.maybe; await draw(); return; }
    }
    await mark(record, { state: "draft", tries: 0 });
    await reread();
  }

  // --- what is seen

  const text = (tag, name, said) => Object.assign(document.createElement(tag), { className: name, textContent: said });
  function button(label, act) {
    const made = text("button", "small", label);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function say(state, sentence, acts = []) {
    panel.className = `card onsite-state ${state}${online ? "" : " offline"}`;
    panel.querySelector("[data-net]").textContent = online ? words.online : words.offline;
    const line = panel.querySelector("[data-state]");
    if (line.textContent !== sentence) line.textContent = sentence;
    const row = panel.querySelector("[data-acts]");
    row.hidden = acts.length === 0;
    const labels = (nodes) => [...nodes].map((one) => one.textContent).join("\n");
    if (labels(row.children) !== labels(acts)) row.replaceChildren(...acts); // somebody may be about to press one
  }

  function sentence(record) {
    const kept = ["draft", "queued"].includes(record.state) ? `${words.kept} ${time(record.changed)}${count(record) ? `（${count(record)} ${words.photos}）` : ""}。` : "";
    const more = record.state === "arrived" ? ` ${time(record.changed)}` : record.text ? `：${record.text}` : "";
    return `${words[record.state]}${more}${kept ? "　" + kept : ""}${note ? "　" + note : ""}`;
  }

  function acts(record) {
    const made = [];
    if (note === words.expired || note.startsWith(words.other)) made.push(link(words.login, about.loginAddress));
    if (record && record.state === "queued" && form) made.push(button(words.recall, recall));
    if (record && record.state === "arrived") made.push(link(words.open, record.address));
    return made;
  }

  const link = (label, address) => Object.assign(text("a", "button small", label), { href: address });

  async function draw() {
    if (stopped) return;
    const records = await all();
    if (form) {
      const record = records.find((one) => one.id === own);
      lock(!!record && SETTLED.includes(record.state));
      say(record ? record.state : "", record ? sentence(record) : `${words.none}。${note}`, acts(record));
    } else {
      const mine = records.filter((one) => one.login === about.login), waiting = mine.filter((one) => one.state === "queued").length;
      say(waiting ? "queued" : "", note || (waiting ? `${words.queued}：${waiting}` : ""), acts(null));
      list(mine, records.filter((one) => one.login !== about.login && one.state !== "arrived").length);
    }
  }

  function list(mine, others) {
    const shown = place.querySelector("[data-list]");
    if (shown.contains(document.activeElement)) return; // somebody is about to press something
    const open = new Set([...shown.querySelectorAll("details[open]")].map((one) => one.dataset.id));
    const items = mine.sort((one, other) => other.changed - one.changed).map((record) => {
      const item = document.createElement("li");
      item.append(text("b", "", record.title), text("span", "soft", `　${record.case}`), document.createElement("br"), text("span", "", sentence({ ...record })), document.createElement("br"));
      if (["draft", "refused", "queued"].includes(record.state)) item.append(link(words.open, `/onsite/${record.key}`), " ");
      if (record.state === "arrived") item.append(link(words.open, record.address), " ");
      if (record.state === "gone") item.append(...whole(record, open));
      if (record.state !== "queued") item.append(remover(record));
      return item;
    });
    if (others) items.push(text("li", "soft", `${words.others}${others}`));
    shown.replaceChildren(...(items.length ? items : [text("li", "soft", words.empty)]));
  }

  function whole(record, open) {
    const box = document.createElement("details"), lines = text("dl", "lines", "");
    box.dataset.id = record.id;
    box.open = open.has(record.id);
    for (const [label, value] of record.lines) lines.append(text("dt", "", label), text("dd", "", value));
    box.append(text("summary", "", `${record.lines.length} · ${count(record)} ${words.photos}`), lines);
    for (const one of Object.values(record.photos).flat()) box.append(button(`${words.save_photo} ${one.name}`, () => download(one.blob, one.name)), " ");
    const written = new Blob([[`${record.title} ${record.case}`, ...record.lines.map((line) => line.join("："))].join("\r\n")], { type: "text/plain;charset=utf-8" });
    return [box, button(words.export, () => download(written, `${record.title}-${record.key}.txt`)), " "];
  }

  function download(blob, name) {
    const address = URL.createObjectURL(blob), made = Object.assign(document.createElement("a"), { href: address, download: name });
    made.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  function remover(record) {
    const made = button(words.remove, async () => {
      if (record.state !== "arrived" && made.textContent !== words.sure) { made.textContent = words.sure; return; }
      made.blur();
      await change(record.id, () => null);
      await draw();
    });
    return made;
  }

  async function reread() {
    const record = (await all()).find((one) => one.id === own);
    if (!record) return;
    rev = record.rev;
    if (record.values) fill(record);
    await draw();
  }

  // --- opening the page without a network

  async function fetchable() {
    if (!navigator.serviceWorker || !window.caches) return;
    await navigator.serviceWorker.register(about.worker, { scope: "/onsite/" });
    const assets = await caches.open("onsite-assets"), pages = await caches.open("onsite-pages");
    const wanted = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], .rail img")].map((one) => one.href || one.src);
    for (const old of await assets.keys()) if (!wanted.includes(old.url)) await assets.delete(old);
    for (const address of wanted) if (!(await assets.match(address))) await assets.add(address);
    const tasks = [...place.querySelectorAll("[data-task]")], now = new Set(["/onsite/", ...tasks.map((one) => `/onsite/${one.dataset.task}`)]);
    for (const record of await all()) if (record.state !== "arrived") now.add(`/onsite/${record.key}`);
    if (form) now.add(location.pathname);
    else for (const old of await pages.keys()) if (!now.has(new URL(old.url).pathname)) await pages.delete(old);
    for (const path of form ? [location.pathname, "/onsite/"] : now) {
      const answer = await fetch(path, { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => null);
      if (answer && answer.ok) await pages.put(path, answer);
    }
    for (const task of tasks) task.querySelector("[data-ready]").textContent = (await pages.match(`/onsite/${task.dataset.task}`)) ? words.ready : words.not_ready;
    if (form) place.dataset.ready = "";
  }

  const forget = async (key) => { if (window.caches) await (await caches.open("onsite-pages")).delete(`/onsite/${key}`); };

  async function tidy() {
    const before = Date.now() - KEPT_DAYS * 86400000;
    for (const record of await all()) if (record.state === "arrived" && record.changed < before) await change(record.id, () => null);
  }

  // --- begin

  if (form) {
    for (const picker of form.querySelectorAll("input[type=file]")) {
      picker.dataset.path = picker.name;
      picker.removeAttribute("name");
      picker.after(text("ul", "onsite-photos", ""));
      picker.addEventListener("change", (event) => { event.stopPropagation(); take(picker); });
    }
    const changed = () => {
      if (fields.disabled) return; // the field one stands in says that it changed when it is locked, too
      clearTimeout(later); later = setTimeout(() => { later = null; keep("draft"); }, 250);
    };
    form.addEventListener("input", (event) => { if (event.target.type !== "file") changed(); });
    form.addEventListener("change", (event) => { if (event.target.type !== "file") changed(); });
    form.addEventListener("click", (event) => {
      const pressed = event.target.closest("button[name=_action]");
      if (!pressed) return;
      event.preventDefault();
      if (pressed.value.startsWith("unfile:")) { pressed.closest("li").remove(); changed(); }
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(later);
      later = null;
      const errors = missing();
      wrong(errors);
      if (Object.keys(errors).length) { await keep("draft"); note = words.incomplete; await draw(); return; }
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
      await keep("queued");
      wait = 4000;
      await flush();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden && later) { clearTimeout(later); later = null; keep("draft"); } });
  }
  if (channel) channel.addEventListener("message", async ({ data }) => {
    if (form && data === own && !sending) {
      const record = (await all()).find((one) => one.id === own);
      if (record && record.rev !== rev && record.state !== "draft") await (later ? stale() : reread()); // what was typed here just now is not replaced
    }
    await draw();
  });
  window.addEventListener("online", () => { online = true; wait = 4000; flush(); });
  window.addEventListener("offline", () => { online = false; draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  (async () => {
    await tidy();
    if (form) await reread();
    await draw();
    place.dataset.begun = "";
    fetchable().catch((error) => console.warn(error));
    await flush();
  })();
})();
