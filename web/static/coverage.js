// Paints on the diagram how often the cases take each sequence flow; again after every part of the results.
(function () {
  "use strict";
  function paint() {
    var place = document.getElementById("coverage-drawing");
    if (!place || place.dataset.ready) return;
    place.dataset.ready = "loading";
    fetch(place.dataset.diagram, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + place.dataset.diagram);
      return answer.json();
    }).then(function (file) {
      return window.Bixuan.diagram.view(place, { xml: file.content });
    }).then(function (viewer) {
      var flows = JSON.parse(place.dataset.flows);
      Object.keys(flows).forEach(function (id) {
        viewer.addMarker(id, flows[id] ? "cover-taken" : "cover-never");
        var count = document.createElement("span");
        count.className = "cover-count" + (flows[id] ? "" : " never");
        count.textContent = "×" + flows[id];
        viewer.overlay(id, count, { top: -8, left: 4 });
      });
      place.dataset.ready = "true";
    }).catch(function (error) {
      place.textContent = place.dataset.failed;
      place.dataset.ready = "failed";
      console.error(error);
    });
  }
  document.addEventListener("htmx:afterSwap", paint);
  paint();
})();
