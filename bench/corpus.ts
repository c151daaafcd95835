import { resolve } from 'node:path';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { judgeCorpus, type Outcome } from '../tests/corpus/judge-corpus.ts';
import { report } from './report.ts';

/** `npm run bench -- corpus [NAME]`: the corpus in the default profile, every picture compared with its source. */
export async function run(): Promise<void> {
  const { outcomes, expected, headerVariants } = await judgeCorpus({
    corpus: resolve(process.env['VVTV_MEDIA_CORPUS'] ?? '../shared/media'),
    profile: DEFAULT_PROFILE,
    compare: true,
    only: process.argv[3] ? new RegExp(process.argv[3]) : /./,
    onOutcome: ({ verdict, name, text }) => console.log(`${verdict.padEnd(8)}  ${name}  ${text}`),
  });
  const count = (verdict: Outcome['verdict']): number => outcomes.filter((one) => one.verdict === verdict).length;
  report('corpus', {
    prepared: { value: count('prepared'), unit: 'files', bar: `= ${expected.prepared}` },
    rejected: { value: count('rejected'), unit: 'files', bar: `= ${expected.rejected}` },
    wrong: { value: count('wrong'), unit: 'files', bar: '= 0' },
    crashes: { value: count('crash'), unit: 'files', bar: '= 0' },
    header_variants: { value: headerVariants, unit: 'SPS/PPS', bar: '= 1' },
  });
}
