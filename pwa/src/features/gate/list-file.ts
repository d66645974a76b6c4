/** A list's file as text, whatever program wrote it: Excel alone has four ways to save one. */

export type FileFault = 'file_empty' | 'file_large' | 'file_workbook' | 'file_binary';

export type FileText =
  | { text: string; /** The letters are a guess: the file says nothing of its encoding. */ guessed: boolean }
  | { fault: FileFault };

/** A list of 2,000 people is a tenth of this, even in UTF-16. */
const FILE_BYTES = 2 * 1024 * 1024;
const SAMPLE = 4_000;

/** Read UTF-8 and UTF-16, with and without a byte order mark; what is neither is taken for windows-1258. */
export function textOfFile(bytes: Uint8Array): FileText {
  if (bytes.length === 0) return { fault: 'file_empty' };
  if (bytes.length > FILE_BYTES) return { fault: 'file_large' };
  if (begins(bytes, 0x50, 0x4b, 0x03, 0x04) || begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    return { fault: 'file_workbook' };
  }
  const wide = wideEncoding(bytes);
  if (wide !== null) return { text: decoded(bytes, wide), guessed: false };
  if (bytes.subarray(0, SAMPLE).includes(0)) return { fault: 'file_binary' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), guessed: false };
  } catch {
    return { text: decoded(bytes, 'windows-1258'), guessed: true };
  }
}

/** Excel's "Unicode text" has a mark; other programs leave it out, and then every other byte of ASCII is zero. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (begins(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (begins(bytes, 0xfe, 0xff)) return 'utf-16be';
  const zeros = [0, 0];
  const sample = bytes.subarray(0, SAMPLE);
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const most = sample.length / 8;
  if (odd > most && even <= odd / 16) return 'utf-16le';
  return even > most && odd <= even / 16 ? 'utf-16be' : null;
}

function decoded(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes).normalize('NFC');
}

function begins(bytes: Uint8Array, ...mark: number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
