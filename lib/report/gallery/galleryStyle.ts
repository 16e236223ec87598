/** How the page of a run's folder looks: one column of text, figures and tables as wide as it at most. */
export const STYLE = `
:root { color-scheme: light; font: 16px/1.5 "Source Sans 3", "Segoe UI", system-ui, sans-serif; color: #111; }
main { max-width: 62rem; margin: 1.5rem auto 4rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 1.5rem 0 0.6rem; border-top: 1px solid #ccc; padding-top: 0.8rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; list-style: none; padding: 0; margin: 0; font-size: 0.9rem; }
figure, article { margin: 0.9rem 0; }
img { width: 100%; height: auto; display: block; }
figcaption, article > p { font-size: 0.85rem; line-height: 1.35; color: #333; margin: 0.25rem 0; }
table { border-collapse: collapse; border: solid #111; border-width: 1.5px 0; font-size: 0.82rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
th { border-bottom: 1px solid #111; font-weight: 600; }
td:first-child, td[style*="right"] { white-space: nowrap; }
th, td { padding: 0.1rem 0.45rem; vertical-align: bottom; }
.scroller { overflow-x: auto; }
.rows { max-height: 40rem; overflow-y: auto; }
.rows thead th { position: sticky; top: 0; background: #fff; z-index: 1; }
.scroller th:first-child, .scroller td:first-child { position: sticky; left: 0; background: #fff; }
.answer { border-left: 3px solid #0072b2; padding: 0.1rem 1rem; background: #f5f8fa; }
.answer p { margin: 0.4rem 0; }
.sentences { padding-left: 1.2rem; }
.files { font-size: 0.8rem; color: #555; }
details { margin: 1rem 0; } summary { cursor: pointer; color: #0072b2; }
a { color: #0072b2; }
@media (max-width: 600px) {
  .scroller img { width: 40rem; max-width: none !important; }
  .scroller td:first-child { white-space: normal; max-width: 8rem; }
}
`;

/** Of what marks first answers. */
export const MARK_STYLE =
  '.provisional { border-left: 3px solid #d55e00; padding: 0.1rem 1rem; background: #fdf3ec; }';
