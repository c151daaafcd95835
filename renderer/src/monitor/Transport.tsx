import { skip, takeNext, toggleHold } from '../api/program-commands.ts';
import { isLive } from '../state/air-state.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tip } from '../ui/Tip.tsx';
import { useAir } from '../ui/use-air.ts';
import { useBusy } from '../ui/use-busy.ts';

/** Take, skip, hold. */
export function Transport() {
  const live = isLive(useAir());
  const hold = useStatus((store) => store.status?.hold ?? false);
  const hasNext = useStatus((store) => Boolean(store.status?.next));
  const [taking, take] = useBusy();
  const [skipping, doSkip] = useBusy();
  const [holding, doHold] = useBusy();
  const t = strings.transport;
  return (
    <div className="transport card">
      <Tip text={t.takeTip} keys="T">
        <button
          type="button"
          className="button button--take"
          disabled={!live || !hasNext}
          aria-busy={taking}
          onClick={() => take(() => takeNext())}
        >
          <Icon name="next" />
          {t.take}
        </button>
      </Tip>
      <Tip text={t.skipTip} keys="S">
        <button type="button" className="button" disabled={!live} aria-busy={skipping} onClick={() => doSkip(skip)}>
          <Icon name="skip" />
          {t.skip}
        </button>
      </Tip>
      <Tip text={hold ? t.releaseTip : t.holdTip} keys="H">
        <button
          type="button"
          className={hold && live ? 'button button--on' : 'button'}
          disabled={!live}
          aria-pressed={hold}
          aria-busy={holding}
          onClick={() => doHold(toggleHold)}
        >
          <Icon name="hold" />
          {hold && live ? t.holding : t.hold}
        </button>
      </Tip>
    </div>
  );
}
