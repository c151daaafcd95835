import { filmstripTile } from '../monitor/filmstrip.ts';
import { useAsset } from '../state/asset-store.ts';
import { assetPicture, paletteGradient } from '../ui/Poster.tsx';

const TILE_PX = 92;

interface ThumbsProps {
  assetId: string;
  palette: readonly string[];
  widthPx: number;
  durationMs: number;
  /** Part of the item that may be seen, px from its left. */
  fromPx: number;
  toPx: number;
}

/** The item's filmstrip at the scale of the timeline; its poster until the filmstrip is known. */
export function Thumbs({ assetId, palette, widthPx, durationMs, fromPx, toPx }: ThumbsProps) {
  const wide = widthPx > TILE_PX * 1.4;
  const filmstrip = useAsset(wide ? assetId : null)?.filmstrip ?? null;
  const background = `url("${assetPicture(assetId, 'poster')}") left / auto 100% repeat-x, ${paletteGradient(palette)}`;
  if (!wide || !filmstrip) return <div className="thumbs" style={{ background }} />;
  const sprite = assetPicture(assetId, 'filmstrip');
  const first = Math.max(0, Math.floor(fromPx / TILE_PX));
  const last = Math.min(Math.ceil(widthPx / TILE_PX), Math.ceil(toPx / TILE_PX));
  const tiles = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  return (
    <div className="thumbs" style={{ background }}>
      {tiles.map((tile) => {
        const atSeconds = (((tile + 0.5) * TILE_PX) / widthPx) * (durationMs / 1000);
        const left = tile * TILE_PX;
        return (
          <span
            key={tile}
            className="thumbs__tile"
            style={{ left, width: TILE_PX, background: filmstripTile(sprite, filmstrip, atSeconds) }}
          />
        );
      })}
    </div>
  );
}
