const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** A small page of our own, for when the control room itself cannot be shown. No script, no outside resource. */
export function noticePage(title: string, paragraphs: readonly string[], command?: string): string {
  const body = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
  const code = command ? `<pre>${escapeHtml(command)}</pre>` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · VoulezVous TV</title>
<style>
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#0f1115;color:#e8eaf0;font:16px/1.55 system-ui,sans-serif}
main{max-width:34rem;padding:2rem;border:1px solid #262b36;border-radius:14px;background:#161a21}
h1{margin:0 0 .75rem;font-size:1.3rem}p{margin:.5rem 0;color:#aab2c2}
pre{margin:1rem 0 0;padding:.8rem 1rem;border-radius:9px;background:#0b0d11;color:#9db4ff;overflow-x:auto}
</style></head><body><main><h1>${escapeHtml(title)}</h1>
${body}
${code}</main></body></html>
`;
}

export const LINK_NEEDED = noticePage(
  'This control room needs a link',
  [
    'So that nobody else on this machine gets in, the control room opens with a one-time link. Ask for one in a terminal:',
  ],
  'npx vvtvctl open',
);

export const LINK_USED = noticePage(
  'This link was used already',
  [
    'Each link works once, within 15 minutes. If you opened it before in this browser, the control room is at the plain address. Otherwise ask for a new link:',
  ],
  'npx vvtvctl open',
);

export const PAGE_NOT_BUILT = noticePage(
  'The control room is not built yet',
  ['The channel runs, but the page is missing from dist/renderer. Build it and reload:'],
  'npm run build',
);
