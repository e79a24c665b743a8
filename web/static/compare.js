// Two diagrams side by side that move together, with what is different marked on both; the list below points at both.
(function () {
  "use strict";

  function text(address) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + address);
      return answer.text();
    });
  }

  function open(place) {
    return text(place.dataset.xml).then(function (xml) { return window.Bixuan.diagram.view(place, { xml: xml }); });
  }

  function mark(viewer, marks, signs) {
    Object.keys(marks).forEach(function (id) {
      if (!viewer.addMarker(id, "diff-" + marks[id])) return;
      var sign = document.createElement("span");
      sign.className = "diff-sign diff-sign-" + marks[id];
      sign.textContent = signs[marks[id]];
      viewer.overlay(id, sign, { top: -9, left: -9 });
    });
  }

  function together(viewers) {
    var moving = false;
    viewers.forEach(function (viewer) {
      viewer.onMove(function (part) {
        if (moving) return;
        moving = true;
        viewers.forEach(function (other) { if (other !== viewer) other.part(part); });
        moving = false;
      });
    });
  }

  function pointing(card, sides, marks, signs) {
    function point(item) {
      Object.keys(sides).forEach(function (side) {
        sides[side].clear();
        mark(sides[side], marks[side], signs);
        sides[side].addMarker(item.dataset[side], "diff-chosen");
      });
      card.querySelectorAll("li[aria-current]").forEach(function (other) { other.removeAttribute("aria-current"); });
      item.setAttribute("aria-current", "true");
      var shown = sides.right && sides.right.has(item.dataset.right) ? "right" : "left";
      if (sides[shown]) sides[shown].show(item.dataset[shown]);
    }
    card.querySelectorAll("[data-show]").forEach(function (button) {
      button.addEventListener("click", function () {
        point(button.closest("li"));
        card.querySelector(".compare-pair").scrollIntoView({ block: "nearest" });
      });
    });
    Object.keys(sides).forEach(function (side) {
      sides[side].onClick(function (id) {
        var item = Array.prototype.find.call(card.querySelectorAll("li"), function (one) { return one.dataset[side] === id; });
        if (item) { point(item); item.scrollIntoView({ block: "nearest" }); }
      });
    });
  }

  function start(pair) {
    var marks = JSON.parse(pair.dataset.marks), places = Array.prototype.slice.call(pair.querySelectorAll(".diagram"));
    Promise.all(places.map(open)).then(function (viewers) {
      var sides = {};
      places.forEach(function (place, n) { sides[place.dataset.side] = viewers[n]; });
      Object.keys(sides).forEach(function (side) { mark(sides[side], marks[side], marks.signs); });
      if (viewers.length === 2) { together(viewers); viewers[1].fit(); }
      pointing(pair.closest(".compare-file"), sides, marks, marks.signs);
      pair.dataset.ready = "true";
    }).catch(function (error) {
      console.error(error);
      pair.textContent = pair.dataset.failed;
      pair.dataset.ready = "failed";
    });
  }

  function begin(around, attempts) {
    if (!window.Bixuan || !window.Bixuan.diagram) { // fetched into a page, the viewer may arrive later than this script
      if (attempts) window.setTimeout(function () { begin(around, attempts - 1); }, 50);
      return;
    }
    around.querySelectorAll(".compare-pair:not([data-begun])").forEach(function (pair) {
      pair.dataset.begun = "true";
      start(pair);
    });
  }

  begin(document, 100);
})();
