// A process diagram with numbers and heat on it, or one to choose an element from. Everything stands in data attributes of #diagram.
(function () {
  "use strict";
  var place = document.getElementById("diagram");
  if (!place) return;

  function get(address, read) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + address);
      return answer[read]();
    });
  }

  function each(object, act) { Object.keys(object || {}).forEach(function (id) { act(id, object[id]); }); }

  function label(text, kind, address) {
    var made = document.createElement(address ? "a" : "span");
    made.className = "token " + kind;
    made.textContent = text;
    if (address) made.href = address;
    return made;
  }

  function paint(viewer, marks) {
    var canvas = viewer.get("canvas"), elements = viewer.get("elementRegistry"), overlays = viewer.get("overlays");
    function put(id, position, html) { if (elements.get(id)) overlays.add(id, { position: position, html: html }); }
    each(marks.heat, function (id, level) { if (elements.get(id)) canvas.addMarker(id, "heat-" + level); });
    each(marks.states, function (id, state) { if (elements.get(id)) canvas.addMarker(id, state); });
    each(marks.texts, function (id, text) { put(id, { bottom: 10, left: 4 }, label(text, "time")); });
    each(marks.tokens, function (id, count) { put(id, { top: -12, left: -8 }, label(String(count), "", (marks.links || {})[id])); });
    each(marks.incidents, function (id, count) { put(id, { top: -12, right: 18 }, label("!" + count, "stopped", (marks.links || {})[id])); });
  }

  function picking(viewer) {
    var field = document.getElementById(place.dataset.pick), canvas = viewer.get("canvas"), chosen = null;
    function mark() {
      if (chosen) canvas.removeMarker(chosen, "chosen");
      chosen = viewer.get("elementRegistry").get(field.value) ? field.value : null;
      if (chosen) canvas.addMarker(chosen, "chosen");
    }
    Array.prototype.forEach.call(field.options, function (option) {
      if (option.value && viewer.get("elementRegistry").get(option.value)) canvas.addMarker(option.value, "pickable");
    });
    viewer.get("eventBus").on("element.click", function (event) {
      var known = Array.prototype.some.call(field.options, function (option) { return option.value === event.element.id; });
      if (!known) return;
      field.value = event.element.id;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("change", mark);
    mark();
  }

  function fit(canvas) {
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom() > 1) canvas.zoom(1, "auto");
  }

  var viewer = new window.BpmnJS({ container: place });
  Promise.all([get(place.dataset.definition, "text"), get(place.dataset.marks, "json")]).then(function (got) {
    return viewer.importXML(got[0]).then(function () {
      paint(viewer, got[1]);
      if (place.dataset.pick) picking(viewer);
      fit(viewer.get("canvas"));
      place.dataset.ready = "true";
    });
  }).catch(function (error) {
    place.textContent = place.dataset.failed;
    place.dataset.ready = "failed";
    console.error(error);
  });
  document.querySelectorAll("[data-zoom]").forEach(function (button) {
    button.addEventListener("click", function () {
      var canvas = viewer.get("canvas");
      if (button.dataset.zoom === "fit") fit(canvas);
      else canvas.zoom(canvas.zoom() * (button.dataset.zoom === "in" ? 1.25 : 0.8));
    });
  });
})();
