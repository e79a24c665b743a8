// Drives a replay: asks for the next cases until all are done, then shows the results.
(function () {
  "use strict";
  var place = document.getElementById("replay-progress");
  if (!place) return;
  var bar = place.querySelector("progress"), number = place.querySelector("[data-done]");
  var token = document.querySelector("meta[name=csrf-token]").content;
  var stopped = false;

  function next() {
    if (stopped) return;
    fetch(place.dataset.goOn, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" } })
      .then(function (answer) {
        return answer.json().then(function (told) {
          if (!answer.ok) throw new Error(told.problem || answer.status);
          return told;
        });
      })
      .then(function (told) {
        bar.value = told.done;
        number.textContent = told.done;
        if (told.running) next();
        else window.location.replace(place.dataset.then);
      })
      .catch(function (error) {
        if (stopped) return;
        console.warn(error);
        var note = document.createElement("p");
        note.className = "note bad";
        note.setAttribute("role", "alert");
        note.textContent = place.dataset.failed;
        place.appendChild(note);
      });
  }

  window.addEventListener("pagehide", function () { stopped = true; });
  next();
})();
