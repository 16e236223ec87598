/** The guide: the map of the paper, what the README links to, what that links to, and so on, each file as a page. */
import fs from 'node:fs';
import path from 'node:path';
import {
  type CommentDisplayPart,
  type Converter,
  DocumentReflection,
  MinimalSourceFile,
  type NormalizedPath,
  type ProjectReflection,
} from 'typedoc';
import { stems } from '../report/gallery/products';
import { inProject, portable } from '../setup/tools/project';
import type { Part } from './notebookParts';
import { homeOf, type Kind, type Written, writtenIn } from './written';

/** Pictures are copied to the site; any other file becomes a page. */
const PICTURE = /\.(svg|png)$/;

/** The pages of one site. Files and folders are absolute paths. */
export class Guide {
  private readonly pages = new Map<string, DocumentReflection>();
  private readonly lists: Readonly<Record<Exclude<Kind, 'guide'>, DocumentReflection>>;

  constructor(
    private readonly project: ProjectReflection,
    private readonly converter: Converter,
    /** The folder whose executed notebooks are shown. */
    private readonly run: string,
  ) {
    this.lists = {
      notebook: this.list('notebooks', 'Notebooks', `As they were executed for \`${portable(run)}\`.`),
      file: this.list('files', 'Files', 'Tests and other files that pages name.'),
    };
  }

  /** Adds all pages: lists after what the guide says in its own words, but the notebooks' right after the map. */
  addPages(): void {
    const { notebook, file } = this.lists;
    this.add(inProject('PAPER.md'));
    this.project.addChild(notebook);
    const executed = path.join(this.run, 'notebooks');
    for (const folder of [this.run, executed, inProject('figures/reference')]) this.leadTo(notebook, folder);
    for (const name of stems(executed, '.ipynb')) this.show(path.join(executed, `${name}.ipynb`));
    this.follow(this.project.readme ?? []);
    this.project.addChild(file);
  }

  private list(name: string, title: string, words: string): DocumentReflection {
    const content: CommentDisplayPart[] = [plain(`# ${title}\n\n${words}`)];
    const page = new DocumentReflection(name, this.project, content, { title });
    this.project.registerReflection(page, undefined, inProject(name) as NormalizedPath);
    return page;
  }

  private add(file: string): DocumentReflection {
    const { kind, source, title, parts }: Written = writtenIn(file, this.run);
    const parent = kind === 'guide' ? this.project : this.lists[kind];
    const content = parts.flatMap((part) => this.contentOf(part, source));
    const page = new DocumentReflection(portable(file), parent, content, { title });
    parent.addChild(page);
    this.project.registerReflection(page, undefined, file as NormalizedPath);
    this.pages.set(file, page);
    this.follow(content);
    return page;
  }

  /** Parts stand apart by an empty line, without which one would run into the next. */
  private contentOf({ kind, text }: Part, file: string): CommentDisplayPart[] {
    const parse = () =>
      this.converter.parseRawComment(new MinimalSourceFile(text, file as NormalizedPath), this.project.files);
    return [...(kind === 'words' ? parse().content : [plain(text)]), plain('\n\n')];
  }

  /** Adds the pages that links lead to and that are not there yet. */
  private follow(content: readonly CommentDisplayPart[]): void {
    for (const part of content) {
      if (part.kind !== 'relative-link' || part.target === undefined) continue;
      const file = this.project.files.resolve(part.target, this.project);
      if (typeof file !== 'string' || PICTURE.test(file) || !fs.statSync(file).isFile()) continue;
      this.show(file);
    }
  }

  private show(file: string): void {
    const home = homeOf(file);
    this.leadTo(this.pages.get(home) ?? this.add(home), file);
  }

  private leadTo(page: DocumentReflection, place: string): void {
    this.project.files.registerReflectionPath(place as NormalizedPath, page);
  }
}

const plain = (text: string): CommentDisplayPart => ({ kind: 'text', text });
