import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY_PROFILE } from '../tiny-profile.ts';
import { judgeCorpus } from './judge-corpus.ts';

const corpus = process.env['VVTV_MEDIA_CORPUS'];

test('every file of the corpus is prepared, or rejected for the right reason', {
  skip: corpus === undefined && 'VVTV_MEDIA_CORPUS names no corpus',
}, async () => {
  const { outcomes, headerVariants } = await judgeCorpus({
    corpus: corpus ?? '',
    profile: TINY_PROFILE,
    compare: false,
    only: /./,
    onOutcome: () => undefined,
  });
  assert.deepEqual(
    outcomes.filter(({ verdict }) => verdict === 'wrong' || verdict === 'crash'),
    [],
  );
  assert.ok(outcomes.length > 30, `${outcomes.length} files`);
  assert.equal(headerVariants, 1);
});
