// The contribution to a draw: made here, kept by the person, never sent before the reveal. Works without a secure context,
// where crypto.subtle is missing, so SHA-256 is written out (FIPS 180-4).
"use strict";
(() => {
  const K = [];
  const H = [];
  for (let n = 2; K.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    const part = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
    if (H.length < 8) H.push(part(Math.sqrt(n)));
    K.push(part(Math.cbrt(n)));
  }
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  function sha256(text) {
    const bytes = new TextEncoder().encode(text);
    const size = ((bytes.length + 9 + 63) >> 6) << 6;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 4, bytes.length * 8);
    const h = H.slice();
    const w = new Uint32Array(64);
    for (let at = 0; at < size; at += 64) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const a = w[i - 15];
        const b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      const s = h.slice();
      for (let i = 0; i < 64; i += 1) {
        const t1 = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i]) | 0;
        const t2 = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
        s.unshift((t1 + t2) | 0);
        s.pop();
        s[4] = (s[4] + t1) | 0;
      }
      for (let i = 0; i < 8; i += 1) h[i] = (h[i] + s[i]) | 0;
    }
    return h.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
  }

  function random() {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function committing(form) {
    const part = (name) => form.querySelector(`[data-draw-${name}]`);
    const { prefix, purchase, round, contributor, number } = form.dataset;
    const typed = part("typed");
    let code = "";
    function make() {
      code = random();
      const hash = sha256([prefix, purchase, round, contributor, code].join("\n"));
      part("code").textContent = code;
      part("hash").textContent = hash;
      form.elements.commitment.value = hash;
      part("kept").checked = false;
    }
    typed.hidden = true;
    typed.querySelector("textarea").disabled = true;
    part("made").hidden = false;
    part("kept").disabled = false;
    part("again").addEventListener("click", make);
    part("print").addEventListener("click", () => window.print());
    part("copy").addEventListener("click", async (event) => {
      const button = event.currentTarget;
      try {
        await navigator.clipboard.writeText(code);
      } catch {
        const range = document.createRange();
        range.selectNodeContents(part("code"));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.execCommand("copy");
      }
      button.textContent = button.dataset.done;
    });
    part("save").addEventListener("click", () => {
      const text = JSON.stringify({ draw: number, purchase, round: Number(round), contributor, contribution: code }, null, 2);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = `${number}-${contributor.replace(":", "-")}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    make();
  }

  function revealing(form) {
    const pick = form.querySelector("[data-draw-pick]");
    pick.hidden = false;
    pick.querySelector("input").addEventListener("change", async (event) => {
      const file = event.currentTarget.files[0];
      if (!file || file.size > 10000) return;
      const text = await file.text();
      let code = text.trim();
      try {
        code = JSON.parse(text).contribution || code;
      } catch {
        // a plain text file holds nothing but the code
      }
      form.elements.contribution.value = code;
    });
  }

  for (const form of document.querySelectorAll("[data-draw=commit]")) committing(form);
  for (const form of document.querySelectorAll("[data-draw=reveal]")) revealing(form);
})();
