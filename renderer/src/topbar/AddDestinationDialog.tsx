import { Dialog } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { command } from '../api/command.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tip } from '../ui/Tip.tsx';

/** Same rule as the contract's `destinationUrlSchema`, for a sentence before anything is sent. */
const ADDRESS = /^(rtmps?|srt):\/\/[^\s/]+/;

/** A button that opens a form for a new destination. The address is hidden like a password while it is typed. */
export function AddDestinationDialog() {
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [tested, setTested] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const t = strings.destinations;

  /** Goes the way to the address and says where it ends; nothing is stored. */
  const check = async (form: HTMLFormElement | null) => {
    const url = form ? String(new FormData(form).get('url') ?? '').trim() : '';
    setTested(null);
    setProblem(ADDRESS.test(url) ? null : t.badUrl);
    if (!ADDRESS.test(url)) return;
    setBusy(true);
    const result = await command((client) => client.destinations.test({ url }), { quiet: true });
    setBusy(false);
    if (!result.ok) return setProblem(result.text);
    const last = result.value.steps.at(-1);
    if (result.value.ok) setTested(last?.message ?? null);
    else setProblem(last?.message ?? null);
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name') ?? '').trim();
    const url = String(form.get('url') ?? '').trim();
    const wrong = name.length < 1 || name.length > 80 ? t.badName : ADDRESS.test(url) ? null : t.badUrl;
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    const result = await command((client) => client.destinations.add({ name, url }), { quiet: true });
    setBusy(false);
    if (result.ok) setOpen(false);
    else setProblem(result.text);
  };

  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setProblem(null);
        setTested(null);
        setShown(false);
      }}
    >
      <Tip text={t.add} side="bottom">
        <Dialog.Trigger className="icon-button" aria-label={t.add}>
          <Icon name="plus" />
        </Dialog.Trigger>
      </Tip>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title className="dialog__title">{t.add}</Dialog.Title>
          <Dialog.Description className="dialog__body">{t.addBody}</Dialog.Description>
          <form className="form" noValidate onSubmit={(event) => void submit(event)}>
            <label>
              {t.name}
              <input name="name" placeholder={t.namePlaceholder} maxLength={80} autoComplete="off" />
            </label>
            <label>
              {t.url}
              <input
                name="url"
                type={shown ? 'text' : 'password'}
                placeholder={t.urlHint}
                autoComplete="off"
                spellCheck={false}
                aria-describedby="destination-problem"
              />
            </label>
            <label className="form__check">
              <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
              {t.showKey}
            </label>
            <p id="destination-problem" className="form__problem" role="alert">
              {problem}
            </p>
            <p role="status">{busy ? t.working : tested}</p>
            <div className="dialog__buttons">
              <Dialog.Close className="button">{strings.dialog.cancel}</Dialog.Close>
              <button
                type="button"
                className="button"
                disabled={busy}
                onClick={(event) => void check(event.currentTarget.form)}
              >
                {t.test}
              </button>
              <button type="submit" className="button button--primary" disabled={busy}>
                {t.addConfirm}
              </button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
