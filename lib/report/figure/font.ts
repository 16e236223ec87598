import fs from 'node:fs';
import { FONT_NAME } from './theme';

/** The CSS rule that brings the figures' font along, so that they look alike on a machine without fonts. */
export function fontFace(): string {
  const file = require.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2');
  const base64 = fs.readFileSync(file).toString('base64');
  return `@font-face{font-family:"${FONT_NAME}";src:url(data:font/woff2;base64,${base64}) format("woff2")}`;
}
