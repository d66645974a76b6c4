import { expect, test } from 'vitest';

import { ofFix, pasted, readGeo, writeGeo } from './geo.ts';

test('a fix is stored as degrees and metres without idle zeros', () => {
  expect(ofFix({ latitude: 10.7769, longitude: 106.70080612, altitude: null, accuracy: 12 })).toBe(
    '10.7769 106.700806 0 12',
  );
  expect(ofFix({ latitude: -0.0000001, longitude: 100, altitude: 4.25, accuracy: 0 })).toBe('0 100 4.3 0');
});

test('typed degrees take a comma for a point, and one alone is kept as typed', () => {
  expect(writeGeo('10,7769', ' 106.7')).toBe('10.7769 106.7 0 0');
  expect(writeGeo('', '')).toBeNull();
  expect(readGeo(writeGeo('10.7', '') ?? '')).toMatchObject({ latitude: '10.7', longitude: '' });
  expect(readGeo(writeGeo('', '106') ?? '')).toMatchObject({ latitude: '', longitude: '106' });
});

test('a pair that a map copied is taken apart', () => {
  expect(pasted('10.776889, 106.700806')).toEqual(['10.776889', '106.700806']);
  expect(pasted('10.77')).toBeNull();
  expect(pasted('10,77')).toBeNull();
});
