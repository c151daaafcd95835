import { type FormEvent, useState } from 'react';
import { command } from '../api/command.ts';
import { isLive } from '../state/air-state.ts';
import { toast } from '../state/toast-store.ts';
import { strings } from '../strings.ts';
import { CopyLine } from '../ui/CopyLine.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useAir } from '../ui/use-air.ts';

/** Shown while there is no folder to take videos from: how to add one, here or on the command line. */
export function FirstRun() {
  const live = isLive(useAir());
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const t = strings.firstRun;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const path = String(new FormData(event.currentTarget).get('path') ?? '').trim();
    if (!path) {
      setProblem(t.noPath);
      return;
    }
    setBusy(true);
    setProblem(null);
    const result = await command((client) => client.library.addFolder({ path }), { quiet: true });
    setBusy(false);
    if (result.ok) toast({ tone: 'info', text: t.added(path) });
    else setProblem(result.text);
  };
  return (
    <section className="first-run card" aria-labelledby="first-run">
      <span className="first-run__icon">
        <Icon name="folder" />
      </span>
      <h2 id="first-run">{t.heading}</h2>
      <p>{t.body}</p>
      <form className="first-run__form" noValidate onSubmit={(event) => void submit(event)}>
        <label className="visually-hidden" htmlFor="first-run-path">
          {t.path}
        </label>
        <input
          id="first-run-path"
          name="path"
          placeholder={t.placeholder}
          autoComplete="off"
          spellCheck={false}
          aria-describedby="first-run-problem"
        />
        <button type="submit" className="button button--primary" disabled={busy}>
          {t.add}
        </button>
      </form>
      <p id="first-run-problem" className="form__problem" role="alert">
        {problem}
      </p>
      <CopyLine label={t.or} text={`npm start -- --library ${t.placeholder}`} />
      <p className="muted">{live ? t.onAir : t.offAir}</p>
    </section>
  );
}
