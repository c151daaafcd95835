interface PosterProps {
  assetId: string | null;
  width: number;
  /** Shown while the picture loads and when there is none. */
  palette?: readonly string[];
}

/** Address of one of an asset's pictures on the host that served this page. */
export function assetPicture(assetId: string, picture: 'poster' | 'filmstrip'): string {
  return `/assets/${encodeURIComponent(assetId)}/${picture}.jpg`;
}

/** A background for the time before the picture: the asset's own colours. */
export function paletteGradient(palette: readonly string[] | undefined): string {
  const colours = palette?.filter((colour) => /^#[0-9a-f]{6}$/i.test(colour)) ?? [];
  const [first = 'var(--surface-3)', second = first] = colours;
  return `linear-gradient(135deg, ${first}, ${second})`;
}

/** 16:9 picture of an asset; its colours, or plain, when there is none. */
export function Poster({ assetId, width, palette }: PosterProps) {
  const picture = assetId ? `url("${assetPicture(assetId, 'poster')}") center / cover, ` : '';
  const style = { width, height: Math.round((width * 9) / 16), background: picture + paletteGradient(palette) };
  return <span className="poster" style={style} aria-hidden="true" />;
}
