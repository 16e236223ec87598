/**
 * Draws the trainings of a cell and says what is done to them: a module of anywidget, as it is sent to the front end. What is drawn
 * comes from the kernel, ready to be read; nothing is known here but the place of things, so that focus and what is typed stay.
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
  .trainings td:last-child { white-space: normal; min-width: 16em; }
  .trainings td label { white-space: nowrap; }
  .trainings progress { width: 70px; height: 10px; vertical-align: middle; }
  .trainings button, .trainings input { font: inherit; color: inherit; background: var(--jp-layout-color1, #fff);
    border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 3px; padding: 1px 8px; margin-right: 4px; }
  .trainings button:hover:enabled { background: var(--jp-layout-color2, #eee); }
  .trainings button:disabled { opacity: 0.45; }
  .trainings :focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
  .trainings input[type=number] { width: 6.5em; padding: 1px 4px; }
  .trainings .curves label { margin-right: 14px; }
  .trainings svg { max-width: 100%; height: auto; }
  .trainings .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;

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

/** What a training's state is called, where it is worth a word. */
const WORDS = { training: 'goes on', paused: 'is paused', stopped: 'is stopped', done: 'is done' };

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
  const rate = element('input', { type: 'number', step: 'any', min: '0' });
  const setRate = () => say({ do: 'setRate', run, value: rate.valueAsNumber });
  rate.onkeydown = ({ key }) => key === 'Enter' && setRate();
  const set = element('button', { textContent: 'Set', onclick: setRate });
  const controls = [
    ...(can.includes('pause') ? [hold] : []),
    ...(can.includes('stop') ? [stop] : []),
    ...(can.includes('setRate') ? [element('label', {}, ['rate ', rate]), set] : []),
  ];
  const row = element('tr', {}, [
    element('td', {}, [swatch, label]),
    element('td', {}, [bar]),
    ...shown,
    element('td', {}, controls),
  ]);
  /** @type {number | undefined} */
  let known;
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
    rate.ariaLabel = `Rate of ${now.label}`;
    set.ariaLabel = `Set the rate of ${now.label}`;
    for (const control of controls) control.hidden = now.can.length === 0;
    if (now.rate !== undefined && now.rate !== known) rate.value = String(now.rate); // what is typed stays until it is set
    known = now.rate;
    row.dataset.state = now.state;
  };
  return { row, become };
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void} what ends it
 */
function render({ model, el }) {
  const say = (/** @type {object} */ content) => model.send(content);
  const body = element('tbody');
  const head = element(
    'tr',
    {},
    COLUMNS.map((name) => element('th', { scope: 'col', textContent: name })),
  );
  const curves = element('div', { className: 'curves' });
  const picture = element('div');
  const headline = element('div', { className: 'headline' });
  const said = element('div', { className: 'said', ariaLive: 'polite' });
  const table = element('table', {}, [element('thead', {}, [head]), body]);
  const root = element('div', { className: 'trainings' }, [
    element('style', { textContent: STYLE }),
    headline,
    table,
    curves,
    picture,
    said,
  ]);
  el.append(root);
  /** Keys alone are the controls'; with Ctrl they are the notebook's. @param {KeyboardEvent} event */
  const share = ({ ctrlKey, metaKey }) =>
    root.toggleAttribute('data-lm-suppress-shortcuts', !ctrlKey && !metaKey);
  window.addEventListener('keydown', share, { capture: true }); // before the notebook hears of it

  /** @type {Map<number, ReturnType<typeof rowOf> & { state: Row['state'] }>} */
  const rows = new Map();
  const drawRows = () => {
    /** @type {readonly Row[]} */
    const now = model.get('rows');
    for (const row of now) {
      const known = rows.get(row.run) ?? { ...rowOf(row, say), state: row.state };
      rows.set(row.run, known);
      known.become(row);
      if (known.state !== row.state) said.textContent = `${row.label} ${WORDS[row.state]}`;
      known.state = row.state;
    }
    const gone = [...rows].filter(([run]) => !now.some((row) => row.run === run));
    const hadFocus = gone.some(([, { row }]) => row.contains(document.activeElement));
    for (const [run, { row }] of gone) {
      rows.delete(run);
      row.remove();
    }
    for (const [i, { run }] of now.entries()) {
      const { row } = rows.get(run) ?? {};
      if (row && body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null); // what is in its place keeps its focus
    }
    // Else the next key would be the notebook's.
    if (hadFocus) /** @type {HTMLElement | null} */ (body.querySelector('button:not([hidden])'))?.focus();
  };
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();
  const drawCurves = () => {
    /** @type {Board['curves']} */
    const now = model.get('curves');
    for (const { name, isShown } of now) {
      const box = boxes.get(name) ?? element('input', { type: 'checkbox' });
      if (!boxes.has(name)) curves.append(element('label', {}, [box, name]));
      boxes.set(name, box);
      box.checked = isShown;
      box.onchange = () => say({ do: 'see', curve: name, value: box.checked });
    }
  };
  const drawPicture = () => {
    picture.innerHTML = model.get('picture');
  };
  const drawHeadline = () => {
    headline.textContent = model.get('headline');
  };
  /** @type {readonly [string, () => void][]} */
  const drawn = [
    ['change:headline', drawHeadline],
    ['change:rows', drawRows],
    ['change:curves', drawCurves],
    ['change:picture', drawPicture],
  ];
  for (const [event, draw] of drawn) {
    draw();
    model.on(event, draw);
  }
  say({ do: 'drawn' });
  return () => {
    window.removeEventListener('keydown', share, { capture: true });
    for (const [event, draw] of drawn) model.off(event, draw);
  };
}

export default { render };
