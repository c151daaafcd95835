import { Component, type ReactNode } from 'react';
import { strings } from '../strings.ts';

/** A defect of the page is said plainly, with the way back; the channel does not depend on it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="crashed" role="alert">
        <h1>{strings.errors.crashed}</h1>
        <p>{strings.errors.crashedHint}</p>
        <pre>{error instanceof Error ? (error.stack ?? error.message) : String(error)}</pre>
        <button type="button" className="button button--primary" onClick={() => window.location.reload()}>
          {strings.errors.reload}
        </button>
      </main>
    );
  }
}
