import { useEffect, useState } from 'react';
import { strings } from '../strings.ts';
import { Icon } from './Icon.tsx';

/** A line of text with a button that copies it. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="copy-line">
      <span className="caption">{label}</span>
      <code className="copy-line__text">{text}</code>
      <button
        type="button"
        className="icon-button"
        aria-label={`${copied ? strings.watch.copied : strings.watch.copy}: ${label}`}
        onClick={() => void copyText(text).then(setCopied)}
      >
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </div>
  );
}

/** False when the browser does not let the page write to the clipboard: the text can still be selected by hand. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
