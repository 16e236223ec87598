/** How the page of a run's folder looks: one column of text, figures and tables at their own width. */
export const STYLE = `
:root { color-scheme: light; font: 16px/1.5 "Source Sans 3", "Segoe UI", system-ui, sans-serif; color: #111; }
main { max-width: 62rem; margin: 2rem auto 4rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1.5rem; }
figure, article { margin: 2rem 0; overflow-x: auto; }
img { max-width: 100%; height: auto; }
figcaption, article > p { font-size: 0.9rem; color: #333; margin: 0.3rem 0; }
table { border-collapse: collapse; border: solid #111; border-width: 1.5px 0; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th { border-bottom: 1px solid #111; font-weight: 600; }
td { white-space: nowrap; }
th, td { padding: 0.15rem 0.6rem; vertical-align: bottom; }
.answer { border-left: 3px solid #0072b2; padding: 0.1rem 1rem; background: #f5f8fa; }
.files { font-size: 0.85rem; color: #555; }
a { color: #0072b2; }
`;

/** Of what marks first answers. */
export const MARK_STYLE =
  '.provisional { border-left: 3px solid #d55e00; padding: 0.1rem 1rem; background: #fdf3ec; }';
