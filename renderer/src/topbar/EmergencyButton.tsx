import { useEffect, useState } from 'react';
import { toggleEmergency } from '../api/program-commands.ts';
import { isLive } from '../state/air-state.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import { Tip } from '../ui/Tip.tsx';
import { useAir } from '../ui/use-air.ts';

/** One click to the emergency loop, one click back. Says what it will do, and that it is doing it. */
export function EmergencyButton() {
  const air = useAir();
  const emergency = useStatus((store) => store.status?.emergency ?? false);
  const [wanted, setWanted] = useState<boolean | null>(null);
  useEffect(() => {
    if (wanted === emergency) setWanted(null);
  }, [wanted, emergency]);
  const live = isLive(air);
  const going = wanted !== null && wanted !== emergency;
  const click = () => {
    setWanted(!emergency);
    void toggleEmergency().finally(() => setWanted(null));
  };
  const tip = live
    ? emergency
      ? strings.emergency.tipBack
      : strings.emergency.tip
    : air === 'lost' || air === 'connecting'
      ? strings.emergency.unknown
      : strings.emergency.offAir;
  return (
    <Tip text={tip} keys="Shift E" side="bottom">
      <button
        type="button"
        className="emergency"
        data-on={emergency && live}
        aria-pressed={emergency}
        aria-disabled={!live}
        aria-busy={going}
        onClick={() => live && !going && click()}
      >
        {going ? strings.emergency.going : emergency && live ? strings.emergency.back : strings.emergency.go}
      </button>
    </Tip>
  );
}
