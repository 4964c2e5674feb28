/** An image of an engine in a list to choose from: its size and its age. */
import { size } from './phrases.ts';

/** `164 MB · 3 days ago`; times are seconds since 1970. */
export function imageDescription(image: { readonly bytes: number; readonly created: number }, now: number): string {
  return image.created <= 0 ? size(image.bytes) : `${size(image.bytes)} · ${age(now - image.created)}`;
}

const units = [
  { name: 'year', seconds: 365 * 86_400 },
  { name: 'month', seconds: 30 * 86_400 },
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
] as const;

/** Rounded down: an image is two days old until it is three. A clock that runs behind makes nothing come from the future. */
function age(seconds: number): string {
  for (const unit of units) {
    const amount = Math.floor(seconds / unit.seconds);
    if (amount > 0) {
      return `${amount} ${unit.name}${amount === 1 ? '' : 's'} ago`;
    }
  }
  return 'just now';
}
