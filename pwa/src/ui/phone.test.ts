import { expect, test } from 'vitest';

import { isApple, phoneName } from './phone.ts';

const android = 'Mozilla/5.0 (Linux; Android 13; SM-A047F) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1';
const desktop = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15';

test('a phone is named by its make and browser', () => {
  expect(phoneName({ userAgent: android, maxTouchPoints: 5 })).toBe('Android · Chrome');
  expect(phoneName({ userAgent: iphone, maxTouchPoints: 5 })).toBe('iPhone · Safari');
});

test('an iPad that calls itself a Mac is told by its touch screen', () => {
  expect(isApple({ userAgent: desktop, maxTouchPoints: 5 })).toBe(true);
  expect(isApple({ userAgent: desktop, maxTouchPoints: 0 })).toBe(false);
  expect(isApple({ userAgent: android, maxTouchPoints: 5 })).toBe(false);
});
