import { expect, onTestFinished, test, vi } from 'vitest';

import { openTexts, speak } from '../../../text/index.ts';
import { sourceText } from './source.ts';

test('a mark says where an answer came from, in the language shown', async () => {
  await openTexts('filling');
  expect(sourceText('card/birth_date')).toBe('Lấy từ thẻ căn cước');
  expect(sourceText('identity/name')).toBe('Lấy từ danh tính đã xác nhận tại quầy');
  expect(sourceText('account/name')).toBe('Lấy từ tài khoản của bạn');
  // The procedure's title is that of its form; here none has arrived.
  expect(sourceText('last/complaint/phone/2026-05-05')).toBe('Lấy từ hồ sơ “complaint” ngày 05/05/2026');
});

test('in English too', async () => {
  vi.stubGlobal('document', { documentElement: { lang: 'vi' } });
  onTestFinished(() => speak('vi'));
  await speak('en');
  expect(sourceText('card/sex')).toBe('From your citizen card');
  expect(sourceText('last/complaint/phone/2026-05-05')).toBe('From “complaint”, which you sent on 5 May 2026');
});
