import { Dialog } from 'radix-ui';
import { strings } from '../strings.ts';
import { SHORTCUTS } from './shortcuts.ts';

/** Every key the page listens to. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title className="dialog__title">{strings.shortcuts.heading}</Dialog.Title>
          <dl className="sheet">
            {SHORTCUTS.map(({ keys, name }) => (
              <div key={name} className="sheet__row">
                <dt>{strings.shortcuts.list[name]}</dt>
                <dd>
                  {keys.split(' ').map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <div className="dialog__buttons">
            <Dialog.Close className="button">{strings.dialog.close}</Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
