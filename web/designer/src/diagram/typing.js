// A field of the panel waits a little before its value becomes a step that can be undone; whoever leaves the field loses nothing.
const WAIT_MS = 300;

function waiting(eventBus) {
  const pending = new Map(); // function → {timer, values}

  const flush = () => {
    for (const [run, { timer, values }] of [...pending]) {
      clearTimeout(timer);
      pending.delete(run);
      run(...values);
    }
  };

  document.addEventListener('focusout', flush, true);
  eventBus.on('selection.changed', 2000, flush); // before the panel shows another element
  eventBus.on('diagram.destroy', () => document.removeEventListener('focusout', flush, true));

  const debounce = run => {
    const later = (...values) => {
      clearTimeout(pending.get(run)?.timer);
      pending.set(run, { values, timer: setTimeout(() => { pending.delete(run); run(...values); }, WAIT_MS) });
    };
    later.flush = flush;
    later.cancel = () => {
      clearTimeout(pending.get(run)?.timer);
      pending.delete(run);
    };
    return later;
  };
  return Object.assign(debounce, { flush });
}

waiting.$inject = ['eventBus'];

export default { debounceInput: ['factory', waiting] };
