/** Opens an address in the person's browser. False where there is no desktop to do it on. */
export async function openInBrowser(url: string): Promise<boolean> {
  const hasDesktop = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  if (!hasDesktop) return false;
  const { default: open } = await import('open');
  const child = await open(url);
  // The link is printed too: a browser that cannot be started is no reason to fail.
  child.on('error', () => undefined);
  child.unref();
  return true;
}
