// The list of problems below the editor: asked for after every change, newest answer only; a click goes to the place.
(() => {
  const WAIT_MS = 100; // the shell tells of a change 300 ms after the last one
  const root = document.getElementById("problems");
  if (!root) return;
  const words = JSON.parse(root.dataset.words);
  const ORDER = ["error", "warning", "hint"];
  let shell = null;
  let timer = 0;
  let asked = 0;
  let marked = new Set();
  let listed = "";
  let open = true;

  const node = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter(Boolean));
    return made;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const told = node("p", { className: "problems-told", role: "status" });
  told.setAttribute("aria-live", "polite");
  const toggle = node("button", { type: "button", className: "small link", textContent: words.hide });
  toggle.setAttribute("aria-expanded", "true");
  const all = node("a", { href: root.dataset.all, textContent: words.all });
  const list = node("ul", { className: "problems-list" });
  root.append(node("div", { className: "problems-head" }, told, node("span", {}, all, " ", toggle)), list);
  told.textContent = words.checking;

  toggle.addEventListener("click", () => {
    open = !open;
    list.hidden = !open;
    toggle.textContent = open ? words.hide : words.show;
    toggle.setAttribute("aria-expanded", String(open));
  });

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, WAIT_MS);
  };

  async function check() {
    const turn = ++asked;
    let answer;
    try {
      const unsaved = shell.readOnly ? {} : await shell.unsaved();
      answer = await shell.server.post("check", unsaved);
    } catch {
      if (turn === asked) told.textContent = words.failed;
      return;
    }
    if (turn === asked) show(answer); // else something newer is under way
  }

  function show({ problems, counts, ms }) {
    root.dataset.ms = ms;
    const shown = problems.filter(one => !one.silenced);
    const news = JSON.stringify(shown);
    if (news !== listed) renew(shown); // else somebody may be about to press one
    listed = news;
    const text = shown.length ? fill(words.counts, counts) : words.none;
    const whole = counts.silenced ? `${text}　${fill(words.silenced, counts)}` : text;
    if (told.textContent !== whole) told.textContent = whole;
    mark(shown);
  }

  function renew(shown) {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    list.replaceChildren(...shown.map(item));
    if (focused) [...list.querySelectorAll("[data-key]")].find(one => one.dataset.key === focused)?.focus();
  }

  function mark(shown) {
    const byFile = new Map();
    for (const one of shown) {
      const found = byFile.get(one.file) ?? [];
      found.push({ element: one.cell || one.element, severity: one.severity, text: one.text });
      if (one.cell) found.push({ element: one.element, severity: one.severity, text: one.text });
      byFile.set(one.file, found);
    }
    for (const path of marked) if (!byFile.has(path)) shell.mark(path, []);
    for (const [path, found] of byFile) shell.mark(path, found);
    marked = new Set(byFile.keys());
  }

  function item(one) {
    const key = [one.rule, one.file, one.element, one.cell].join(" ");
    const go = node(
      "button",
      { type: "button", className: "problems-go" },
      node("span", { className: `badge ${{ error: "bad", warning: "warn" }[one.severity] ?? "info"}`, textContent: one.severity_word }),
      node("span", { className: "text", textContent: one.text }),
      node("small", { textContent: one.file.split("/").pop() })
    );
    go.dataset.key = key;
    go.dataset.rule = one.rule;
    go.dataset.element = one.element;
    go.addEventListener("click", () => shell.jump({ path: one.file, element: one.element, cell: one.cell, line: one.line }).catch(error => shell.trouble?.(error)));
    const about = node("a", { href: one.about, target: "_blank", textContent: words.about });
    const more = node("p", { className: "problems-more" }, node("span", { textContent: words.fix + one.fix + " " }), about);
    if (one.outdated) more.append(node("span", { className: "soft", textContent: ` ${words.reopened}${one.outdated.reason}` }));
    if (root.dataset.maySilence && !one.fixed) {
      const quiet = node("button", { type: "button", className: "small link", textContent: words.silence });
      quiet.addEventListener("click", () => silence(one));
      more.append(" ", quiet);
    }
    return node("li", {}, go, more);
  }

  function silence(one) {
    const reason = node("textarea", { rows: 3, required: true, maxLength: 2000, id: "silence-reason" });
    const label = node("label", { htmlFor: "silence-reason", textContent: words.reason });
    const wrong = node("p", { className: "error", role: "alert" });
    const keep = node("button", { className: "primary", textContent: words.keep });
    const cancel = node("button", { type: "button", textContent: words.cancel });
    const form = node("form", { method: "dialog" }, node("h2", { textContent: words.silenceTitle }), node("p", { textContent: one.text }), label, reason, wrong, node("div", { className: "submit" }, keep, cancel));
    const dialog = node("dialog", { className: "shell-dialog" }, form);
    const close = () => {
      dialog.close();
      dialog.remove();
    };
    cancel.addEventListener("click", close);
    dialog.addEventListener("cancel", () => setTimeout(close));
    form.addEventListener("submit", async event => {
      event.preventDefault();
      keep.disabled = true;
      try {
        if (!(await shell.save())) throw new Error(words.saveFirst);
        await shell.server.post("silence", { rule: one.rule, file: one.file, element: one.element, cell: one.cell ?? "", reason: reason.value });
        close();
        soon();
      } catch (error) {
        wrong.textContent = error.message;
        keep.disabled = false;
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    reason.focus();
  }

  list.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...list.querySelectorAll(".problems-go")];
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
  });

  function begin(found) {
    if (shell) return;
    shell = found;
    for (const name of ["opened", "changed", "saved"]) shell.on(name, soon);
    soon();
  }

  if (window.Bixuan?.shell) begin(window.Bixuan.shell);
  else document.addEventListener("bixuan:shell", event => begin(event.detail));
})();
