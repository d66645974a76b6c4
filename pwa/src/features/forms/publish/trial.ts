/** A form that is tried out: what a draft would hold, in memory only. */
import { useSignal } from '@preact/signals';

import { now } from '../../../data/clock.ts';
import type { Value } from '../../../sync/canonical.ts';
import { language } from '../../../text/index.ts';
import type { Filling } from '../fill/filling.ts';
import { beginRow, judge } from '../fill/judging.ts';
import { ANSWER } from '../fill/model.ts';
import { keysWithin, rowKey } from '../fill/place.ts';
import type { Place } from '../fill/place.ts';
import { defaults } from '../rules/defaults.ts';
import type { Form } from '../rules/form.ts';
import { cityMoment } from '../rules/rules.ts';

type Values = Readonly<Record<string, Value>>;
const SEED = 'try-out';

export interface Trial {
  /** The form with the answers so far, judged as a draft would be. */
  readonly given: Filling;
  /** What stands in a field while somebody types there, by key. */
  readonly typed: Readonly<Record<string, string>>;
  put(key: string, value: Value, typed: string): void;
  /** From here on the field shows what it was taken for. */
  leave(key: string): void;
  add(place: Place): void;
  remove(place: Place): void;
  startOver(): void;
}

export function useTrial(form: Form): Trial {
  const values = useSignal<Values>(begun(form));
  const typed = useSignal<Readonly<Record<string, string>>>({});
  const given = fillingOf(form, values.value);
  return {
    given,
    typed: typed.value,
    put(key, value, written) {
      values.value = { ...values.peek(), [key]: value };
      typed.value = { ...typed.peek(), [key]: written };
    },
    leave(key) {
      typed.value = Object.fromEntries(Object.entries(typed.peek()).filter(([each]) => each !== key));
    },
    add(place) {
      values.value = { ...values.peek(), [rowKey(place)]: true, ...beginRow(given, place, SEED) };
    },
    remove(place) {
      values.value = { ...values.peek(), [rowKey(place)]: null };
    },
    startOver() {
      values.value = begun(form);
      typed.value = {};
    },
  };
}

/** Return the register of an answer at a place. */
export function answerKey(place: Place, name: string): string {
  return ANSWER + keysWithin(place) + name;
}

function begun(form: Form): Values {
  const first = Object.entries(defaults(form, cityMoment(now()), SEED));
  return Object.fromEntries(first.map(([name, value]) => [ANSWER + name, value as Value]));
}

function fillingOf(form: Form, values: Values): Filling {
  const nowhere = { kind: 'draft', id: SEED, state: new Map(), conflicts: {}, unsent: false, needs: [] };
  return {
    view: { ...nowhere, values: { ...values } },
    form,
    sha256: '',
    newer: null,
    unsettled: [],
    language: language.value,
    ...judge(form, values, SEED),
  };
}
