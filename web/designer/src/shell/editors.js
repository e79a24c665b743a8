// Which editor shows which file, and loading it when it is first needed.
import { openSource } from './source.js';

const loaded = new Map();

/** Opens the editor of a kind, the source when there is none or it cannot read the file. → {editor, problem}. */
export async function openEditor(settings, { path, kind, text, readOnly, source, canvas, panel, scope, preview }) {
  canvas.replaceChildren();
  panel.replaceChildren();
  const name = settings.editors[kind];
  let problem = null;
  if (!source && name && settings.bundles[name]) {
    try {
      return { editor: await drawn(settings, name, { text, readOnly, canvas, panel, scope, preview }), problem, isSource: false };
    } catch (error) {
      problem = error.message;
      canvas.replaceChildren();
      panel.replaceChildren();
    }
  }
  return { editor: openSource(canvas, { text, path, readOnly }), problem, isSource: true };
}

/** Begins to load what the first file will need while the list of files is still on its way. */
export function begin(settings) {
  const name = settings.editors[settings.kind];
  if (name && settings.bundles[name]) needed(settings, name).catch(() => {}); // said when the file is opened
}

function needed(settings, name) {
  return Promise.all([json(settings.functions), name === 'diagram' ? json(settings.templates) : [], load(settings.bundles[name])]);
}

async function drawn(settings, name, { text, readOnly, canvas, panel, scope, preview }) {
  const [functions, templates] = await needed(settings, name);
  const bixuan = window.Bixuan;
  if (name === 'diagram') return bixuan.diagram.open(canvas, { xml: text, readOnly, templates, functions, scope, panel });
  if (name === 'tables') return bixuan.tables.open(canvas, { xml: text, readOnly, functions });
  return bixuan.forms.open(canvas, { text, readOnly, panel, preview, functions });
}

function load({ script, style }) {
  if (!loaded.has(script)) loaded.set(script, Promise.all([style && added('link', { rel: 'stylesheet', href: style }), added('script', { src: script })]));
  return loaded.get(script).catch(error => {
    loaded.delete(script); // the next file tries again
    throw error;
  });
}

function added(name, properties) {
  return new Promise((resolve, reject) => {
    const node = Object.assign(document.createElement(name), properties);
    node.onload = resolve;
    node.onerror = () => reject(new Error(properties.src ?? properties.href));
    document.head.append(node);
  });
}

/** What an editor offers besides; without it the editor still works. */
async function json(address) {
  if (!loaded.has(address)) loaded.set(address, fetch(address, { credentials: 'same-origin' }).then(answer => answer.json()).catch(() => []));
  return loaded.get(address);
}
