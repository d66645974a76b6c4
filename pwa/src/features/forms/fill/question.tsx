/** A form's question as the field that fits it. */
import type { Value } from '../../../sync/canonical.ts';
import { language, local } from '../../../text/index.ts';
import { OneOf, OneOfMany, SeveralOf } from '../../../ui/choice.tsx';
import { DateField } from '../../../ui/datefield.tsx';
import { TextField } from '../../../ui/field.tsx';
import { sourceText } from '../known/source.ts';
import type { Form, Question } from '../rules/form.ts';
import { answerFrom, typedFrom } from './typed.ts';

/** More choices than these go into the phone's own list. */
const RADIOS = 8;

interface QuestionFieldProps {
  form: Form;
  question: Question;
  answer: unknown;
  /** What stands in the field, when the person is typing there. */
  typed: string | undefined;
  error?: string | undefined;
  optional: boolean;
  /** Where the answer came from, when nobody had to give it. */
  source?: string | undefined;
  onEdit: (value: Value, typed: string) => void;
  onLeave: () => void;
}

export function QuestionField(props: QuestionFieldProps) {
  const { form, question, answer, typed, source, onEdit, onLeave, ...rest } = props;
  const asking = {
    id: question.name,
    label: local(question.label),
    hint: question.hint === undefined ? undefined : local(question.hint),
    note: source === undefined ? undefined : <p class="origin">{sourceText(source)}</p>,
    ...rest,
  };
  const list = form.choices[question.choices ?? ''] ?? [];
  const choices = list.map(({ name, label }) => ({ name, label: local(label) }));
  const choose = (value: Value) => {
    onEdit(value, '');
    onLeave();
  };
  switch (question.type) {
    case 'note':
      return (
        <div class="notice" id={question.name}>
          <p>{local(question.label)}</p>
        </div>
      );
    case 'select_one': {
      const value = typeof answer === 'string' ? answer : null;
      const List = question.appearance === 'minimal' || choices.length > RADIOS ? OneOfMany : OneOf;
      return <List {...asking} choices={choices} value={value} onChoose={choose} />;
    }
    case 'select_multiple': {
      const value = Array.isArray(answer) ? answer.filter((name) => typeof name === 'string') : [];
      const several = (names: string[]) => choose(names.length > 0 ? names : null);
      return <SeveralOf {...asking} choices={choices} value={value} onChoose={several} />;
    }
    case 'date': {
      const value = typed ?? (typeof answer === 'string' ? answer : '');
      return <DateField {...asking} value={value} onInput={(next) => onEdit(next, next ?? '')} onBlur={onLeave} />;
    }
    default:
      return (
        <TextField
          {...asking}
          value={typed ?? typedFrom(question, answer, language.value)}
          multiline={question.appearance === 'multiline'}
          keyboard={keyboardOf(question)}
          narrow={question.type !== 'text' || question.appearance === 'numbers' || question.appearance === 'tel'}
          onInput={(next) => onEdit(answerFrom(question, next, language.value), next)}
          onBlur={onLeave}
        />
      );
  }
}

function keyboardOf({ type, appearance }: Question): 'text' | 'numeric' | 'decimal' | 'tel' | 'email' {
  if (type === 'decimal') return 'decimal';
  if (type === 'integer' || appearance === 'numbers') return 'numeric';
  return appearance === 'tel' || appearance === 'email' ? appearance : 'text';
}
