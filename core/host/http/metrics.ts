import type { BroadcasterStatus } from '../../contract/broadcaster-status.ts';
import { PLAN_STATES } from '../../contract/plan-state.ts';
import type { Studio } from '../studio.ts';

/** Prometheus text of `/metrics`; the library is loaded at the first scrape, not at start. */
export class Metrics {
  readonly #studio: Studio;
  #scrape: (() => Promise<{ type: string; text: string }>) | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  async text(): Promise<{ type: string; text: string }> {
    this.#scrape ??= await build(this.#studio);
    return this.#scrape();
  }
}

/** Figures of the engine: name, help, and where they are in its status. */
const ENGINE: ReadonlyArray<[string, string, (status: BroadcasterStatus) => number | null]> = [
  ['vvtv_buffer_seconds', 'Ready material in the queue after the item on air.', (s) => s.bufferMs / 1000],
  [
    'vvtv_on_air_since_seconds',
    'Unix time of the first frame of this uninterrupted run.',
    (s) => s.onAirSinceMs / 1000,
  ],
  ['vvtv_emergency', '1 while the emergency loop was asked for.', (s) => Number(s.emergency)],
  ['vvtv_engine_splices', 'Splices since the engine started.', (s) => s.counters.splices],
  ['vvtv_engine_crossfades', 'Crossfades since the engine started.', (s) => s.counters.crossfades],
  ['vvtv_engine_takes', 'Takes, skips and emergency switches since the engine started.', (s) => s.counters.takes],
  ['vvtv_engine_video_frames', 'Video frames sent since the engine started.', (s) => s.counters.videoFrames],
  ['vvtv_engine_video_gaps', 'Gaps or overlaps in video time stamps; must be 0.', (s) => s.counters.videoGaps],
  ['vvtv_engine_audio_gaps', 'Gaps or overlaps in audio time stamps; must be 0.', (s) => s.counters.audioGaps],
  [
    'vvtv_engine_silent_fill_frames',
    'Silent audio frames put in for missing ones.',
    (s) => s.counters.silentFillFrames,
  ],
  [
    'vvtv_engine_damaged_pieces',
    'Pieces left early because their bytes were damaged.',
    (s) => s.counters.damagedPieces,
  ],
  ['vvtv_engine_av_residual_ms', 'A/V residual of the item on air; 0 on the grid.', (s) => s.counters.avResidualMs],
  [
    'vvtv_engine_tick_lateness_ms',
    'Worst lateness of a pacing tick in the last minute.',
    (s) => s.counters.worstTickLatenessMs,
  ],
  ['vvtv_engine_output_kbps', 'Rate of the whole transport stream.', (s) => s.counters.outputKbps],
  ['vvtv_engine_preview_clients', 'Connected preview clients.', (s) => s.counters.previewClients],
];

async function build(studio: Studio): Promise<() => Promise<{ type: string; text: string }>> {
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });

  const onAir = gauge('vvtv_on_air', '1 while the broadcaster sends the channel (programme or emergency loop).');
  const engine = ENGINE.map(([name, help, read]) => ({ figure: gauge(name, help), read }));
  const followers = gauge('vvtv_control_rooms', 'Open control rooms that follow the channel.');
  const queue = gauge('vvtv_queue_items', 'Items in the queue.');
  const plans = gauge('vvtv_plans', 'Plans by state.', ['state']);
  const incidents = gauge('vvtv_incidents_open', 'Open incidents by severity.', ['severity']);
  const undelivered = gauge('vvtv_alert_failures', 'Deliveries that failed since the last one that did not.', ['name']);
  const labels = ['id', 'name'];
  const live = gauge('vvtv_destination_live', '1 while the destination takes media.', labels);
  const bitrate = gauge('vvtv_destination_kbps', 'Rate accepted by the destination.', labels);
  const reconnects = gauge('vvtv_destination_reconnects', 'Reconnects since the engine started.', labels);
  const dropped = gauge('vvtv_destination_dropped_gops', 'GOPs the destination did not get.', labels);
  const freeDisk = gauge('vvtv_disk_free_bytes', 'Free space on the volume of the data folder.');
  const up = gauge('vvtv_process_up', '1 while the process runs.', ['process']);
  const restarts = gauge('vvtv_process_restarts', 'Restarts by this host.', ['process']);
  const loopDelay = gauge('vvtv_process_loop_delay_p99_ms', 'Event-loop delay, 99th percentile.', ['process']);
  const rss = gauge('vvtv_process_resident_bytes', 'Resident memory.', ['process']);
  const cpu = gauge('vvtv_process_cpu_percent', 'Processor use; 100 is one core.', ['process']);
  const healthy = gauge('vvtv_watchdog_healthy', '1 healthy, 0 unhealthy; left out while unknown or off.', [
    'watchdog',
  ]);
  const inARow = gauge('vvtv_watchdog_consecutive_unhealthy', 'Unhealthy checks in a row; three act.', ['watchdog']);
  const recovered = gauge('vvtv_watchdog_recoveries', 'Recoveries after the watchdog had acted.', ['watchdog']);
  const acts = gauge('vvtv_watchdog_actions', 'Kept acts of the watchdog (the latest 200) by action.', ['action']);
  const recovery = gauge('vvtv_recovery_seconds', 'Duration of the latest recovery of each layer.', ['layer']);

  return async () => {
    registry.resetMetrics();
    const { view, reader, channelId } = studio;
    onAir.set(Number(view.status !== null));
    // What is unknown is left out: a gap in the graph is honest, a zero is not.
    for (const { figure, read } of engine) {
      const value = view.status ? read(view.status) : null;
      if (value === null) figure.remove();
      else figure.set(value);
    }
    followers.set(view.parts.followers);
    queue.set(reader.queueLength(channelId));
    const { counts, machine } = view.pipeline();
    for (const state of PLAN_STATES) plans.set({ state }, counts[state] ?? 0);
    for (const severity of ['info', 'warning', 'critical'])
      incidents.set({ severity }, reader.openIncidents(channelId).filter((row) => row.severity === severity).length);
    for (const { alertChannel, state } of reader.alertChannels(channelId))
      undelivered.set({ name: alertChannel.name }, state?.failures ?? 0);
    for (const { id, name, state, bitrateKbps, ...counters } of view.destinations()) {
      live.set({ id, name }, Number(state === 'live'));
      if (bitrateKbps !== null) bitrate.set({ id, name }, bitrateKbps);
      reconnects.set({ id, name }, counters.reconnects);
      dropped.set({ id, name }, counters.droppedGops);
    }
    if (machine.freeDiskBytes === null) freeDisk.remove();
    else freeDisk.set(machine.freeDiskBytes);
    for (const report of await studio.processes()) {
      const name = { process: report.name };
      up.set(name, Number(report.state === 'running'));
      restarts.set(name, report.restarts);
      if (report.loopDelayP99Ms !== null) loopDelay.set(name, report.loopDelayP99Ms);
      if (report.rssBytes !== null) rss.set(name, report.rssBytes);
      if (report.cpuPercent !== null) cpu.set(name, report.cpuPercent);
    }
    const { watchdogs, restart_history: history, recovery_history: recoveries } = studio.watchdog();
    for (const [watchdog, one] of Object.entries(watchdogs)) {
      if (one.running && one.state !== 'unknown') healthy.set({ watchdog }, Number(one.state === 'healthy'));
      inARow.set({ watchdog }, one.consecutive_unhealthy);
      recovered.set({ watchdog }, one.recovery_count);
    }
    for (const { action } of history) acts.inc({ action });
    for (const { layer, recoveryMs } of recoveries) recovery.set({ layer: String(layer) }, recoveryMs / 1000);
    return { type: registry.contentType, text: await registry.metrics() };
  };
}
