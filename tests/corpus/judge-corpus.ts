import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import type { QaReport, Stretch } from '../../core/contract/asset.ts';
import { describeError } from '../../core/contract/errors.ts';
import type { HouseProfile } from '../../core/contract/profile.ts';
import { locateTools, type Tools } from '../../core/media/tools.ts';
import { DEFAULT_PREPARE_SETTINGS } from '../../core/processor/prepare/gates.ts';
import { type PreparedSource, prepareSource } from '../../core/processor/prepare/prepare-source.ts';
import { Rejection } from '../../core/processor/prepare/rejection.ts';
import { scanLibrary } from '../../core/processor/scan-library.ts';
import { CORPUS_EXPECTATIONS, type Expectation } from './expectations.ts';

const QA_CLIP = 'derived_qa_black_freeze_silence_clip.mp4';
/** Known faults of that clip, seconds, and how near they must be reported. */
const QA_TRUTH = { black: [4, 7], frozen: [10, 14], silent: [17, 20] } as const;
const QA_TOLERANCE_SECONDS = 0.5;

/** What became of one file, and whether that is what was expected of it. */
export interface Outcome {
  readonly name: string;
  readonly verdict: 'prepared' | 'rejected' | 'wrong' | 'crash';
  readonly text: string;
}

export interface JudgeOptions {
  readonly corpus: string;
  readonly profile: HouseProfile;
  /** Compare each picture with its source (VMAF). */
  readonly compare: boolean;
  /** Only files of this name. */
  readonly only: RegExp;
  readonly onOutcome: (outcome: Outcome) => void;
}

export interface Judgement {
  readonly outcomes: readonly Outcome[];
  /** How many files the expectations say are to be prepared, and to be rejected. */
  readonly expected: { readonly prepared: number; readonly rejected: number };
  /** Different SPS/PPS among the prepared files. */
  readonly headerVariants: number;
}

/** Prepares every file of the corpus and holds the outcome against what is expected of it. */
export async function judgeCorpus(options: JudgeOptions): Promise<Judgement> {
  const { corpus, only } = options;
  const work = await mkdtemp(join(tmpdir(), 'vvtv-corpus-'));
  const outcomes: Outcome[] = [];
  const headers = new Set<string>();
  const note = (outcome: Outcome): void => {
    outcomes.push(outcome);
    options.onOutcome(outcome);
  };
  try {
    const tools = await locateTools({ settings: {}, resourcesDir: 'resources', toolsFolder: join(work, 'tools') });
    const { files } = await scanLibrary(corpus, { recursive: true });
    const names = [...files.keys()].map((path) => relative(corpus, path)).filter((name) => only.test(name));
    for (const name of names.sort()) {
      note({ name, ...(await tryOut(name, options, join(work, 'asset'), tools, headers)) });
      await rm(join(work, 'asset'), { recursive: true, force: true });
    }
    const expected = Object.entries(CORPUS_EXPECTATIONS).filter(([name]) => only.test(name));
    for (const [name] of expected.filter(([each]) => !names.includes(each)))
      note({ name, verdict: 'wrong', text: 'not found in the corpus' });
    const prepared = expected.filter(([, each]) => each === 'prepared').length;
    return {
      outcomes,
      expected: { prepared, rejected: expected.length - prepared },
      headerVariants: headers.size,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function tryOut(
  name: string,
  { corpus, profile, compare }: JudgeOptions,
  workFolder: string,
  tools: Tools,
  headers: Set<string>,
): Promise<Omit<Outcome, 'name'>> {
  const path = join(corpus, name);
  const expected: Expectation | undefined = CORPUS_EXPECTATIONS[name];
  try {
    const prepared = await prepareSource({
      source: { path, title: 'corpus' },
      ...{ profile, settings: DEFAULT_PREPARE_SETTINGS, tools, canCompare: compare, workFolder },
      headerHash: [...headers][0] ?? null,
      newAssetId: () => 'corpus',
      checkpoint: null,
      save: async () => undefined,
      duplicateOf: () => null,
      onProgress: () => undefined,
      logger: pino({ level: 'silent' }),
      nice: 5,
    });
    headers.add(prepared.headerHash);
    const faults = [
      ...(await faultsOf(prepared, profile, tools)),
      ...(path.endsWith(QA_CLIP) ? missedTruth(prepared.qa) : []),
    ];
    const { qa, frames } = prepared;
    const vmaf = qa.vmafMean === null ? '' : `, VMAF ${qa.vmafMean.toFixed(1)}`;
    const text = `${frames} frames, ${qa.loudnessAfter.integratedLufs ?? '-'} LUFS${vmaf} ${qa.source.notes.join('; ')} ${qa.warnings.join(' ')}`;
    if (faults.length > 0) return { verdict: 'wrong', text: faults.join('; ') };
    return expected === 'prepared' ? { verdict: 'prepared', text } : { verdict: 'wrong', text: `prepared (${text})` };
  } catch (error) {
    if (!(error instanceof Rejection)) return { verdict: 'crash', text: describeError(error) };
    const { code, message } = error.reason;
    const right = typeof expected === 'object' && expected.rejected === code;
    return { verdict: right ? 'rejected' : 'wrong', text: `${code}: ${message}` };
  }
}

/** Looks at a prepared file with ffprobe alone, none of our own parsers. */
async function faultsOf({ files, frames }: PreparedSource, profile: HouseProfile, tools: Tools): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    tools.ffprobe,
    [
      ...['-v', 'error', '-count_frames', '-of', 'json', '-show_streams', '-show_format'],
      ...['-show_entries', 'packet=pts,stream_index', files.media],
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  const probed: {
    streams: {
      codec_type: string;
      width?: number;
      height?: number;
      nb_read_frames: string;
      tags?: object;
    }[];
    packets: { pts: number; stream_index: number }[];
    format: { tags?: object };
  } = JSON.parse(stdout);
  const video = probed.streams.find((stream) => stream.codec_type === 'video');
  const faults: string[] = [];
  if (video?.width !== profile.width || video?.height !== profile.height) faults.push('other size');
  if (Number(video?.nb_read_frames) !== frames) faults.push(`${video?.nb_read_frames} frames instead of ${frames}`);
  for (const [index, { codec_type }] of probed.streams.entries()) {
    const step = codec_type === 'video' ? 90_000 / profile.fps : 1920;
    const times = probed.packets.filter((packet) => packet.stream_index === index).map(({ pts }) => pts);
    const odd = times.slice(1).filter((pts, at) => pts - (times[at] ?? 0) !== step).length;
    if (odd > 0) faults.push(`${odd} odd ${codec_type} time stamps`);
  }
  if (/location|GPS|creation|make|model/i.test(JSON.stringify([probed.format.tags, probed.streams.map((s) => s.tags)])))
    faults.push('metadata of the source was kept');
  return faults;
}

function missedTruth(qa: QaReport): string[] {
  const near = (stretches: readonly Stretch[], [from, to]: readonly [number, number]) =>
    stretches.some(
      (s) =>
        Math.abs(s.fromSeconds - from) <= QA_TOLERANCE_SECONDS && Math.abs(s.toSeconds - to) <= QA_TOLERANCE_SECONDS,
    );
  const kinds = ['black', 'frozen', 'silent'] as const;
  return kinds.filter((kind) => !near(qa[kind], QA_TRUTH[kind])).map((kind) => `${kind} stretch not reported`);
}
