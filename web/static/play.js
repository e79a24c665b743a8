// Play: paints the run on the diagram after every press, and keeps the run in this browser until it ends or is dropped.
(function () {
  "use strict";
  var drawing = document.getElementById("play-drawing"), kept = document.getElementById("play-kept");
  if (!drawing) return;
  var key = "bixuan.play." + kept.dataset.key, viewer = null, shown = "", turn = Promise.resolve();

  function panel() { return document.getElementById("play"); }
  function store(value) {
    try {
      if (value === undefined) return window.localStorage.getItem(key);
      if (value === null) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, value);
    } catch (error) { /* a browser that keeps nothing: the run is still in the page */ }
    return null;
  }

  function read(address) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + address);
      return answer.json();
    });
  }

  function open(address) {
    if (address === shown) return Promise.resolve(viewer);
    return read(address).then(function (file) {
      if (viewer) viewer.destroy();
      viewer = null;
      drawing.textContent = "";
      return window.Bixuan.diagram.view(drawing, { xml: file.content });
    }).then(function (made) { viewer = made; shown = address; return made; });
  }

  function paint(marks) {
    viewer.clear();
    Object.keys(marks).forEach(function (name) {
      marks[name].forEach(function (id) { viewer.addMarker(id, "play-" + name); });
    });
    var counted = {};
    marks.waiting.forEach(function (id) { counted[id] = (counted[id] || 0) + 1; });
    Object.keys(counted).forEach(function (id) {
      var token = document.createElement("span");
      token.className = "play-token";
      token.textContent = counted[id] > 1 ? counted[id] : "";
      viewer.overlay(id, token, { top: -9, left: -9 });
    });
  }

  function draw() {
    var form = panel();
    if (!form || !form.dataset.marks) { drawing.hidden = true; return; }
    drawing.hidden = false;
    var marks = JSON.parse(form.dataset.marks), address = form.dataset.diagram;
    drawing.dataset.ready = "";
    turn = turn.then(function () { return open(address); }).then(function () {
      paint(marks);
      drawing.dataset.ready = form.dataset.step;
    }).catch(function (error) {
      drawing.textContent = drawing.dataset.failed;
      drawing.dataset.ready = "failed";
      console.error(error);
    });
  }

  function keep() {
    var form = panel(), run = form && form.querySelector("[name=_run]");
    if (!form || !run) return;
    if (form.dataset.marks) store(run.value);
  }

  function offer() {
    var form = panel();
    if (store() && form && form.hasAttribute("data-begin")) kept.hidden = false;
  }

  kept.addEventListener("click", function (event) {
    var what = event.target.dataset.kept;
    if (!what) return;
    kept.hidden = true;
    if (what === "drop") { store(null); return; }
    var form = panel(), field = form.querySelector("[name=_run]") || document.createElement("input");
    field.type = "hidden";
    field.name = "_run";
    field.value = store();
    var press = document.createElement("button");
    press.name = "_do";
    press.value = "look";
    press.hidden = true;
    form.append(field, press);
    press.click();
  });

  // what was folded open stays open, and what was closed closed
  var folds = {};
  document.addEventListener("htmx:beforeSwap", function () {
    document.querySelectorAll("#play details[data-fold]").forEach(function (fold) { folds[fold.dataset.fold] = fold.open; });
  });
  function unfold() {
    document.querySelectorAll("#play details[data-fold]").forEach(function (fold) {
      if (fold.dataset.fold in folds) fold.open = folds[fold.dataset.fold];
    });
  }

  document.addEventListener("htmx:beforeRequest", function () { kept.hidden = true; });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (!panel() || (event.target !== panel() && event.target.id !== "play")) return;
    keep();
    unfold();
    draw();
    var wrong = panel().querySelector("[role=alert], [aria-invalid=true]") || document.getElementById("play-status");
    if (wrong && (!document.activeElement || document.activeElement === document.body)) {
      if (!wrong.hasAttribute("tabindex")) wrong.setAttribute("tabindex", "-1");
      wrong.focus({ preventScroll: false });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || event.shiftKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    var undo = panel().querySelector("button[value^='undo:']:not([disabled])");
    if (undo) { event.preventDefault(); undo.click(); }
  });

  keep();
  offer();
  draw();
})();
