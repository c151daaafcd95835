import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

/** What a figure must reach: `<= 20`, `>= 0.85`, `= 0`. */
export type Bar = `${'<=' | '>=' | '='} ${number}`;

export interface Metric {
  /** null: could not be measured. That misses any bar. */
  value: number | null;
  unit: string;
  /** null: an informative figure without a bar. */
  bar: Bar | null;
}

export interface Report {
  name: string;
  machine: string;
  at: string;
  metrics: Record<string, Metric>;
}

/**
 * Prints one table (key, value, unit, bar, verdict) and writes `bench/results/<name>.json`.
 * Returns what was written. A missed bar does not change the exit code: a benchmark measures, it does not judge.
 */
export function report(name: string, metrics: Record<string, Metric>): Report {
  const result: Report = { name, machine: machineName(), at: new Date().toISOString(), metrics };
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`${name} on ${result.machine}`);
  console.log(formatTable(metrics));
  return result;
}

/** 'met' or 'missed' against the bar, '-' where there is none. */
export function verdict(metric: Metric): 'met' | 'missed' | '-' {
  if (metric.bar === null) return '-';
  if (metric.value === null || Number.isNaN(metric.value)) return 'missed';
  const [operator, text] = metric.bar.split(' ');
  const limit = Number(text);
  const met =
    operator === '<=' ? metric.value <= limit : operator === '>=' ? metric.value >= limit : metric.value === limit;
  return met ? 'met' : 'missed';
}

function formatTable(metrics: Record<string, Metric>): string {
  const rows = [
    ['key', 'value', 'unit', 'bar', 'verdict'],
    ...Object.entries(metrics).map(([key, metric]) => [
      key,
      metric.value === null ? 'unknown' : formatNumber(metric.value),
      metric.unit,
      metric.bar ?? '',
      verdict(metric),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(4);
}

/** Processor, cores, memory, system and Node version: what a figure needs to be compared with another one. */
function machineName(): string {
  const cores = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cores[0]?.model.trim() ?? 'unknown CPU'}, ${cores.length} cores, ${gib} GiB, ${type()} ${release()}, Node ${process.version}`;
}
