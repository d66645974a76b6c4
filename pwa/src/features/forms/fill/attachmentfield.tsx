import type { Asking } from '../../../ui/field.tsx';
import type { Value } from '../../../sync/canonical.ts';
import { Attachment } from '../attach/attachment.tsx';
import type { Question } from '../rules/form.ts';

interface AttachmentFieldProps extends Asking {
  question: Question;
  draft: string;
  answer: unknown;
  onChoose: (value: Value) => void;
}

/** A file that is added to a form. */
export function AttachmentField({ draft, onChoose, ...asking }: AttachmentFieldProps) {
  return <Attachment key={draft} {...asking} onChange={onChoose} />;
}
