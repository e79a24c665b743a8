// Questions to the person at the page.

export function element(name, properties = {}, ...children) {
  const { data, ...plain } = properties;
  const node = Object.assign(document.createElement(name), plain);
  Object.assign(node.dataset, data ?? {});
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

/** choices: [{value, label, kind}]. The value chosen; null when the question was closed. */
export function ask({ title, body = [], choices, wide = false }) {
  const dialog = element('dialog', { className: wide ? 'shell-dialog wide' : 'shell-dialog' });
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute('aria-labelledby', id);
  return new Promise(resolve => {
    const answer = value => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const buttons = choices.map(({ value, label, kind = '' }) => {
      const button = element('button', { type: 'button', className: kind, textContent: label, data: { choice: String(value) } });
      button.addEventListener('click', () => answer(value));
      return button;
    });
    dialog.addEventListener('cancel', event => {
      event.preventDefault();
      answer(null);
    });
    dialog.addEventListener('keydown', event => {
      if (event.key === 'Enter' && event.target.matches('input, select')) dialog.querySelector('.submit .primary')?.click();
    });
    dialog.append(element('h2', { id, textContent: title }), ...body, element('div', { className: 'submit' }, ...buttons));
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function paragraph(text) {
  return element('p', { textContent: text });
}

/** Hand the text over as a file of this computer. */
export function download(path, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = element('a', { href: address, download: path.split('/').pop() });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
