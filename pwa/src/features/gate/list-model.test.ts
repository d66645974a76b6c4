import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { emailOf, judge, judgeOne } from './list-model.ts';
import type { Judged } from './list-model.ts';
import { pastedOf, tableOf } from './list-rows.ts';

const FRESH = { language: 'vi', invited: [], room: 1000 } as const;
const csv = (text: string) => judge(tableOf(text), FRESH);
const pasted = (text: string) => judge(pastedOf(text), FRESH);
const people = ({ good }: Judged) => good.map(({ name, email }) => [name, email]);
const faults = ({ bad }: Judged) => bad.map(({ line, faults: all }) => [line, ...all.map(({ code }) => code)]);

describe('a table', () => {
  test.each([
    ['commas', 'Họ và tên,Email\nNguyễn Văn An,an@vidu.vn\n'],
    ['semicolons', 'Họ và tên;Email\nNguyễn Văn An;an@vidu.vn\n'],
    ['tabs', 'Họ và tên\tEmail\nNguyễn Văn An\tan@vidu.vn\n'],
    ['a word about its delimiter', 'sep=;\r\nHọ và tên;Email\r\nNguyễn Văn An;an@vidu.vn\r\n'],
    ['a mark', '\ufeffHọ và tên,Email\nNguyễn Văn An,an@vidu.vn'],
    ['capitals', 'HỌ VÀ TÊN,EMAIL\nNguyễn Văn An,an@vidu.vn'],
    ['other names of columns', 'Thư điện tử;Họ tên\nan@vidu.vn;Nguyễn Văn An'],
    ['names without marks', 'ho_ten,e-mail\nNguyễn Văn An,an@vidu.vn'],
    ['English names', 'E-mail address,Full name\nan@vidu.vn,Nguyễn Văn An'],
    ['quotes', '"Họ và tên","Email"\n"Nguyễn Văn An","an@vidu.vn"'],
    ['a title above', 'DANH SÁCH KHÁCH MỜI,,\n,,\nSTT,Tên,Email\n1,Nguyễn Văn An,an@vidu.vn'],
    ['the name in two columns', 'STT;Họ đệm;Tên;Thư điện tử\n1;Nguyễn Văn;An;an@vidu.vn'],
    ['no header', 'Nguyễn Văn An,an@vidu.vn'],
    ['no header, and numbers first', '1;Nguyễn Văn An;an@vidu.vn\n'],
    ['no header, and addresses first', 'an@vidu.vn,Nguyễn Văn An'],
    ['spaces and letters in two parts', `Họ tên,Email\n  ${'Nguyễn  Văn\u00a0An'.normalize('NFD')} , an@vidu.vn `],
  ])('with %s is read', (_, text) => {
    const judged = csv(text);
    expect(people(judged)).toEqual([['Nguyễn Văn An', 'an@vidu.vn']]);
    expect(judged.bad).toEqual([]);
  });

  test('keeps the delimiter in a quoted cell, and counts rows as a spreadsheet does', () => {
    const judged = csv('Tên,Email,Ghi chú\n"Lê, Bình",binh@vidu.vn,"hai\ndòng"\nHoa,không có,\n');
    expect(people(judged)).toEqual([['Lê, Bình', 'binh@vidu.vn']]);
    expect(judged.bad).toEqual([
      { line: 3, cells: ['Hoa', 'không có', ''], faults: [{ code: 'email_wrong', found: 'không có' }] },
    ]);
  });

  test('takes the language of a row, and the usual one where none stands', () => {
    const text = 'Tên,Email,Ngôn ngữ\nAn,a@vidu.vn,Tiếng Anh\nBình,b@vidu.vn,\nChi,c@vidu.vn,VI\nDũng,d@vidu.vn,fr';
    const judged = csv(text);
    expect(judged.good.map(({ language }) => language)).toEqual(['en', 'vi', 'vi']);
    expect(judged.bad[0]?.faults).toEqual([{ code: 'language_unknown', found: 'fr' }]);
  });

  test('finds the language without a header too', () => {
    expect(csv('An,a@vidu.vn,en\nBình,b@vidu.vn,vi').good.map(({ language }) => language)).toEqual(['en', 'vi']);
  });

  test('names every fault of a row', () => {
    const judged = csv('Tên,Email\n,sai@\nNguy?n V?n A,a@vidu.vn\n12345,b@vidu.vn\nLê Chi,c@vidu,vn\n');
    expect(faults(judged)).toEqual([
      [2, 'name_missing', 'email_wrong'],
      [3, 'name_lost'],
      [4, 'name_odd'],
      [5, 'email_wrong'],
    ]);
  });

  test('a name may stand without an address', () => {
    expect(csv('Tên,Email\nCụ Nguyễn Thị Năm,\n').good).toEqual([
      { line: 2, name: 'Cụ Nguyễn Thị Năm', email: null, language: 'vi' },
    ]);
  });

  test('says where somebody stands twice, or an address is shared', () => {
    const judged = csv('Tên,Email\nAn,a@vidu.vn\nBình,\nan,A@vidu.vn\nBình,\nChi,a@VIDU.vn\n');
    expect(judged.good).toHaveLength(2);
    expect(judged.bad.map(({ line, faults: [fault] }) => [line, fault])).toEqual([
      [4, { code: 'twice', line: 2 }],
      [5, { code: 'twice', line: 3 }],
      [6, { code: 'address_shared', line: 2 }],
    ]);
  });

  test('says who is invited already', () => {
    const invited = [{ name: 'Nguyễn Văn An', email: 'an@vidu.vn' }];
    const table = tableOf('Tên,Email\nNguyễn Văn An,an@vidu.vn\nVợ anh An,an@vidu.vn');
    const judged = judge(table, { ...FRESH, invited });
    expect(faults(judged)).toEqual([[2, 'invited'], [3, 'address_invited']]);
  });

  test('a quotation mark that is not closed spoils its own row and no other', () => {
    const judged = csv('Tên,Email\n"An,a@vidu.vn\nBình,b@vidu.vn\nChi,c@vidu.vn\n');
    expect(faults(judged)).toEqual([[2, 'quotes']]);
    expect(people(judged)).toEqual([['Bình', 'b@vidu.vn'], ['Chi', 'c@vidu.vn']]);
  });

  test('names those for whom the meeting has no room', () => {
    const table = tableOf('Tên\nAn\nBình\nChi\nDũng');
    expect(faults(judge(table, { ...FRESH, room: 2 }))).toEqual([[4, 'too_many'], [5, 'too_many']]);
    expect(judgeOne({ name: 'An', email: '' }, { ...FRESH, room: 0 })).toEqual([{ code: 'too_many' }]);
  });
});

describe('pasted lines', () => {
  test.each([
    ['Nguyễn Văn An <an@vidu.vn>'],
    ['"Nguyễn Văn An" <an@vidu.vn>;'],
    ['Nguyễn Văn An, an@vidu.vn'],
    ['Nguyễn Văn An; an@vidu.vn'],
    ['Nguyễn Văn An\tan@vidu.vn'],
    ['Nguyễn Văn An an@vidu.vn'],
    ['Nguyễn Văn An (an@vidu.vn)'],
    ['an@vidu.vn, Nguyễn Văn An'],
    ['  Nguyễn Văn An <mailto:an@vidu.vn>  '],
    ['Họ và tên, Email\nNguyễn Văn An, an@vidu.vn'],
  ])('%j', (text) => expect(people(pasted(text))).toEqual([['Nguyễn Văn An', 'an@vidu.vn']]));

  test('a bare name has no address; empty lines count and say nothing', () => {
    const judged = pasted('Nguyễn Văn An\r\n\r\nTrần Thị Bình, binh@vidu.vn\r\n, chi@vidu.vn\r\ndung@vidu.vn');
    expect(people(judged)).toEqual([['Nguyễn Văn An', null], ['Trần Thị Bình', 'binh@vidu.vn']]);
    expect(faults(judged)).toEqual([[4, 'name_missing'], [5, 'name_missing']]);
  });

  test('several addresses in a line, as a mail program writes them', () => {
    expect(people(pasted('An <a@vidu.vn>; Bình <b@vidu.vn>, Chi <c@vidu.vn>'))).toEqual([
      ['An', 'a@vidu.vn'],
      ['Bình', 'b@vidu.vn'],
      ['Chi', 'c@vidu.vn'],
    ]);
  });

  test('what follows an address is not dropped', () => {
    expect(pasted('An <a@vidu.vn> (đến muộn)').bad[0]?.faults).toEqual([
      { code: 'email_wrong', found: 'a@vidu.vn (đến muộn)' },
    ]);
  });

  test('two names in a line are named as a wrong address', () => {
    expect(faults(pasted('Nguyễn Văn An, Trần Thị Bình'))).toEqual([[1, 'email_wrong']]);
  });

  test('marks that turn the reading direction are taken out of names', () => {
    expect(people(pasted('An\u202e\u200b Bình'))).toEqual([['An Bình', null]]);
  });
});

describe('one person', () => {
  test('is good', () => {
    expect(judgeOne({ name: ' Nguyễn  An ', email: '' }, FRESH)).toEqual({
      name: 'Nguyễn An',
      email: null,
      language: 'vi',
    });
  });

  test('may share an address, but not be invited twice', () => {
    const invited = [{ name: 'An', email: 'a@vidu.vn' }];
    const judging = { ...FRESH, language: 'en', invited } as const;
    expect(judgeOne({ name: 'Vợ An', email: 'a@vidu.vn' }, judging)).toMatchObject({ name: 'Vợ An', language: 'en' });
    expect(judgeOne({ name: 'AN', email: 'A@vidu.vn' }, judging)).toEqual([{ code: 'invited' }]);
  });

  test('lacks a name', () => {
    const faults = [{ code: 'name_missing' }, { code: 'email_wrong', found: 'x' }];
    expect(judgeOne({ name: ' ', email: 'x' }, FRESH)).toEqual(faults);
  });
});

test.each([
  ['an@vidu.vn', 'an@vidu.vn'],
  [' An.Nguyen+hop@VIDU.gov.VN ', 'An.Nguyen+hop@vidu.gov.vn'],
  ['<an@vidu.vn>', 'an@vidu.vn'],
  ['an@vidu.vn;', 'an@vidu.vn'],
  ['an@xn--vd-8ia.vn', 'an@xn--vd-8ia.vn'],
  ['an@vidu', null],
  ['an@@vidu.vn', null],
  ['an nguyen@vidu.vn', null],
  ['ân@vidu.vn', null],
  ['an..b@vidu.vn', null],
  ['.an@vidu.vn', null],
  ['an@-vidu.vn', null],
  ['an@vidu.v', null],
  [`${'a'.repeat(65)}@vidu.vn`, null],
  ['a@b.vn, c@d.vn', null],
  ['', null],
])('the address %j is %j', (typed, kept) => expect(emailOf(typed)).toBe(kept));

const piece = fc.oneof(
  fc.constantFrom('Họ và tên', 'Email', 'Tên', 'An', 'Bình', 'a@vidu.vn', 'b@vidu.vn'),
  fc.constantFrom('"', '<', '>', '@', ',', ';', '\t', '|'),
  fc.constantFrom('\n', '\r\n', '\r', ' ', '\u0000', '\ud800', '?', 'sep=;', '\ufeff', '\u202e', 'Tiếng Anh', '1'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

test.each([
  ['table', tableOf],
  ['pasted lines', pastedOf],
])('whatever stands in a %s, each row with something in it is good or named bad', (_, read) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const table = read(text);
      const { good, bad } = judge(table, FRESH);
      const filled = table.rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
      expect(good.length + bad.length).toBe(filled.length);
      expect([...good, ...bad].map(({ line }) => line).sort()).toEqual(filled.map(({ line }) => line).sort());
      for (const { faults: all } of bad) expect(all.length).toBeGreaterThan(0);
      for (const { name, email } of good) {
        expect(name).toBe(name.normalize('NFC').trim());
        expect(name).not.toBe('');
        if (email !== null) expect(emailOf(email)).toBe(email);
      }
      const keys = good.map(({ name, email }) => `${name.toLowerCase()} ${email?.toLowerCase() ?? ''}`);
      expect(new Set(keys).size).toBe(keys.length);
    }),
    { numRuns: 1000 },
  );
});
