import type { BroadcasterStatus } from '../../core/contract/broadcaster-status.ts';
import type { Channel, Incident } from '../../core/contract/control-api.ts';
import type { DestinationStatus } from '../../core/contract/destination.ts';
import type { CliContext } from '../cli-context.ts';
import { formatClock, formatLength, formatRate, formatSpan } from './duration.ts';
import { fit } from './table.ts';

export interface StatusFacts {
  readonly channel: Channel;
  readonly status: BroadcasterStatus | null;
  readonly destinations: readonly DestinationStatus[];
  readonly queueItems: number;
  /** Those that are open. */
  readonly incidents: readonly Pick<Incident, 'severity' | 'message'>[];
}

type Look = Pick<CliContext, 'columns' | 'paint'>;

const LABEL_CELLS = 17;
const MOST_INCIDENTS = 5;

/** The channel at a glance, one fact per line. */
export function formatStatus(
  { channel, status, destinations, queueItems, incidents }: StatusFacts,
  look: Look,
  nowMs: number,
): string {
  const line = (label: string, text: string): string => `${label.padEnd(LABEL_CELLS)}${text}`;
  const title = (text: string): string => fit(text, look.columns - LABEL_CELLS - 40);
  const lines = [`${look.paint('bold', channel.name)}  ${lamp(channel, status, look, nowMs)}`];
  if (status) {
    const { program, next, counters } = status;
    const msPerFrame = 1000 / channel.profile.fps;
    if (program) {
      const position = formatLength(program.positionFrames * msPerFrame);
      const ends = program.endsAtMs === null ? 'repeats' : `ends ${formatClock(program.endsAtMs, nowMs)}`;
      const of = program.totalFrames > 0 ? ` of ${formatLength(program.totalFrames * msPerFrame)}` : '';
      lines.push(line('Now', `${title(program.title)}  ${position}${of}, ${ends}${status.hold ? ', HELD' : ''}`));
    }
    if (next) {
      const when = next.startsAtMs === null ? '' : ` at ${formatClock(next.startsAtMs, nowMs)}`;
      lines.push(line('Next', `${title(next.title)}  ${next.join}${when}`));
    }
    lines.push(line('Buffer', `${formatSpan(status.bufferMs)} in ${queueItems} items`));
    const gaps = counters.videoGaps + counters.audioGaps;
    lines.push(
      line(
        'Output',
        `${formatRate(counters.outputKbps)}, ${counters.splices} splices, ${gaps} gaps, A/V ${counters.avResidualMs.toFixed(1)} ms`,
      ),
    );
  }
  for (const { name, state, bitrateKbps, reconnects, lastError } of destinations) {
    const told = state === 'live' ? look.paint('green', 'live') : look.paint('yellow', state.replace('_', ' '));
    const error = lastError && state !== 'live' ? `: ${lastError}` : '';
    lines.push(
      line(fit(name, LABEL_CELLS - 1), `${told}  ${formatRate(bitrateKbps)}, ${reconnects} reconnects${error}`),
    );
  }
  const colour = { critical: 'red', warning: 'yellow', info: 'dim' } as const;
  for (const { severity, message } of incidents.slice(0, MOST_INCIDENTS))
    lines.push(line('Incident', `${look.paint(colour[severity], severity)}  ${message}`));
  if (incidents.length > MOST_INCIDENTS)
    lines.push(line('', `and ${incidents.length - MOST_INCIDENTS} more: vvtvctl incident list --open`));
  if (channel.watch.rtmpUrl) lines.push(line('Watch', channel.watch.rtmpUrl));
  if (channel.libraryFolders.length === 0)
    lines.push(line('Library', 'no folder yet: vvtvctl library add /path/to/videos'));
  return lines.join('\n');
}

function lamp(channel: Channel, status: BroadcasterStatus | null, look: Look, nowMs: number): string {
  const since = status ? ` for ${formatSpan(nowMs - status.onAirSinceMs)}` : '';
  switch (channel.air) {
    case 'on_air':
      return look.paint('green', `ON AIR${since}`);
    case 'emergency':
      return look.paint(
        'red',
        status?.emergency ? `EMERGENCY LOOP ON AIR${since}` : `ON AIR${since}, emergency loop: nothing else is ready`,
      );
    case 'starting':
      return look.paint('yellow', 'going on air …');
    case 'unreachable':
      return look.paint('red', 'the broadcaster does not answer; it is being restarted');
    case 'off':
      return look.paint('dim', 'off air');
  }
}
