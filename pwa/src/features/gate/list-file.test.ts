import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { textOfFile } from './list-file.ts';

const LIST = 'Họ và tên;Email\r\nNguyễn Thị Hồng Ánh;anh@vidu.vn\r\n';

function utf16(text: string, big: boolean, mark: boolean): Uint8Array {
  const units = Array.from((mark ? '\ufeff' : '') + text, (letter) => letter.charCodeAt(0));
  return Uint8Array.from(units.flatMap((unit) => (big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])));
}

describe('textOfFile', () => {
  test.each([
    ['UTF-8', new TextEncoder().encode(LIST)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${LIST}`)],
    ['UTF-8 with letters in two parts', new TextEncoder().encode(LIST.normalize('NFD'))],
    ['UTF-16 as Excel saves it', utf16(LIST, false, true)],
    ['UTF-16, big end first', utf16(LIST, true, true)],
    ['UTF-16 without a mark', utf16(LIST, false, false)],
    ['UTF-16 without a mark, big end first', utf16(LIST, true, false)],
  ])('reads %s', (_, bytes) => {
    const read = textOfFile(bytes);
    expect(read).toMatchObject({ guessed: false });
    expect('text' in read && read.text.normalize('NFC').replace('\ufeff', '')).toBe(LIST);
  });

  test('takes what is neither for windows-1258, and says that it guessed', () => {
    // "Nguyễn" there: u, y, ê, a combining tilde, n
    const bytes = Uint8Array.from([0x4e, 0x67, 0x75, 0x79, 0xea, 0xde, 0x6e]);
    expect(textOfFile(bytes)).toEqual({ text: 'Nguyễn', guessed: true });
  });

  test.each([
    ['file_empty', new Uint8Array()],
    ['file_workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0])],
    ['file_workbook', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
    ['file_binary', Uint8Array.from([0x25, 0x50, 0, 0, 0, 0, 0, 0])],
    ['file_large', new Uint8Array(3 * 1024 * 1024).fill(65)],
  ])('says %s', (fault, bytes) => expect(textOfFile(bytes)).toEqual({ fault }));

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void textOfFile(bytes)));
  });
});
