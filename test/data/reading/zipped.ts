import { zipSync } from 'fflate';

/** A zip archive of files in one folder, each of them compressed, or stored at level 0. */
export function zipped(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  level: 0 | 9 = 9,
): Uint8Array {
  const members = Object.entries(files).map(([name, content]) => [`${folder}/${name}`, Buffer.from(content)]);
  return zipSync(Object.fromEntries(members), { level });
}
