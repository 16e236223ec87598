/** Downloads of archives from a server of these tests: GroupLens itself is never asked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { archives, fetchArchive } from '../../lib/setup/parts/groupLens';
import { python } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';

const CONTENT = Buffer.alloc(300_000, 'ratings');
const md5 = createHash('md5').update(CONTENT).digest('hex');

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Sends what a range asks for, or all of it. */
const whole: Answer = ({ headers: { range } }, response) => {
  const [, start] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  const rest = CONTENT.subarray(Number(start ?? 0));
  response.writeHead(start ? 206 : 200, { 'Content-Length': rest.length }).end(rest);
};

/** Fetches from a server that gives these answers in turn, the last one again and again. */
async function fetched(
  answers: readonly Answer[],
  { silence = 5, digest = md5, folder = folderWith({}) } = {},
) {
  const asked: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    if (request.url === '/x.zip') asked.push(request.headers.range);
    answers[Math.min(asked.length, answers.length) - 1](request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.zip`;
  const archive = { name: 'x', title: 'X', url, hash: ['md5', digest] as const, megabytes: 1 };
  const place = path.join(folder, 'x.zip');
  let said = '';
  try {
    await fetchArchive(archive, place, silence);
  } catch (error) {
    said = (error as Error).message;
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { asked, said, place, kept: fs.readdirSync(folder) };
}

test('the archives are three, each with a published hash', () =>
  assert.deepEqual(
    archives.map(({ name, url, hash: [algorithm, digest] }) => [
      name,
      path.basename(url),
      algorithm,
      digest.length,
    ]),
    [
      ['movielens-20m', 'ml-20m.zip', 'md5', 32],
      ['movielens-25m', 'ml-25m.zip', 'md5', 32],
      ['movielens-32m', 'ml-32m.zip', 'sha256', 64],
    ],
  ));

test('a file is fetched whole, also over a redirect', async () => {
  const redirected: Answer = (request, response) =>
    request.url === '/x.zip'
      ? response.writeHead(302, { Location: '/elsewhere.zip' }).end()
      : whole(request, response);
  const { kept, place, said } = await fetched([redirected]);
  assert.deepEqual([said, kept], ['', ['x.zip']]);
  assert.ok(fs.readFileSync(place).equals(CONTENT));
});

const cut: Answer = (_, response) => {
  response.writeHead(200, { 'Content-Length': CONTENT.length });
  response.write(CONTENT.subarray(0, 100_000), () => response.destroy());
};

test('one that is cut off goes on where it was', async () => {
  const { asked, place, kept } = await fetched([cut, whole]);
  assert.equal(asked[0], undefined);
  assert.match(asked[1] ?? '', /^bytes=[1-9]\d*-$/);
  assert.ok(fs.readFileSync(place).equals(CONTENT));
  assert.deepEqual(kept, ['x.zip']);
});

test('one that is cut off again and again is one line, and the next command goes on', async () => {
  const folder = folderWith({});
  const off = await fetched([cut], { folder, silence: 1 });
  assert.match(
    off.said,
    /x\.zip could not be fetched \(.*\): the same command goes on; or put the archive there as/,
  );
  assert.deepEqual(off.kept, ['x.zip.part']);
  const { place, asked } = await fetched([whole], { folder });
  assert.match(asked[0] ?? '', /^bytes=[1-9]\d*-$/);
  assert.ok(fs.readFileSync(place).equals(CONTENT));
});

test('another hash, a server that says nothing or no, and none at all are one line and no file', async () => {
  const forged = await fetched([whole], { digest: '0'.repeat(32) });
  assert.match(
    forged.said,
    new RegExp(`^http.*x\\.zip has md5 ${md5}, expected 0{32}; nothing of it is kept`),
  );
  assert.deepEqual(forged.kept, []);
  const silent = await fetched([() => undefined], { silence: 0.2 });
  assert.match(silent.said, /could not be fetched \(timed out\)/);
  const missing = await fetched([(_, response) => response.writeHead(404).end()], { silence: 0.2 });
  assert.match(missing.said, /could not be fetched \(.*404.*\)|could not be fetched \(Not Found\)/);
  const folder = folderWith({});
  const nowhere = {
    name: 'x',
    title: 'X',
    url: 'http://127.0.0.1:9/x.zip',
    hash: ['md5', md5] as const,
    megabytes: 1,
  };
  await assert.rejects(fetchArchive(nowhere, path.join(folder, 'x.zip'), 0.2), /Connection refused/);
  assert.deepEqual([silent.kept, missing.kept, fs.readdirSync(folder)], [[], [], []]);
});

test('a slow server is waited for', async () => {
  const slowly: Answer = (_, response) => {
    response.writeHead(200, { 'Content-Length': CONTENT.length });
    let at = 0;
    const send = () => {
      response.write(CONTENT.subarray(at, at + 60_000));
      at += 60_000;
      if (at < CONTENT.length) setTimeout(send, 150);
      else response.end();
    };
    send();
  };
  const { place, said } = await fetched([slowly], { silence: 1 });
  assert.equal(said, '');
  assert.ok(fs.readFileSync(place).equals(CONTENT));
});

test('a full disk is one line, and what was fetched is kept', async () => {
  const server = http.createServer(whole);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const place = path.join(folderWith({}), 'x.zip');
  const script = path.resolve('lib/setup/tools/download.py');
  const command = `ulimit -f 100; exec "$@"`;
  const { spawn } = await import('node:child_process');
  const args = [
    '-c',
    command,
    'bash',
    python,
    script,
    `http://127.0.0.1:${port}/x.zip`,
    place,
    'md5',
    md5,
    '5',
  ];
  const child = spawn('bash', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  server.close();
  assert.deepEqual([code, said], [1, 'the disk is full\n']);
  assert.equal(spawnSync('ls', [path.dirname(place)], { encoding: 'utf8' }).stdout, 'x.zip.part\n');
});
