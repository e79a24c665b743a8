// Print buttons, and a form that is sent once: pages work without any of it.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[data-sending]").textContent = form.dataset.once;
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });
}
window.addEventListener("pageshow", (shown) => {
  if (!shown.persisted) return;
  for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
});
