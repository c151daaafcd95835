import { create } from 'zustand';

export interface Toast {
  key: number;
  tone: 'info' | 'error';
  text: string;
  /** What the person can do about an error. */
  hint?: string;
  action?: { label: string; run: () => void };
}

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

const SHOWN_MS = 6000;
const MOST = 4;
let nextKey = 1;

/** Shows a message for six seconds (errors and undo ten), newest last, at most four at once. */
export function toast(message: Omit<Toast, 'key'>): number {
  const key = nextKey;
  nextKey += 1;
  useToasts.setState((before) => ({ toasts: [...before.toasts, { ...message, key }].slice(-MOST) }));
  setTimeout(() => dismissToast(key), message.tone === 'error' || message.action ? SHOWN_MS + 4000 : SHOWN_MS);
  return key;
}

export function dismissToast(key: number): void {
  useToasts.setState((before) => ({ toasts: before.toasts.filter((item) => item.key !== key) }));
}
