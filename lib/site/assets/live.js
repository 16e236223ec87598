// @ts-nocheck: this runs in a browser, whose globals the library does not have
/** Draws the figures of a page with Plotly, which lies beside this file; where that fails, their pictures stay. */
const places = [...document.querySelectorAll('.plotly')].filter((place) => place.querySelector('script'));

const loaded = (source) =>
  new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), {
      src: source,
      onload: resolve,
      onerror: reject,
    });
    document.head.append(script);
  });

async function draw(place) {
  const { data, layout, config } = JSON.parse(place.querySelector('script').textContent);
  const figure = document.createElement('div');
  const picture = place.querySelector('img');
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', picture.alt);
  await Plotly.newPlot(figure, data, layout, config);
  picture.replaceWith(figure);
}

async function drawAll() {
  await loaded(`${document.documentElement.dataset.base}assets/plotly.js`);
  await document.fonts.load('8pt SourceSans');
  for (const place of places) await draw(place);
}

if (places.length > 0) void drawAll();
