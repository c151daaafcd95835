import type { AlertItem, AlertMessage } from '../contract/alert.ts';

const MARK = { critical: '🔴', warning: '🟠', info: '🔵' } as const;
/** From so many items of one kind on, their subjects share a line. */
const GROUP_FROM = 4;
const NAMED_IN_GROUP = 12;

/** One line that says how bad it is: `Night TV: 2 critical, 1 over`. */
export function alertTitle({ channelName, items }: AlertMessage): string {
  const going = items.filter((item) => item.change === 'opened' || item.change === 'worse');
  const parts = (['critical', 'warning', 'info'] as const)
    .map((severity) => [going.filter((item) => item.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`);
  const over = items.length - going.length;
  if (over > 0) parts.push(`${over} over`);
  return `${channelName}: ${parts.join(', ')}`;
}

/** The whole message as plain text, at most `limit` characters: what does not fit is counted, the worst comes first. */
export function alertText(message: AlertMessage, limit: number): string {
  const title = alertTitle(message);
  const lines = groups(message.items).map(line);
  let text = title;
  for (const [index, next] of lines.entries()) {
    const rest = lines.length - index;
    const more = `\n… and ${rest} more: vvtvctl incident list`;
    const room = limit - text.length - 1 - (rest > 1 ? more.length : 0);
    if (next.length > room) return `${text}${more}`.slice(0, limit);
    text += `\n${next}`;
  }
  return text;
}

function groups(items: readonly AlertItem[]): AlertItem[][] {
  const together = Map.groupBy(items, ({ change, code, severity }) => `${change} ${code} ${severity}`);
  return [...together.values()].flatMap((group) =>
    group.length >= GROUP_FROM ? [group] : group.map((item) => [item]),
  );
}

function line(group: readonly AlertItem[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { change, severity, code, message } = first;
  const head = change === 'resolved' ? '✅ Over' : `${MARK[severity]} ${severity.toUpperCase()}`;
  if (group.length === 1) return `${head}: ${message}${lasted(first)}`;
  const named = group.slice(0, NAMED_IN_GROUP).map((item) => item.subject);
  const more = group.length - named.length;
  return `${head}: ${code.replaceAll('_', ' ')} × ${group.length}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function lasted({ change, openedAtMs, resolvedAtMs }: AlertItem): string {
  if (resolvedAtMs === null || (change !== 'resolved' && change !== 'passed')) return '';
  const seconds = Math.max(1, Math.round((resolvedAtMs - openedAtMs) / 1000));
  const span = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return change === 'passed' ? ` (over after ${span})` : ` (it lasted ${span})`;
}
