// Shows one process diagram with the case's path on it. Everything it needs stands in data attributes of #diagram.
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

  function paint(viewer, marks) {
    var canvas = viewer.get("canvas"), elements = viewer.get("elementRegistry"), overlays = viewer.get("overlays");
    [["done", marks.done], ["waiting", marks.waiting], ["incident", marks.incident]].forEach(function (pair) {
      pair[1].forEach(function (id) { if (elements.get(id)) canvas.addMarker(id, pair[0]); });
    });
    Object.keys(marks.counts).forEach(function (id) {
      if (!elements.get(id)) return;
      var badge = document.createElement("span");
      badge.className = "badge info";
      badge.textContent = "×" + marks.counts[id];
      overlays.add(id, { position: { top: -10, right: 14 }, html: badge });
    });
    Object.keys(marks.called).forEach(function (id) { if (elements.get(id)) canvas.addMarker(id, "callable"); });
    viewer.get("eventBus").on("element.click", function (event) {
      var called = marks.called[event.element.id];
      if (called) window.location = place.dataset.page + "?instance=" + called;
    });
    fit(canvas);
  }

  function fit(canvas) {
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom() > 1) canvas.zoom(1, "auto");
  }

  function start() {
    var viewer = new window.BpmnJS({ container: place });
    get(place.dataset.markers, "json").then(function (marks) {
      return get(place.dataset.definition.replace(/0(?=\/|$)/, marks.definition), "text").then(function (xml) {
        return viewer.importXML(xml).then(function () { paint(viewer, marks); place.dataset.ready = "true"; });
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
  }

  start();
})();
