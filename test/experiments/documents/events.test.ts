import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventsOf } from '../../../lib/experiments/documents/events';
import { folderWith } from '../../data/folders';

const STEM = 'Taste-PeterRec-0123456789ab-s1';
const point = (step: number) => ({
  ...{ step, epoch: step / 10, seconds: step / 100, loss: 1 / step },
  ...{ valid: { Acc: 0.5 }, test: { Acc: 0.25 } },
});

/** CRC-32C, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The records of a TFRecord file, whose checksums hold. */
function recordsOf(file: string): Buffer[] {
  const bytes = fs.readFileSync(file);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const [head, data] = [bytes.subarray(at, at + 8), bytes.subarray(at + 12, at + 12 + length)];
    for (const [part, sum] of [
      [head, bytes.readUInt32LE(at + 8)],
      [data, bytes.readUInt32LE(at + 12 + length)],
    ] as const) {
      const crc = crc32c(part);
      assert.equal(sum, (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    }
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** The step of an event: field 2, a varint, behind the nine bytes of its time. */
const stepOf = (event: Buffer) => (event[9] === 0x10 ? event[10] : 0);

test('a file begins with what is there, grows, and begins anew where a training is resumed', () => {
  const out = folderWith({});
  const folder = path.join(out, 'events', STEM);
  const found = () => fs.readdirSync(folder).map((name) => recordsOf(path.join(folder, name)));
  const events = eventsOf(out, STEM);
  events?.begin([]);
  events?.add(point(10));
  events?.add(point(20));
  assert.deepEqual(
    found().map((records) => records.map(stepOf)),
    [[0, 0, 10, 20]],
  );
  const [[version, start, first]] = found();
  assert.match(version.toString('latin1'), /brain\.Event:2/);
  assert.deepEqual([...start.subarray(-4)], [0x3a, 2, 8, 1]); // session log: start
  for (const tag of ['loss', 'epoch', 'seconds', 'valid/Acc', 'test/Acc'])
    assert.ok(first.includes(tag), tag);

  const resumed = eventsOf(out, STEM);
  resumed?.begin([point(10)]);
  resumed?.add(point(20));
  resumed?.add(point(30));
  assert.deepEqual(
    found().map((records) => records.map(stepOf)),
    [[0, 0, 10, 20, 30]],
  );
});
