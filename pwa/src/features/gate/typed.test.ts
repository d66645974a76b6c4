import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { encodeText } from '../../codes/base.ts';
import { typedCode } from './typed.ts';

test('any code comes through a paste that breaks it into lines and adds blanks around it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(60), (data, at) => {
      const code = encodeText('MCI1:', data);
      expect(typedCode(`  ${code.slice(0, at)}\r\n${code.slice(at).toLowerCase()}  \n`)).toBe(code);
    }),
  );
});

test('what is no code stays what it is, so that the verdict says so', () => {
  expect(typedCode(' xin chào ')).toBe('XIN CHÀO');
});
