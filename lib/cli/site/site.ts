/** The project as a static site in typedoc's own theme: the guide, executed notebooks, and the library's reference. */
import fs from 'node:fs';
import path from 'node:path';
import type { CommentDisplayPart, NormalizedPath, ProjectReflection, TypeDocOptions } from 'typedoc';
import { Application, Converter, DocumentReflection, MinimalSourceFile } from 'typedoc';
import { stems } from '../../report/gallery/products';
import { titleOf } from '../../report/notebookFile';
import { inProject, namesBelow, portable } from '../../setup/tools/project';
import { notebookParts, type Part } from './notebookParts';

/**
 * Builds the site in `out`, whose content is removed, with the executed notebooks of a run's folder and the reference of modules.
 * Returns how many warnings typedoc printed, one for each link that leads nowhere; throws if typedoc cannot read the library.
 */
export async function buildSite(out: string, run: string, modules: readonly string[]): Promise<number> {
  const app = await Application.bootstrap({ ...OPTIONS, entryPoints: [...modules] });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => addPages(project, app.converter, run));
  const project = await app.convert();
  if (!project) throw new Error('typedoc found nothing to document');
  app.validate(project);
  await app.generateDocs(project, out);
  return app.logger.warningCount;
}

const OPTIONS: TypeDocOptions = {
  name: 'PeterRec Workbench',
  tsconfig: inProject('tsconfig.json'),
  readme: inProject('README.md'),
  customCss: path.join(__dirname, 'site.css'),
  logLevel: 'Warn',
  skipErrorChecking: true,
  disableSources: true,
  excludeExternals: true,
  includeHierarchySummary: false,
  sort: ['documents-first', 'source-order'],
  useFirstParagraphOfCommentAsSummary: true,
  visibilityFilters: {},
  hideGenerator: true,
  validation: { notExported: false, invalidLink: true, invalidPath: true },
};

/** The map of the paper, the notebooks, and the guide's other pages; links to folders without a page lead to the start page. */
function addPages(project: ProjectReflection, converter: Converter, run: string): void {
  const lead = (place: string, page: ProjectReflection | DocumentReflection) =>
    project.files.registerReflectionPath(place as NormalizedPath, page);
  const below = namesBelow(inProject('lib')).map((name) => inProject('lib', name));
  const reference = (place: string) => inProject('figures/reference', place);
  const runs = fs.readdirSync(reference('')).map(reference);
  const folders = [inProject('.devcontainer'), inProject('notebooks'), reference(''), ...runs, ...below];
  for (const folder of folders) if (fs.statSync(folder).isDirectory()) lead(folder, project);

  const add = (parts: readonly Part[], file: string, places: readonly string[] = [], of = '') => {
    const content = parts.flatMap(({ kind, text }): CommentDisplayPart[] => {
      const source = new MinimalSourceFile(text, file as NormalizedPath);
      const words = () => converter.parseRawComment(source, project.files).content;
      const shown: CommentDisplayPart[] = kind === 'words' ? words() : [{ kind: 'text', text }];
      return [...shown, { kind: 'text', text: '\n\n' }];
    });
    const title = titleOf(parts[0]?.text ?? '').replaceAll('`', '') + of;
    const page = new DocumentReflection(portable(places[0] ?? file), project, content, { title });
    project.addChild(page);
    project.registerReflection(page, undefined, file as NormalizedPath);
    for (const place of places) lead(place, page);
  };
  const markdown = (file: string) => add([{ kind: 'words', text: fs.readFileSync(file, 'utf8') }], file);
  markdown(inProject('PAPER.md'));
  for (const name of stems(inProject('notebooks'), '.ipynb')) {
    const notebook = `notebooks/${name}.ipynb`;
    const places = ['', ...fs.readdirSync(run).sort()].map((own) => path.join(run, own, notebook));
    const [file = inProject(notebook), ...others] = places.filter((place) => fs.existsSync(place));
    add(notebookParts(file), file, [
      inProject(notebook),
      ...[notebook, name, `${name}/${notebook}`].map(reference),
    ]);
    for (const other of others) {
      const own = path.resolve(other, '../..'); // a question asked of further data, as `scale-made-up`
      add(notebookParts(other), other, [own], ` (${path.basename(own)})`);
    }
  }
  markdown(inProject('data/README.md'));
  for (const file of below.filter((one) => one.endsWith('.md'))) markdown(file);
}
