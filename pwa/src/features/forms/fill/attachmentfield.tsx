import { Given } from './given.tsx';
import type { Asking } from '../../../ui/field.tsx';
import type { Value } from '../../../sync/canonical.ts';
import type { Question } from '../rules/form.ts';
import { textOf } from '../rules/rules.ts';

interface AttachmentFieldProps extends Asking {
  question: Question;
  draft: string;
  answer: unknown;
  onChoose: (value: Value) => void;
}

/** A file that is added to a form. */
export function AttachmentField({ answer, ...asking }: AttachmentFieldProps) {
  return <Given {...asking} shown={textOf(answer)} computed={false} />;
}
