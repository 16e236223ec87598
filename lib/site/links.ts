/** Whether the links of a built site lead somewhere. */
import fs from 'node:fs';
import path from 'node:path';
import { Parser } from 'htmlparser2';

/** A page's own places, and where it leads. */
interface Page {
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly string[];
}

function readPage(file: string): Page {
  const anchors = new Set<string>();
  const links: string[] = [];
  const parser = new Parser({
    onopentag: (_, { id, href, src }) => {
      if (id) anchors.add(id);
      links.push(...[href, src].filter((link) => link !== undefined));
    },
  });
  parser.end(fs.readFileSync(file, 'utf8'));
  return { anchors, links };
}

/** A link with a scheme leads out of the site. */
const isOutside = (link: string) => /^[a-z][a-z\d+.-]*:/i.test(link);

/** The links of a folder's pages that lead nowhere, each after its page: to no file, or to no place of a page. */
export function brokenLinks(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const pages = new Map(
    names
      .filter((name) => name.endsWith('.html'))
      .map((name) => [path.join(folder, name), readPage(path.join(folder, name))]),
  );
  const leads = (page: string, link: string): boolean => {
    const [, address, anchor] = /^([^?#]*)[^#]*#?(.*)$/.exec(decodeURI(link)) ?? [];
    const place = address === '' ? page : path.resolve(path.dirname(page), address);
    const file =
      fs.existsSync(place) && fs.statSync(place).isDirectory() ? path.join(place, 'index.html') : place;
    const isThere = fs.existsSync(file) && file.startsWith(folder);
    return (
      isThere &&
      (!anchor || !pages.has(file) || pages.get(file)?.anchors.has(decodeURIComponent(anchor)) === true)
    );
  };
  return [...pages].flatMap(([page, { links }]) =>
    [...new Set(links)]
      .filter((link) => !isOutside(link) && !leads(page, link))
      .map((link) => `${path.relative(folder, page)}: ${link}`),
  );
}
