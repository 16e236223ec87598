import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenLinks } from '../../lib/site/links';
import { folderWith } from '../datasets/folders';

const page = (body: string) => `<!doctype html><html><body>${body}</body></html>`;

const brokenIn = (files: Readonly<Record<string, string>>) => brokenLinks(folderWith(files));

test('links to pages, pictures, folders with a start page and places of a page lead somewhere', () => {
  const links = [
    'a%20b.html#here',
    '#top',
    'picture.svg',
    './',
    'https://example.org/x',
    'mailto:a@example.org',
  ];
  const index = page(`<p id="top">${links.map((link) => `<a href="${link}">x</a>`).join('')}</p>`);
  assert.deepEqual(
    brokenIn({ 'index.html': index, 'a b.html': page('<h2 id="here">'), 'picture.svg': '' }),
    [],
  );
});

test('a link to no file, to no place of a page or out of the folder is named after its page', () => {
  const index = page('<a href="none.html">x</a><img src="none.png"><a href="#none">x</a><a href="../">x</a>');
  assert.deepEqual(brokenIn({ 'index.html': index }), [
    'index.html: none.html',
    'index.html: none.png',
    'index.html: #none',
    'index.html: ../',
  ]);
});

test('what stands in code is no link', () => {
  assert.deepEqual(brokenIn({ 'index.html': page('<code>&lt;a href="none"&gt;</code>') }), []);
});
