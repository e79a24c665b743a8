// What the server answers by itself never takes away what somebody is doing at that moment: the answer was made before.
"use strict";
(() => {
  const NOT_TYPED = ["hidden", "file", "submit", "button"];
  const typed = (controls) => [...controls].filter((one) => one.name && !NOT_TYPED.includes(one.type));
  const value = (one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value);

  // a field that was changed since the form was sent stays; the change is sent too, and its answer brings the field's new look
  const sent = new WeakMap();
  let answered = null;
  document.addEventListener("htmx:beforeSend", ({ target, detail }) => {
    const form = target.closest("form");
    if (form) sent.set(detail.xhr, new Map(typed(form.elements).map((one) => [one, value(one)])));
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const controls = typed(detail.target.querySelectorAll("[name]"));
    if (answered && controls.some((one) => answered.has(one) && answered.get(one) !== value(one))) detail.shouldSwap = false;
  });

  // a button stays between being pressed and let go: taken away in between, it would not have been pressed at all
  const asksAgain = (region) => (region.getAttribute("hx-trigger") ?? "").startsWith("every"); // so that nothing is lost
  let pressed = null;
  document.addEventListener("pointerdown", ({ target }) => { pressed = target; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressed = null; }), true);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    answered = sent.get(detail.xhr) ?? null;
    if (pressed && detail.target.contains(pressed) && asksAgain(detail.requestConfig.elt)) detail.shouldSwap = false;
  });
})();
