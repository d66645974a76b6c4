/** What the page and the worker that reads codes say to each other. */

/** Which codes are looked for: QR codes alone, as this app makes them, or the usual ones on goods and papers too. */
export type Codes = 'qr' | 'all';

/** A picture to look for a code in; `sides` are the lengths in px of its longer side to try, one after the other. */
export interface ReadJob {
  id: number;
  picture: ImageBitmap | ImageData;
  sides: readonly number[];
  /** Spend more time on it: small, dim, inverted or far-away codes. */
  harder: boolean;
  codes: Codes;
}

/** `text` is null when there is no code; `failed` says that the worker can't read at all. */
export type ReadResult = { id: number; text: string | null } | { id: number; failed: string };
