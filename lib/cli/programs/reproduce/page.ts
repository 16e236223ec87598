/** The page of a run: first answers while other seeds are trained, then all answers, then the notebooks beside them. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../base/userError';
import type { Workbench } from '../../../experiments/workbench/workbench';
import { questionOf } from '../../../questions/planned';
import { type Section, writeGallery } from '../../../report/gallery/gallery';
import { type Product, stems } from '../../../report/gallery/products';
import { readCells, titleOf } from '../../../report/notebookFile';
import { inProject } from '../../../setup/tools/project';
import { fromHere } from '../../values';
import { dataOf, isComputed, sectionOf } from './answers';

/** Folder of OUT with the figures and tables of first answers; a finished run has none. */
const PROVISIONAL = 'provisional';

/** A notebook without an answer on the page. */
const notebookAlone = (name: string): Section => {
  const file = inProject('notebooks', `${name}.ipynb`);
  const title = fs.existsSync(file) ? titleOf(readCells(file)[0]?.source ?? '') : '';
  return { name, title: title || name, main: [], details: [] };
};

export function pageOf(bench: Workbench, signal: AbortSignal) {
  const { out, seeds } = bench;
  const mark = `1 of ${seeds} seeds, provisional`;
  const sections = new Map<string, Section>();
  let data: readonly Product[] = [];
  let [isOver, isSaid] = [false, false];
  let turn: Promise<void> = Promise.resolve();

  const write = (provisional?: string) =>
    writeGallery(out, { sections: [...sections.values()], data, mark: provisional });

  /** Answers a question by the first seed; whatever fails, the run goes on. */
  const answerFirst = async (name: string) => {
    const question = isOver ? undefined : await questionOf(name);
    if (!question) return;
    try {
      sections.set(name, await sectionOf(name, question, bench, { folder: PROVISIONAL, mark }));
      if (data.length === 0) data = await dataOf(bench);
      const page = write(mark);
      if (!isSaid) console.log(`\nFirst answers, ${mark}: ${fromHere(page)}`);
      isSaid = true;
    } catch (error) {
      if (!signal.aborted) console.log(`\nNo first answer of ${name}: ${(error as Error).message}`);
    }
  };

  /** Questions whose notebooks an earlier run has left in OUT are answered again if their documents are still those of this run. */
  const earlier = async (asked: readonly string[]): Promise<string[]> => {
    const others = stems(path.join(out, 'notebooks'), '.ipynb').filter((name) => !asked.includes(name));
    const answerable: string[] = [];
    for (const name of others) {
      sections.set(name, notebookAlone(name));
      const question = await questionOf(name);
      if (question && isComputed(bench, question)) answerable.push(name);
    }
    return answerable;
  };

  return {
    /** Begins the first answer of a question whose first seed is there. */
    onFirstSeed: (name: string): void => {
      turn = turn.then(() => answerFirst(name));
    },
    /** Begins no further first answer, and waits for the one that is under way. */
    endFirst: async (): Promise<void> => {
      isOver = true;
      await turn;
    },
    /** Answers all questions; returns those that could not be answered, each told why. */
    answer: async (asked: readonly string[]): Promise<string[]> => {
      const failed: string[] = [];
      for (const name of [...asked, ...(await earlier(asked))]) {
        signal.throwIfAborted();
        const question = await questionOf(name);
        try {
          sections.set(name, question ? await sectionOf(name, question, bench) : notebookAlone(name));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          console.error(`${name}: ${error.message}`);
          sections.set(name, { ...notebookAlone(name), answer: `Not answered: ${error.message}` });
          failed.push(name);
        }
      }
      if (data.length === 0) data = await dataOf(bench);
      fs.rmSync(path.join(out, PROVISIONAL), { recursive: true, force: true });
      write();
      return failed;
    },
    /** Writes the page with links to the notebooks that were executed; says which failed. */
    finish: (failed: readonly string[]): void => {
      for (const name of failed) {
        const section = sections.get(name);
        if (section) sections.set(name, { ...section, hasFailed: true });
      }
      write();
    },
  };
}
