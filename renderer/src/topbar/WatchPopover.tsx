import { Popover } from 'radix-ui';
import { useChannel } from '../state/channel-store.ts';
import { strings } from '../strings.ts';
import { CopyLine } from '../ui/CopyLine.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Tip } from '../ui/Tip.tsx';

/** How to see the channel as a viewer does, with lines to copy. */
export function WatchPopover() {
  const watch = useChannel((store) => store.channel?.watch ?? null);
  const rtmp = watch?.rtmpUrl ?? null;
  const http = watch?.programUrl ?? null;
  return (
    <Popover.Root>
      <Tip text={strings.watch.heading} side="bottom">
        <Popover.Trigger className="icon-button" aria-label={strings.watch.heading}>
          <Icon name="tv" />
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Content className="popover popover--wide" align="start" sideOffset={8} collisionPadding={8}>
          <p className="popover__head">
            <strong>{strings.watch.heading}</strong>
          </p>
          {rtmp || http ? (
            <>
              <p className="popover__lead">{strings.watch.body}</p>
              {rtmp && <CopyLine label={strings.watch.rtmp} text={rtmp} />}
              {rtmp && <CopyLine label={strings.watch.ffplay} text={`ffplay ${rtmp}`} />}
              {rtmp && <CopyLine label={strings.watch.vlc} text={`vlc ${rtmp}`} />}
              {http && <CopyLine label={strings.watch.http} text={http} />}
            </>
          ) : (
            <p className="popover__lead">{strings.watch.none}</p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
