/** The rooms of the library as modules of the reference, each with the modules that lie in its folder. */
import fs from 'node:fs';
import path from 'node:path';
import {
  Comment,
  DeclarationReflection,
  type NormalizedPath,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { inProject, namesBelow } from '../setup/tools/project';

/** What a room is for, by its name. */
export type Purposes = ReadonlyMap<string, string>;

/** What the table of rooms in the README says of each. */
export function purposesIn(readme: string): Purposes {
  const rows = [...readme.matchAll(/^\| (\[lib\/.*) \| (.*) \|$/gm)];
  return new Map(
    rows.flatMap(([, rooms, purpose]) =>
      [...rooms.matchAll(/\[lib\/(\w+)\]/g)].map(([, room]) => [room, purpose] as const),
    ),
  );
}

/** Makes a room of each folder of the library and puts modules into theirs; those that export nothing are left out. */
export function moveIntoRooms(project: ProjectReflection, purposes: Purposes): void {
  const modules = [...(project.children ?? [])];
  const rooms = new Map(roomNames().map((name) => [name, makeRoom(project, name, purposes.get(name) ?? '')]));
  for (const module of modules) {
    const [name, ...rest] = module.name.split('/');
    if (!module.children?.length) project.removeReflection(module);
    else if (rest.length > 0) move(module, rest.join('/'), rooms.get(name));
  }
}

const roomNames = () => {
  const entries = fs.readdirSync(inProject('lib'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

function move(module: DeclarationReflection, name: string, room: DeclarationReflection | undefined): void {
  if (!room) throw new Error(`${module.name} lies in no room of the library`);
  module.project.removeChild(module);
  module.name = name;
  module.parent = room;
  room.addChild(module);
}

/** Links to its folder, and to folders in there, lead to it. */
function makeRoom(project: ProjectReflection, name: string, purpose: string): DeclarationReflection {
  const room = new DeclarationReflection(name, ReflectionKind.Module, project);
  room.comment = new Comment([{ kind: 'text', text: purpose }]);
  project.addChild(room);
  const folder = inProject('lib', name);
  project.registerReflection(room, undefined, folder as NormalizedPath);
  for (const below of foldersIn(folder)) project.files.registerReflectionPath(below as NormalizedPath, room);
  return room;
}

function foldersIn(folder: string): string[] {
  return namesBelow(folder)
    .map((name) => path.join(folder, name))
    .filter((place) => fs.statSync(place).isDirectory());
}
