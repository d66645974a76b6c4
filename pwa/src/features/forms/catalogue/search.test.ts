import { describe, expect, test } from 'vitest';

import type { Form } from '../rules/form.ts';
import { begins, folded, nearly } from './fold.ts';
import { search } from './search.ts';

const text = (vi: string, en = vi) => ({ vi, en });

function form(code: string, vi: string, en: string, more: Partial<Form> = {}): Form {
  return {
    form: 'motcua-form/2',
    code,
    version: '1',
    unit: 'ben-thanh',
    title: text(vi, en),
    summary: text('Nộp tại phường', 'Hand in at the ward'),
    fee: { amount: '0' },
    days: { working: 1 },
    result: text('Kết quả', 'Outcome'),
    bring: [],
    authority: text('Ủy ban nhân dân phường Bến Thành', "People's Committee of Bến Thành Ward"),
    notes: [],
    choices: {},
    pages: [],
    ...more,
  };
}

const FORMS = [
  form('birth-registration', 'Đăng ký khai sinh', 'Birth registration', {
    result: text('Giấy khai sinh', 'Birth certificate'),
    search: text('trẻ sơ sinh, em bé', 'newborn, baby'),
  }),
  form('death-registration', 'Đăng ký khai tử', 'Death registration', { search: text('chứng tử', 'deceased') }),
  form('marriage-status', 'Cấp Giấy xác nhận tình trạng hôn nhân', 'Confirmation of marital status', {
    search: text('giấy độc thân', 'single status certificate'),
  }),
  form('marriage-registration', 'Đăng ký kết hôn', 'Marriage registration', {
    search: text('cưới, lấy vợ, lấy chồng', 'wedding, marry'),
  }),
  form('residence-confirmation', 'Xác nhận thông tin về cư trú', 'Residence confirmation', {
    summary: text('Xác nhận nơi ở, dùng khi khai sinh', 'Confirms where one lives'),
    search: text('CT07, hộ khẩu, tạm trú', 'proof of address'),
  }),
  form('certified-copies', 'Chứng thực bản sao từ bản chính', 'Certified copies', {
    search: text('sao y, công chứng', 'notary, degree'),
  }),
  form('household-business', 'Đăng ký hộ kinh doanh', 'Household business registration'),
  form('construction-permit', 'Cấp giấy phép xây dựng nhà ở riêng lẻ', 'Construction permit for a house'),
];

const found = (query: string) => search(FORMS, query, 'vi').map(({ code }) => code);

describe('search finds first', () => {
  test.each([
    ['khai sinh', 'birth-registration'],
    ['khaisinh', 'birth-registration'],
    ['KHAI  SINH', 'birth-registration'],
    ['Khai sinh', 'birth-registration'],
    ['khai sinh'.normalize('NFD'), 'birth-registration'],
    ['birth', 'birth-registration'],
    ['birth cert', 'birth-registration'],
    ['birthcertificate', 'birth-registration'],
    ['giấy khai sinh', 'birth-registration'],
    ['giay khai sinh', 'birth-registration'],
    ['đăng ký khai', 'birth-registration'],
    ['sinh', 'birth-registration'],
    ['em bé', 'birth-registration'],
    ['newborn', 'birth-registration'],
    ['khia sinh', 'birth-registration'],
    ['khaissinh', 'birth-registration'],
    ['khaisnh', 'birth-registration'],
    ['brith', 'birth-registration'],
    ['khai tu', 'death-registration'],
    ['khai tử', 'death-registration'],
    ['chứng tử', 'death-registration'],
    ['decesed', 'death-registration'],
    ['kết hôn', 'marriage-registration'],
    ['kethon', 'marriage-registration'],
    ['ket hon', 'marriage-registration'],
    ['lay vo', 'marriage-registration'],
    ['mariage', 'marriage-registration'],
    ['hôn nhân', 'marriage-status'],
    ['doc than', 'marriage-status'],
    ['marital', 'marriage-status'],
    ['cu tru', 'residence-confirmation'],
    ['ct07', 'residence-confirmation'],
    ['hộ khẩu', 'residence-confirmation'],
    ['sao y', 'certified-copies'],
    ['saoy', 'certified-copies'],
    ['certified', 'certified-copies'],
    ['kinh doanh', 'household-business'],
    ['ho kinh doanh', 'household-business'],
    ['xay dung', 'construction-permit'],
    ['giấy phép xây', 'construction-permit'],
    ['house permit', 'construction-permit'],
    ['làm giấy khai sinh cho con', 'birth-registration'],
    ['how to get a birth certificate', 'birth-registration'],
  ])('%s', (query, code) => expect(found(query)[0]).toBe(code));
});

describe('search', () => {
  test('mixes both languages in one query', () => expect(found('birth giấy')).toEqual(['birth-registration']));

  test('puts what has it in the title before what has it elsewhere', () => {
    expect(found('khai sinh')).toEqual(['birth-registration', 'residence-confirmation']);
  });

  test('does not meet the middle of a word', () => {
    expect(found('inh')).toEqual([]);
  });

  test('a wrong letter counts only when nothing else fits', () => {
    expect(found('khai')).toEqual(['birth-registration', 'death-registration', 'residence-confirmation']);
  });

  test('without words finds all, in the order of the titles in the language shown', () => {
    expect(search(FORMS, '  ', 'en')[0]?.code).toBe('birth-registration');
    expect(found(' .,')).toHaveLength(FORMS.length);
  });

  test('finds nothing for what nothing is about', () => {
    for (const query of ['hộ chiếu', 'zzz', 'quốc phòng', '%%%abcxyz']) expect(found(query)).toEqual([]);
  });
});

describe('words', () => {
  test('fold composed and decomposed letters alike, and drop punctuation', () => {
    expect(folded('Đường Nguyễn Huệ, số 1')).toEqual(['duong', 'nguyen', 'hue', 'so', '1']);
    expect(folded('Nguyễn'.normalize('NFD'))).toEqual(['nguyen']);
  });

  test('begin over the bounds of words', () => {
    expect(begins(['khai', 'sinh'], 'khaisi')).toBe(true);
    expect(begins(['khai', 'sinh'], 'sinhx')).toBe(false);
    expect(begins(['khai', 'sinh'], 'hai')).toBe(false);
  });

  test('are nearly the same with one letter left out, put in, mistaken or misplaced', () => {
    const near = ['mariage', 'marrriage', 'marriege', 'marraige'];
    expect(near.filter((typed) => nearly(['marriage'], typed))).toEqual(near);
    expect(nearly(['marriage'], 'mxrrxage')).toBe(false);
    expect(nearly(['an'], 'ah')).toBe(false);
  });
});
