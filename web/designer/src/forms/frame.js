// Where palette, canvas, preview and panel stand, and the switch between drawing and looking.
import { words } from '../words/zh/studio-forms.js';

const VIEWS = ['draw', 'both', 'look'];

/** {root, bar, find, palette, canvas, preview, panel, show(view), remove()} inside the container. */
export function framed(container, { readOnly, panel, hasPreview }) {
  const root = made('div', 'forms-editor');
  const bar = made('div', 'forms-bar');
  const find = made('div', 'forms-find');
  const body = made('div', 'forms-body');
  const [palette, canvas, preview] = ['forms-palette', 'forms-canvas', 'forms-preview'].map(name => made('div', name));
  const properties = panel ?? made('div', 'forms-panel');
  const show = view => shown(root, bar, view);
  if (!readOnly && hasPreview) bar.append(switches(show));
  if (!readOnly) bar.append(find);
  body.append(palette, canvas, preview);
  if (!panel) body.append(properties);
  root.append(bar, body);
  container.append(root);
  panel?.classList.add('forms-properties');
  show(readOnly ? 'look' : hasPreview ? 'both' : 'draw');
  const remove = () => {
    root.remove();
    panel?.classList.remove('forms-properties');
    panel?.replaceChildren();
  };
  return { root, bar, find, palette, canvas, preview, panel: properties, show, remove };
}

/** An element of this name and class, with text and attributes. */
export function made(name, className, text = '', attributes = {}) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function switches(show) {
  const group = made('div', 'forms-switch', '', { role: 'group', 'aria-label': words.views });
  for (const view of VIEWS) {
    const button = made('button', '', words[view], { type: 'button', 'data-view': view });
    button.addEventListener('click', () => show(view));
    group.append(button);
  }
  return group;
}

function shown(root, bar, view) {
  root.dataset.view = view;
  for (const button of bar.querySelectorAll('[data-view]')) button.setAttribute('aria-pressed', String(button.dataset.view === view));
}
