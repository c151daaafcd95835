import type { ReactNode } from 'react';
import type { JobProgress } from '../../../core/contract/daemon-messages.ts';
import { useConnection } from '../state/connection-store.ts';
import { usePipeline } from '../state/pipeline-store.ts';
import { prefer } from '../state/preferences.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';

/** How the material comes about: from found to ready, with what is in work right now, and the machine it works on. */
export function PipelineStrip() {
  const pipeline = usePipeline((store) => store.pipeline);
  const connected = useConnection((store) => store.link.phase === 'connected');
  const t = strings.pipeline;
  const counts = pipeline?.counts ?? null;
  const jobs = pipeline?.jobs ?? [];
  const number = (value: number | undefined) => (value === undefined ? format.UNKNOWN : format.count(value));
  const inWork = counts ? counts.downloading + counts.inspecting + counts.normalising : undefined;
  // What has aired is as ready as what has not: the library rotates.
  const prepared = counts ? counts.ready + counts.on_air + counts.played : undefined;
  const rejected = counts ? counts.rejected + counts.failed : undefined;
  const diskFull = pipeline?.machine.diskFull ?? false;
  return (
    <section className="pipeline" aria-label={t.label} data-stale={!connected}>
      <Stage name={t.planned} value={number(counts?.planned)} note={t.found} />
      <Stage name={t.selected} value={number(counts?.selected)} note={t.waiting} />
      <div className="stage stage--wide">
        <span className="caption">{t.preparing}</span>
        <div className="stage__jobs">
          <strong className="stage__value numbers">{number(inWork)}</strong>
          <Jobs jobs={jobs} />
        </div>
      </div>
      <Stage
        name={t.ready}
        value={number(prepared)}
        note={pipeline ? t.readyFor(format.roughly(pipeline.readyMs)) : ''}
        tone="green"
      />
      <Stage
        name={t.rejected}
        value={number(rejected)}
        note={counts ? t.rejectedDetail(format.count(counts.rejected), format.count(counts.failed)) : ''}
        {...(rejected ? { onClick: () => prefer({ panel: 'problems' }) } : {})}
      />
      <div className="stage stage--machine">
        <span className="caption">{t.machine}</span>
        <dl className="stage__facts numbers">
          <dt>{t.cpu}</dt>
          <dd>{format.percent(pipeline?.machine.cpuPercent ?? null)}</dd>
          <dt>{t.disk}</dt>
          <dd data-bad={diskFull} title={diskFull ? t.diskFull : undefined}>
            {format.bytes(pipeline?.machine.freeDiskBytes ?? null)}
          </dd>
        </dl>
      </div>
      {diskFull && (
        <p className="pipeline__alarm" role="alert">
          {t.diskFull}
        </p>
      )}
    </section>
  );
}

interface StageProps {
  name: string;
  value: string;
  note: ReactNode;
  tone?: 'green';
  onClick?: () => void;
}

function Stage({ name, value, note, tone, onClick }: StageProps) {
  const body = (
    <>
      <span className="caption">{name}</span>
      <strong className="stage__value numbers" data-tone={tone}>
        {value}
      </strong>
      <span className="stage__note ellipsis numbers">{note}</span>
    </>
  );
  return onClick ? (
    <button type="button" className="stage" onClick={onClick}>
      {body}
    </button>
  ) : (
    <div className="stage">{body}</div>
  );
}

const SHOWN_JOBS = 2;

/** The first two jobs with step, share and speed; how many more there are. */
function Jobs({ jobs }: { jobs: readonly JobProgress[] }) {
  if (jobs.length === 0) return <span className="stage__note">{strings.pipeline.idle}</span>;
  const rest = jobs.length - SHOWN_JOBS;
  return (
    <ul className="jobs">
      {jobs.slice(0, SHOWN_JOBS).map((job) => (
        <li key={job.jobId} className="job numbers">
          <span className="job__line">
            <b className="ellipsis">{job.title}</b>
            <span>
              {job.step}
              {job.fraction !== null && ` ${Math.floor(job.fraction * 100)}\u2009%`}
              {job.speed !== null && ` · ${strings.pipeline.speed(job.speed.toFixed(1))}`}
            </span>
          </span>
          <span
            className="job__bar"
            role="progressbar"
            aria-label={job.title}
            aria-valuemin={0}
            aria-valuemax={100}
            {...(job.fraction === null ? {} : { 'aria-valuenow': Math.floor(job.fraction * 100) })}
            data-unknown={job.fraction === null}
          >
            <i style={{ transform: `scaleX(${job.fraction ?? 1})` }} />
          </span>
        </li>
      ))}
      {rest > 0 && <li className="stage__note">{strings.pipeline.moreJobs(rest)}</li>}
    </ul>
  );
}
