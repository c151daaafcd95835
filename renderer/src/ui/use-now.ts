import { useEffect, useState } from 'react';
import { studioClock } from '../time/server-clock.ts';

/** Studio time, Unix ms, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => studioClock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(studioClock.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
