import { dismissToast, useToasts } from '../state/toast-store.ts';
import { strings } from '../strings.ts';
import { Icon } from './Icon.tsx';

/** Messages about what was done, with Undo where there is one. Read out politely. */
export function Toasts() {
  const toasts = useToasts((store) => store.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.key} className="toast" data-tone={toast.tone}>
          {toast.tone === 'error' && <Icon name="alert" />}
          <p>
            {toast.text}
            {toast.hint && <small>{toast.hint}</small>}
          </p>
          {toast.action && (
            <button
              type="button"
              className="button toast__action"
              onClick={() => {
                toast.action?.run();
                dismissToast(toast.key);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={strings.errors.dismiss}
            onClick={() => dismissToast(toast.key)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
