/** Draws the curves of a cell's trainings and reports clicks on its buttons: a module of anywidget, as it is sent to the front end. */

/** @typedef {import('../view').WidgetState} WidgetState */
/** @typedef {{ get: (name: keyof WidgetState) => any, on: (event: string, listener: () => void) => void, off: (event: string, listener: () => void) => void, send: (content: object) => void }} Model */

/**
 * @param {{ model: Model, el: HTMLElement }} where
 * @returns {() => void} ends it
 */
function render({ model, el }) {
  const [root, picture, pause, stop] = ['div', 'div', 'button', 'button'].map((name) =>
    document.createElement(name),
  );
  root.className = 'trainings';
  root.setAttribute('data-lm-suppress-shortcuts', ''); // Enter on a button would edit the cell
  root.append(picture, pause, ' ', stop);
  el.append(root);
  for (const button of [pause, stop]) button.className = 'jp-mod-styled';
  pause.onclick = () => model.send({ do: 'pause' });
  stop.onclick = () => model.send({ do: 'stop' });
  const draw = () => {
    picture.innerHTML = model.get('picture');
    pause.textContent = model.get('pause');
    stop.textContent = model.get('stop');
    for (const button of [pause, stop]) button.hidden = button.textContent === '';
  };
  draw();
  model.on('change', draw);
  model.send({ do: 'drawn' });
  return () => model.off('change', draw);
}

export default { render };
