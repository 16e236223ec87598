/** Buttons that free what a notebook holds: a module of anywidget, as it is sent to the front end. */

/** @typedef {import('../freeing').Offer} Offer */
/** @typedef {{ get: (name: 'offers' | 'said') => any, on: (event: string, hears: () => void) => void, off: (event: string, hears: () => void) => void, send: (content: object) => void }} Model */

const STYLE = `
  .freeing { font: var(--jp-ui-font-size1, 13px) system-ui, sans-serif; color: var(--jp-ui-font-color1, #212121); }
  .freeing button { font: inherit; color: inherit; background: var(--jp-layout-color1, #fff); margin: 0 4px 4px 0;
    border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 3px; padding: 1px 8px; }
  .freeing button:hover { background: var(--jp-layout-color2, #eee); }
  .freeing :focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }`;

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void} what ends it
 */
function render({ model, el }) {
  const [style, buttons, said] = ['style', 'div', 'div'].map((name) => document.createElement(name));
  style.textContent = STYLE;
  el.classList.add('freeing');
  el.append(style, buttons, said);
  said.ariaLive = 'polite';
  const draw = () => {
    /** @type {readonly Offer[]} */
    const offers = model.get('offers');
    const hadFocus = buttons.contains(document.activeElement);
    buttons.replaceChildren(
      ...offers.map(({ name, label }) => {
        const button = document.createElement('button');
        button.textContent = label;
        button.onclick = () => model.send({ do: 'free', name });
        return button;
      }),
    );
    if (hadFocus) buttons.querySelector('button')?.focus();
    said.textContent = model.get('said');
  };
  const events = ['change:offers', 'change:said'];
  draw();
  for (const event of events) model.on(event, draw);
  return () => {
    for (const event of events) model.off(event, draw);
  };
}

export default { render };
