import * as format from '../time/format.ts';
import { useNow } from '../ui/use-now.ts';

/** The time on top of the now line. */
export function NowFlag() {
  return <span className="now-line__flag numbers">{format.clock(useNow(250))}</span>;
}
