import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import type { Bad, Fault } from './list-model.ts';

/** "thiếu họ tên", "địa chỉ thư không đúng: an@vidu". */
export function faultText(fault: Fault): string {
  const key: Key = `fault.${fault.code}`;
  if ('found' in fault) return text(key, { found: fault.found });
  return text(key, 'line' in fault ? { line: fault.line } : {});
}

/** What is wrong with the one person who was typed in. */
export function faultSentence(fault: Fault): string {
  if (fault.code === 'name_missing') return text('invite.name.missing');
  const words = faultText(fault);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "Dòng 7: thiếu họ tên; địa chỉ thư không đúng: an@vidu" */
export function badText({ line, faults }: Bad): string {
  return text('list.bad.line', { line, faults: faults.map(faultText).join('; ') });
}
