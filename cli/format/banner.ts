export interface BannerFacts {
  readonly channelName: string;
  readonly link: string;
  readonly rtmpUrl: string | null;
  readonly dataDir: string;
  readonly libraryFolders: readonly string[];
}

/** What a person sees when the studio has started. */
export function formatBanner(facts: BannerFacts, bold: (text: string) => string): string {
  const watch = facts.rtmpUrl ?? 'the RTMP origin is still starting; see `vvtvctl status`';
  const library =
    facts.libraryFolders.length > 0
      ? facts.libraryFolders.join(', ')
      : 'no folder yet; the emergency loop airs. Add one: vvtvctl library add /path/to/videos';
  return [
    '',
    bold(`  ${facts.channelName}`),
    '',
    `  Control room   ${facts.link}`,
    '                 (works once; `vvtvctl open` makes another)',
    `  Watch          ${watch}`,
    ...(facts.rtmpUrl ? [`                 ffplay -fflags nobuffer ${facts.rtmpUrl}`] : []),
    `  Library        ${library}`,
    `  Data           ${facts.dataDir}`,
    '',
    '  Ctrl-C goes off air and stops everything.',
    '',
  ].join('\n');
}
