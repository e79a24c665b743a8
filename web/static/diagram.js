// A process diagram to look at, with marks on it, or one to choose an element from. Everything stands in data attributes of
// .diagram: definition (address of the XML), marks (address of JSON; may be missing), page (where called processes open),
// pick (id of the select that follows clicks), picture (shown instead when the diagram cannot be), failed (what to say then).
(function () {
  "use strict";

  function get(address, read) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + address);
      return answer[read]();
    });
  }

  function each(object, act) { Object.keys(object || {}).forEach(function (id) { act(id, object[id]); }); }

  function label(text, kind, address) {
    var made = document.createElement(address ? "a" : "span");
    made.className = kind;
    made.textContent = text;
    if (address) made.href = address;
    return made;
  }

  function paint(viewer, marks) {
    var links = marks.links || {};
    ["done", "waiting", "incident"].forEach(function (mark) {
      (marks[mark] || []).forEach(function (id) { viewer.addMarker(id, mark); });
    });
    each(marks.heat, function (id, level) { viewer.addMarker(id, "heat-" + level); });
    each(marks.states, function (id, state) { viewer.addMarker(id, state); });
    each(marks.called, function (id) { viewer.addMarker(id, "callable"); });
    each(marks.counts, function (id, count) { viewer.overlay(id, label("×" + count, "badge info")); });
    each(marks.texts, function (id, text) { viewer.overlay(id, label(text, "token time"), { bottom: 10, left: 4 }); });
    each(marks.tokens, function (id, count) { viewer.overlay(id, label(String(count), "token", links[id]), { top: -12, left: -8 }); });
    each(marks.incidents, function (id, count) { viewer.overlay(id, label("!" + count, "token stopped", links[id]), { top: -12, right: 18 }); });
  }

  function opening(place, viewer, called) {
    viewer.onClick(function (id) {
      if (called[id]) window.location = place.dataset.page + "?instance=" + called[id];
    });
  }

  function picking(place, viewer, marks) {
    var field = document.getElementById(place.dataset.pick);
    function options() { return Array.prototype.filter.call(field.options, function (option) { return option.value; }); }
    function show() {
      viewer.clear();
      paint(viewer, marks);
      options().forEach(function (option) { viewer.addMarker(option.value, "pickable"); });
      if (field.value) viewer.addMarker(field.value, "chosen");
    }
    viewer.onClick(function (id) {
      if (!options().some(function (option) { return option.value === id; })) return;
      field.value = id;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("change", show);
    show();
  }

  function zooming(place, viewer) {
    var around = place.closest(".card") || document;
    around.querySelectorAll("[data-zoom]").forEach(function (button) {
      button.addEventListener("click", function () {
        if (button.dataset.zoom === "fit") viewer.fit();
        else viewer.zoom(button.dataset.zoom === "in" ? 1.25 : 0.8);
      });
    });
  }

  function failed(place, error) {
    console.warn(error);
    place.textContent = place.dataset.failed;
    if (place.dataset.picture) {
      var picture = document.createElement("img");
      picture.src = place.dataset.picture;
      picture.alt = place.getAttribute("aria-label") || "";
      place.appendChild(picture);
    }
    place.dataset.ready = "failed";
  }

  function start(place) {
    var marks = place.dataset.marks ? get(place.dataset.marks, "json") : Promise.resolve({});
    Promise.all([get(place.dataset.definition, "text"), marks]).then(function (got) {
      return window.Bixuan.diagram.view(place, { xml: got[0] }).then(function (viewer) {
        if (place.dataset.pick) picking(place, viewer, got[1]);
        else paint(viewer, got[1]);
        if (place.dataset.page) opening(place, viewer, got[1].called || {});
        zooming(place, viewer);
        viewer.fit();
        place.dataset.ready = "true";
      });
    }).catch(function (error) { failed(place, error); });
  }

  document.querySelectorAll(".diagram[data-definition]").forEach(start);
})();
