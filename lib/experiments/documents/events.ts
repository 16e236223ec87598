/** Event files for TensorBoard under OUT/events, a folder a training: what its curve holds, as it grows. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import crc32c from 'crc-32/crc32c';
import protobuf from 'protobufjs';
import { toldAs } from '../../base/whole';
import type { CurvePoint } from '../../training/fit';

/** The part of TensorFlow's event.proto and summary.proto that scalars take. */
const Event = protobuf
  .parse(`
syntax = "proto3";
message Event { double wallTime = 1; int64 step = 2; oneof what { string fileVersion = 3; Summary summary = 5; Session sessionLog = 7; } }
message Summary { repeated Value value = 1; }
message Value { string tag = 1; float simpleValue = 2; }
message Session { int32 status = 1; }
`)
  .root.lookupType('Event');

/** Tells a reader to forget what it has of this and later steps. */
const START = 1;

/** A checksum as TFRecord masks it. */
function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c.buf(bytes) >>> 0;
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return sum;
}

/** A record of a TFRecord file. */
function recordOf(event: object): Buffer {
  const data = Event.encode({ wallTime: Date.now() / 1000, ...event }).finish();
  const length = Buffer.alloc(8);
  length.writeUInt32LE(data.length);
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

const eventOf = ({ step, epoch, seconds, loss, valid, test }: CurvePoint) => {
  const under = (part: string, metrics: CurvePoint['valid']) =>
    Object.entries(metrics).map(([name, value]) => [`${part}/${name}`, value] as const);
  const values = [
    ...([
      ['loss', loss],
      ['epoch', epoch],
      ['seconds', seconds],
    ] as const),
    ...under('valid', valid),
    ...under('test', test),
  ];
  return { step, summary: { value: values.map(([tag, simpleValue]) => ({ tag, simpleValue })) } };
};

/** Whether trainings leave event files; PETERREC_EVENTS is 0 where none are wanted. */
const areWanted = process.env.PETERREC_EVENTS !== '0';

/** The event file of a training. */
export type Events = {
  /** Begins it anew with the points so far: what a killed process wrote beyond its checkpoint is not kept. */
  readonly begin: (curve: readonly CurvePoint[]) => void;
  readonly add: (point: CurvePoint) => void;
};

/** Of a document; undefined where none are wanted. */
export function eventsOf(out: string, stem: string): Events | undefined {
  if (!areWanted) return undefined;
  const folder = path.join(out, 'events', stem);
  let file = '';
  const append = (events: readonly object[]) => {
    try {
      fs.appendFileSync(file, Buffer.concat(events.map(recordOf)));
    } catch (error) {
      throw toldAs(file, error);
    }
  };
  return {
    begin: (curve) => {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      const seconds = Math.floor(Date.now() / 1000);
      file = path.join(folder, `events.out.tfevents.${seconds}.${os.hostname()}.${process.pid}`);
      const started = { step: 0, sessionLog: { status: START } };
      append([{ fileVersion: 'brain.Event:2' }, started, ...curve.map(eventOf)]);
    },
    add: (point) => append([eventOf(point)]),
  };
}
