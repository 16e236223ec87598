/** The project as a static site: the guide, executed notebooks, and the library's reference from its doc comments. */
import fs from 'node:fs';
import path from 'node:path';
import { Application, Converter, type ProjectReflection, type TypeDocOptions } from 'typedoc';
import { fontFace } from '../report/figure/theme';
import { inProject } from '../setup/tools/project';
import { Guide } from './guide';
import { moveIntoRooms, purposesIn } from './rooms';
import { ModulePages, ModuleTheme } from './theme';

export interface Site {
  /** Where it is built; what lies there is removed. */
  readonly out: string;
  /** The folder of a run whose executed notebooks are shown. */
  readonly run: string;
  /** Files of the library that the reference documents. */
  readonly modules: readonly string[];
}

/** Builds the site. Throws where typedoc cannot read the library; what it complains about it says itself. */
export async function buildSite({ out, run, modules }: Site): Promise<void> {
  const app = await Application.bootstrap({ ...OPTIONS, entryPoints: [...modules] });
  app.renderer.defineRouter('modules', ModulePages);
  app.renderer.defineTheme('modules', ModuleTheme);
  app.options.setValue('router', 'modules');
  app.options.setValue('theme', 'modules');
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => arrange(project, app.converter, run),
    LAST,
  );
  const project = await app.convert();
  if (!project) throw new Error('typedoc found nothing to document');
  await app.generateDocs(project, out);
  fs.copyFileSync(require.resolve('plotly.js-dist'), path.join(out, 'assets/plotly.js'));
  fs.appendFileSync(path.join(out, 'assets/custom.css'), fontFace());
}

const asset = (name: string) => path.join(__dirname, 'assets', name);

const README = inProject('README.md');

const OPTIONS: TypeDocOptions = {
  name: 'PeterRec Workbench',
  tsconfig: inProject('tsconfig.json'),
  readme: README,
  customCss: asset('site.css'),
  customJs: asset('live.js'),
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

/** After typedoc's own listeners, which read the README. */
const LAST = -1000;

/** The page shows the README's title by itself. */
function arrange(project: ProjectReflection, converter: Converter, run: string): void {
  const [first] = project.readme ?? [];
  if (first) first.text = first.text.replace(/^# .*\n/, '');
  moveIntoRooms(project, purposesIn(fs.readFileSync(README, 'utf8')));
  new Guide(project, converter, run).addPages();
}
