/** A category with a coloured dot. A category has the same colour everywhere. */

/** Any text -> a hue of the colour wheel (FNV-1a), so that similar names get distant hues. */
function hueOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % 360;
}

export function CategoryTag({ name }: { name: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-2">
      <span
        aria-hidden
        className="size-2 shrink-0 rounded-full"
        style={{ backgroundColor: `oklch(0.66 0.15 ${hueOf(name)})` }}
      />
      <span className="truncate">{name}</span>
    </span>
  );
}
