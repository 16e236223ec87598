import { zipSync } from 'fflate';

/** A zip archive of files in one folder, each of them compressed. */
export function zipped(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const members = Object.entries(files).map(([name, content]) => [`${folder}/${name}`, Buffer.from(content)]);
  return zipSync(Object.fromEntries(members), { level: 9 });
}
