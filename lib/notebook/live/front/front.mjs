/**
 * Draws the trainings of a cell and tells which button was clicked: a module of anywidget, as it is sent to the front end. Rows are
 * changed in place, so that a button keeps its focus.
 */

/** @typedef {import('../board').Row} Row */
/** @typedef {import('../board').Board} Board */
/** @typedef {{ get: (name: keyof Board) => any, on: (event: string, hears: () => void) => void, off: (event: string, hears: () => void) => void, send: (content: object) => void }} Model */

const COLUMNS = ['training', '', 'step', 'epoch', 'loss', 'metric', 'left', 'memory', 'by hand'];

const STYLE = `
  .trainings { overflow-x: auto; font: var(--jp-ui-font-size1, 13px) system-ui, sans-serif; color: var(--jp-ui-font-color1, #212121); }
  .trainings table { border-collapse: collapse; margin: 4px 0 8px; }
  .trainings th { font-weight: 400; color: var(--jp-ui-font-color2, #616161); text-align: left; }
  .trainings th, .trainings td { padding: 2px 10px 2px 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .trainings td:first-child { max-width: 20em; overflow: hidden; text-overflow: ellipsis; }
  .trainings progress { width: 70px; height: 10px; vertical-align: middle; }
  .trainings button { font: inherit; color: inherit; background: var(--jp-layout-color1, #fff);
    border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 3px; padding: 1px 8px; margin-right: 4px; }
  .trainings button:hover { background: var(--jp-layout-color2, #eee); }
  .trainings :focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
  .trainings svg { max-width: 100%; height: auto; }`;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {object} [properties]
 * @param {readonly (Node | string)[]} [children]
 */
function element(name, properties = {}, children = []) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/**
 * A row, and how it becomes another.
 * @param {Row} first
 * @param {(content: object) => void} say
 */
function rowOf({ run, can, cells }, say) {
  const bar = element('progress', { max: 1 });
  const swatch = element('span', { textContent: '■ ' });
  const label = element('span');
  const shown = cells.map(() => element('td'));
  const hold = element('button', { onclick: () => say({ do: hold.dataset.does, run }) });
  const stop = element('button', { textContent: 'Stop and keep', onclick: () => say({ do: 'stop', run }) });
  const controls = can.includes('stop') ? [hold, stop] : [hold];
  const row = element('tr', {}, [
    element('td', {}, [swatch, label]),
    element('td', {}, [bar]),
    ...shown,
    element('td', {}, controls),
  ]);
  /** @param {Row} now */
  const become = (now) => {
    bar.value = now.share;
    bar.ariaLabel = `${now.label}: steps`;
    swatch.style.color = now.color;
    label.textContent = now.label;
    label.title = now.label;
    for (const [i, text] of now.cells.entries()) shown[i].textContent = text;
    const isPaused = now.state === 'paused';
    hold.textContent = isPaused ? 'Go on' : 'Pause';
    hold.dataset.does = isPaused ? 'goOn' : 'pause';
    hold.ariaLabel = `${hold.textContent}: ${now.label}`;
    stop.ariaLabel = `Stop and keep: ${now.label}`;
    for (const control of controls) control.hidden = now.can.length === 0;
    row.dataset.state = now.state;
  };
  return { row, become };
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void} what ends it
 */
function render({ model, el }) {
  const body = element('tbody');
  const heads = COLUMNS.map((name) => element('th', { scope: 'col', textContent: name }));
  const table = element('table', {}, [element('thead', {}, [element('tr', {}, heads)]), body]);
  const [headline, picture] = [element('div'), element('div')];
  const style = element('style', { textContent: STYLE });
  const root = element('div', { className: 'trainings' }, [style, headline, table, picture]);
  root.setAttribute('data-lm-suppress-shortcuts', ''); // Enter on a button would edit the cell
  el.append(root);

  /** @type {Map<number, ReturnType<typeof rowOf>>} */
  const rows = new Map();
  const drawRows = () => {
    /** @type {readonly Row[]} */
    const now = model.get('rows');
    for (const row of now) {
      const drawn = rows.get(row.run) ?? rowOf(row, (content) => model.send(content));
      if (!rows.has(row.run)) body.append(drawn.row);
      rows.set(row.run, drawn);
      drawn.become(row);
    }
    for (const [run, { row }] of rows)
      if (!now.some((other) => other.run === run) && rows.delete(run)) row.remove();
  };
  const drawn = Object.entries({
    'change:headline': () => Object.assign(headline, { textContent: model.get('headline') }),
    'change:rows': drawRows,
    'change:picture': () => Object.assign(picture, { innerHTML: model.get('picture') }),
  });
  for (const [event, draw] of drawn) {
    draw();
    model.on(event, draw);
  }
  model.send({ do: 'drawn' });
  return () => {
    for (const [event, draw] of drawn) model.off(event, draw);
  };
}

export default { render };
