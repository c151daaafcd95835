import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';

interface TipProps {
  text: string;
  /** Keys that do the same, for example `T` or `Shift E`. */
  keys?: string | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}

/** What a control does and its shortcut, on hover and on focus. */
export function Tip({ text, keys, side = 'top', children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys?.split(' ').map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
