/**
 * What a shown table does where scripts run: a click on a header sorts, buttons copy. Where none runs the table stands as it is.
 * A string: neither TypeScript nor tsx may add their helpers to what a page runs.
 */
export const TABLE_PROGRAM = `((box, copies) => {
  if (!box) return;
  // JupyterLab would take these keys for its cell.
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
  });
  const table = box.querySelector('table');
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const button = (look) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.style.cssText = 'font:inherit;color:inherit;background:none;cursor:pointer;' + look;
    return made;
  };

  const valueOf = (row, i) => {
    const { dataset, textContent } = row.cells[i];
    return dataset.value === undefined ? (textContent === '–' ? undefined : textContent) : Number(dataset.value);
  };
  const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(b, undefined, { numeric: true }));
  const sortBy = (i, falling) => {
    const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, i) }));
    const there = rows.filter(({ value }) => value !== undefined);
    there.sort((a, b) => (falling ? compare(b.value, a.value) : compare(a.value, b.value)));
    body.append(...[...there, ...rows.filter(({ value }) => value === undefined)].map(({ row }) => row));
  };
  heads.forEach((head, i) => {
    const label = button('font-weight:bold;border:0;padding:0;text-align:inherit');
    const arrow = document.createElement('span');
    arrow.ariaHidden = 'true';
    label.append(...head.childNodes, arrow);
    head.append(label);
    label.onclick = () => {
      const falling = head.ariaSort === 'ascending';
      for (const other of heads) {
        other.removeAttribute('aria-sort');
        other.querySelector('span').textContent = '';
      }
      head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      arrow.textContent = falling ? ' ▼' : ' ▲';
      sortBy(i, falling);
    };
  });

  const bar = document.createElement('div');
  bar.className = 'table-copies';
  bar.style.cssText = 'font-size:smaller;margin-top:4px';
  const said = document.createElement('span');
  said.setAttribute('role', 'status');
  const select = (text) => {
    const area = bar.querySelector('textarea') ?? bar.appendChild(document.createElement('textarea'));
    Object.assign(area, { value: text, readOnly: true, rows: 6, ariaLabel: 'Text to copy' });
    area.style.cssText = 'display:block;width:100%';
    area.select();
  };
  bar.append('Copy as ');
  for (const [name, text] of Object.entries(copies)) {
    const copy = button('border:1px solid;border-radius:3px;padding:0 6px;margin-right:6px');
    copy.textContent = name;
    copy.onclick = () =>
      (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
        () => { said.textContent = name + ' copied'; },
        () => { select(text); said.textContent = 'Selected: press Ctrl+C'; },
      );
    bar.append(copy);
  }
  bar.append(said);
  box.append(bar);
})`;
