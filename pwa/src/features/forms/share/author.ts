/** How the screens call whoever wrote something. */
import { me } from '../../../data/account.ts';
import { record } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { local, text } from '../../../text/index.ts';
import type { Bilingual } from '../../../text/index.ts';
import { isOwn } from '../fill/model.ts';
import { handOf, ownerName } from './model.ts';

/** Return who wrote on a device: a name, this phone, or what one calls the other phone. */
export function authorName(view: RecordView, replica: string): string {
  const mine = me.value;
  if (replica === mine?.device) return text('devices.this');
  const hand = handOf(view, replica);
  if (hand !== undefined && hand.person !== mine?.id) {
    return hand.unit === null ? hand.name : text('share.officer', { name: hand.name, unit: unitName(hand.unit) });
  }
  const label = record('device', replica).value?.values.label;
  if (typeof label === 'string') return label;
  if (hand !== undefined || isOwn(view, mine?.id)) return text('settle.other');
  return ownerName(view) ?? text('share.owner');
}

/** Return a unit's name in the language shown, or its code while the unit has not arrived on this phone. */
export function unitName(code: string): string {
  const name = record('unit', code).value?.values.name;
  return typeof name === 'object' && name !== null && 'vi' in name && 'en' in name ? local(name as Bilingual) : code;
}
