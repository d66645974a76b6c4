/** How long a draft takes to be judged after a keystroke, in the page itself. `loadtests/forms_bench.py` calls this. */
import type { Value } from '../../../sync/canonical.ts';
import { cityMoment } from '../rules/asking.ts';
import { evaluate } from '../rules/evaluation.ts';
import type { Form } from '../rules/form.ts';
import { nested } from '../rules/registers.ts';

interface Given {
  form: Form;
  /** A draft's registers. */
  values: Readonly<Record<string, Value>>;
  /** Registers into which is typed, one after the other. */
  typed: readonly string[];
  rounds: number;
  now: number;
}

/** Return the ms of each round, the first one apart: it parses the form's expressions. */
export function measure({ form, values, typed, rounds, now }: Given): { first: number; took: number[]; parts: number } {
  const at = cityMoment(now);
  let draft = values;
  let parts = 0;
  const judge = (): number => {
    const began = performance.now();
    const { answers } = nested(form, draft);
    parts = evaluate(form, answers, at, 'bench').relevant.size;
    return performance.now() - began;
  };
  const first = judge();
  const took = Array.from({ length: rounds }, (_, round) => {
    const key = typed[round % typed.length] ?? '';
    const old = draft[key];
    const next = typeof old === 'number' ? (old % 90) + 1 : `${typeof old === 'string' ? old.slice(-20) : ''}a`;
    draft = { ...draft, [key]: next };
    return judge();
  });
  return { first, took, parts };
}
