import { paperAccount, SECTION_3_3 } from '../paper/arithmetic';
import type { TaskAccount } from '../runs/taskAccounts';

const kilobytes = ({ perTaskBytes }: TaskAccount) =>
  `${(perTaskBytes / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} kB`;
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Claim 7 of the paper: what a further task costs with patches and with everything tuned, one line a task. */
export function storageLines(accounts: readonly TaskAccount[]): string[] {
  return accounts
    .filter(({ method }) => method === 'PeterRec')
    .flatMap((patches) => {
      const everything = accounts.find(({ task, method }) => task === patches.task && method === 'FineAll');
      if (everything === undefined) return [];
      return `- ${patches.task}: ${kilobytes(patches)} with PeterRec, ${kilobytes(everything)} with FineAll (${percent(patches.share)}).`;
    });
}

/** The answer to "what does a further task cost?", as Markdown. */
export function parametersAnswer(
  { data, preset }: { readonly data: string; readonly preset: { readonly name: string } },
  accounts: readonly TaskAccount[],
): string {
  const shares = accounts.filter(({ method }) => method === 'PeterRec').map(({ share }) => share);
  const range = [...new Set([Math.min(...shares), Math.max(...shares)].map(percent))].join(' to ');
  const { share } = paperAccount(SECTION_3_3);
  return [
    `**What does a further task cost? With PeterRec its patches and its classifier: ${range} of what FineAll stores, ` +
      `on ${data} at the sizes of \`${preset.name}\`.**`,
    'The trunk is stored once for each source. The smaller it is beside the patches, the larger the share; ' +
      'where labels are items, most of it is the classifier, which no method can share.',
    storageLines(accounts).join('\n'),
    `The paper’s example of section 3.3 comes to ${percent(share)} by its own formula; the paper prints “less than 1.7 %”.`,
  ].join('\n\n');
}
