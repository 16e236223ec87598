/** The repository's own Markdown, in files and in notebooks: what it links to is there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import MarkdownIt from 'markdown-it';
import { readCells } from '../../../lib/report/notebookFile';

const markdown = new MarkdownIt();

const tracked = execFileSync('git', ['ls-files', '*.md', '*.ipynb'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.ipynb$|^(?!figures\/).*\.md$/.test(file));

const textOf = (file: string) =>
  file.endsWith('.md')
    ? fs.readFileSync(file, 'utf8')
    : readCells(file)
        .filter(({ cell_type }) => cell_type === 'markdown')
        .map(({ source }) => source)
        .join('\n\n');

/** The files that links and pictures name. */
const linksOf = (text: string): string[] =>
  markdown
    .parse(text, {})
    .flatMap(({ children }) => children ?? [])
    .map((token) => token.attrGet('href') ?? token.attrGet('src') ?? '')
    .filter((link) => link !== '' && !/^(\w+:|#)/.test(link))
    .map((link) => decodeURI(link.replace(/#.*/, '')));

for (const file of tracked)
  test(`what ${file} links to is there`, () => {
    const missing = linksOf(textOf(file)).filter(
      (link) => !fs.existsSync(path.resolve(path.dirname(file), link)),
    );
    assert.deepEqual(missing, []);
  });
