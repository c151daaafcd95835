import { execFile } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import type { QaReport, Stretch } from '../core/contract/asset.ts';
import { describeError } from '../core/contract/errors.ts';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { locateTools, type Tools } from '../core/media/tools.ts';
import { DEFAULT_PREPARE_SETTINGS } from '../core/processor/prepare/gates.ts';
import { type PreparedSource, prepareSource } from '../core/processor/prepare/prepare-source.ts';
import { Rejection } from '../core/processor/prepare/rejection.ts';
import { scanLibrary } from '../core/processor/scan-library.ts';
import { CORPUS_EXPECTATIONS, type Expectation } from './corpus-expectations.ts';
import { report } from './report.ts';

const QA_CLIP = 'derived_qa_black_freeze_silence_clip.mp4';
/** Known faults of that clip, seconds, and how near they must be reported. */
const QA_TRUTH = { black: [4, 7], frozen: [10, 14], silent: [17, 20] } as const;
const QA_TOLERANCE_SECONDS = 0.5;

interface Outcome {
  verdict: 'prepared' | 'rejected' | 'wrong' | 'crash';
  text: string;
}

/** Folder of the corpus: `VVTV_MEDIA_CORPUS`, or the one beside the repository. */
async function corpusFolder(): Promise<string> {
  const candidates = [process.env['VVTV_MEDIA_CORPUS'], '../shared/media', '/work/shared/media'];
  for (const candidate of candidates) {
    if (!candidate) continue;
    const found = await access(join(candidate, 'MANIFEST.md')).then(
      () => true,
      () => false,
    );
    if (found) return resolve(candidate);
  }
  throw new Error('no corpus: set VVTV_MEDIA_CORPUS to the folder with its MANIFEST.md');
}

/** Prepares every file of the corpus in the default profile and holds the outcome against what is expected of it. */
export async function run(): Promise<void> {
  const corpus = await corpusFolder();
  const only = process.argv[3] ? new RegExp(process.argv[3]) : /./;
  const work = await mkdtemp(join(tmpdir(), 'vvtv-corpus-'));
  const counts = { prepared: 0, rejected: 0, wrong: 0, crash: 0 };
  const headers = new Set<string>();
  try {
    const tools = await locateTools({ settings: {}, resourcesDir: 'resources', toolsFolder: join(work, 'tools') });
    const { files } = await scanLibrary(corpus, { recursive: true });
    const names = [...files.keys()].map((path) => relative(corpus, path)).filter((name) => only.test(name));
    for (const name of names.sort()) {
      const outcome = await tryOut(join(corpus, name), CORPUS_EXPECTATIONS[name], join(work, 'asset'), tools, headers);
      counts[outcome.verdict]++;
      console.log(`${outcome.verdict.padEnd(8)}  ${name}  ${outcome.text}`);
      await rm(join(work, 'asset'), { recursive: true, force: true });
    }
    const expected = Object.entries(CORPUS_EXPECTATIONS).filter(([name]) => only.test(name));
    for (const [name] of expected.filter(([each]) => !names.includes(each))) {
      counts.wrong++;
      console.log(`wrong     ${name}  not found in the corpus`);
    }
    const toPrepare = expected.filter(([, each]) => each === 'prepared').length;
    report('corpus', {
      prepared: { value: counts.prepared, unit: 'files', bar: `= ${toPrepare}` },
      rejected: { value: counts.rejected, unit: 'files', bar: `= ${expected.length - toPrepare}` },
      wrong: { value: counts.wrong, unit: 'files', bar: '= 0' },
      crashes: { value: counts.crash, unit: 'files', bar: '= 0' },
      header_variants: { value: headers.size, unit: 'SPS/PPS', bar: '= 1' },
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function tryOut(
  path: string,
  expected: Expectation | undefined,
  workFolder: string,
  tools: Tools,
  headers: Set<string>,
): Promise<Outcome> {
  try {
    const prepared = await prepareSource({
      source: { path, title: 'corpus' },
      ...{ profile: DEFAULT_PROFILE, settings: DEFAULT_PREPARE_SETTINGS, tools, canCompare: true, workFolder },
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
    const faults = [...(await faultsOf(prepared, tools)), ...(path.endsWith(QA_CLIP) ? missedTruth(prepared.qa) : [])];
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
async function faultsOf({ files, frames }: PreparedSource, tools: Tools): Promise<string[]> {
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
      profile?: string;
      tags?: object;
    }[];
    packets: { pts: number; stream_index: number }[];
    format: { tags?: object };
  } = JSON.parse(stdout);
  const video = probed.streams.find((stream) => stream.codec_type === 'video');
  const faults: string[] = [];
  if (video?.width !== DEFAULT_PROFILE.width || video?.height !== DEFAULT_PROFILE.height) faults.push('other size');
  if (Number(video?.nb_read_frames) !== frames) faults.push(`${video?.nb_read_frames} frames instead of ${frames}`);
  if (video?.profile !== 'High') faults.push(`profile ${video?.profile}`);
  for (const [index, { codec_type }] of probed.streams.entries()) {
    const step = codec_type === 'video' ? 90_000 / DEFAULT_PROFILE.fps : 1920;
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
