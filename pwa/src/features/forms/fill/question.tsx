/** A form's question as the field that fits it. */
import type { ComponentChildren } from 'preact';

import type { Value } from '../../../sync/canonical.ts';
import { language, text } from '../../../text/index.ts';
import { OneOf, OneOfMany, SeveralOf } from '../../../ui/choice.tsx';
import { ClockField, MomentField } from '../../../ui/clockfield.tsx';
import { CodeField } from '../../../ui/codefield.tsx';
import { ConfirmField } from '../../../ui/confirmfield.tsx';
import { DateField } from '../../../ui/datefield.tsx';
import { TextField } from '../../../ui/field.tsx';
import { GeoField } from '../../../ui/geofield.tsx';
import { RangeField } from '../../../ui/rangefield.tsx';
import { RankField } from '../../../ui/rankfield.tsx';
import { sourceText } from '../known/source.ts';
import type { Question } from '../rules/form.ts';
import type { Asked } from './asked.ts';
import { AttachmentField } from './attachmentfield.tsx';
import { Given } from './given.tsx';
import { answerFrom, rangeOf, typedFrom, writtenDecimal } from './typed.ts';

/** More choices than these go into the phone's own list. */
const RADIOS = 8;

interface QuestionFieldProps {
  asked: Asked;
  /** The id of the draft. */
  draft: string;
  answer: unknown;
  /** What stands in the field, when the person is typing there. */
  typed: string | undefined;
  error?: string | undefined;
  optional: boolean;
  /** Where the answer came from, when nobody had to give it. */
  source?: string | undefined;
  /** Who wrote the answer, when it was somebody else. */
  wrote?: ComponentChildren;
  onEdit: (value: Value, typed: string) => void;
  onLeave: () => void;
}

/** The field, with what a test or another tool finds it by: its path and type. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, path } = props.asked;
  return (
    <div data-question={path} data-type={question.type}>
      {fieldOf(props)}
    </div>
  );
}

function fieldOf({ asked, draft, answer, typed, source, wrote, onEdit, onLeave, ...rest }: QuestionFieldProps) {
  const { question, path: id, label, hint, choices, offered } = asked;
  const asking = { id, label, hint, note: notes(asked, source, wrote), ...rest };
  const asTyped = typed ?? typedFrom(question, answer, language.value);
  const choose = (value: Value) => {
    onEdit(value, '');
    onLeave();
  };
  const parts = { value: asTyped, onInput: (next: string | null) => onEdit(next, next ?? ''), onBlur: onLeave };
  const names = Array.isArray(answer) ? answer.filter((name) => typeof name === 'string') : [];
  if (question.type === 'note') {
    return (
      <div class="notice" id={id}>
        <p class="told">{label}</p>
        {hint !== undefined && <p class="soft">{hint}</p>}
      </div>
    );
  }
  if (asked.given !== null) return <Given {...asking} shown={asked.given} computed={asked.computed} />;
  switch (question.type) {
    case 'select_one': {
      const List = question.appearance === 'minimal' || choices.length > RADIOS ? OneOfMany : OneOf;
      const value = typeof answer === 'string' ? answer : null;
      const scale = question.appearance === 'likert' || question.appearance === 'horizontal';
      return <List {...asking} choices={choices} value={value} across={scale} onChoose={choose} />;
    }
    case 'select_multiple': {
      const inOrder = (chosen: string[]) => choices.map(({ name }) => name).filter((name) => chosen.includes(name));
      const several = (chosen: string[]) => choose(chosen.length > 0 ? inOrder(chosen) : null);
      return <SeveralOf {...asking} choices={choices} value={names} onChoose={several} />;
    }
    case 'rank':
      return <RankField {...asking} choices={offered} value={names.length > 0 ? names : null} onChoose={choose} />;
    case 'acknowledge': {
      const box = { says: text('questions.acknowledge'), value: answer === 'OK' };
      return <ConfirmField {...asking} {...box} onChoose={(on) => choose(on ? 'OK' : null)} />;
    }
    case 'date':
      return <DateField {...asking} {...parts} />;
    case 'time':
      return <ClockField {...asking} {...parts} />;
    case 'datetime':
      return <MomentField {...asking} {...parts} />;
    case 'geopoint':
      return <GeoField {...asking} {...parts} write={(degrees) => writtenDecimal(degrees, language.value)} />;
    case 'range': {
      const typing = (next: string) => onEdit(answerFrom(question, next, language.value), next);
      const write = (value: number) => writtenDecimal(String(value), language.value);
      const number = answer === undefined || answer === null || answer === '' ? Number.NaN : Number(answer);
      const value = Number.isFinite(number) ? number : null;
      const range = { ...rangeOf(question), typed: asTyped, value, write };
      return <RangeField {...asking} {...range} onInput={typing} onBlur={onLeave} />;
    }
    case 'barcode':
      return (
        <CodeField
          {...asking}
          value={asTyped}
          onInput={(next) => onEdit(answerFrom(question, next, language.value), next)}
          onBlur={onLeave}
        />
      );
    case 'image':
    case 'file':
    case 'audio':
      return <AttachmentField {...asking} question={question} draft={draft} answer={answer} onChoose={choose} />;
    default:
      return (
        <TextField
          {...asking}
          value={asTyped}
          multiline={question.appearance === 'multiline'}
          keyboard={keyboardOf(question)}
          narrow={question.type !== 'text' || question.appearance === 'numbers' || question.appearance === 'tel'}
          onInput={(next) => onEdit(answerFrom(question, next, language.value), next)}
          onBlur={onLeave}
        />
      );
  }
}

/** What stands below the hint: more guidance, where the answer came from, that an answer is no longer offered. */
function notes(
  { guidance, gone, offered, question }: Asked,
  source: string | undefined,
  wrote: ComponentChildren,
): ComponentChildren {
  const none = question.choices !== undefined && offered.length === 0;
  return (
    <>
      {guidance !== undefined && (
        <details class="guidance">
          <summary>
            <span>{text('questions.guidance')}</span>
          </summary>
          <p>{guidance}</p>
        </details>
      )}
      {source !== undefined && <p class="origin">{sourceText(source)}</p>}
      {wrote}
      {gone && <p class="hint gone">{text('questions.gone.body')}</p>}
      {none && !gone && <p class="hint">{text('questions.none')}</p>}
    </>
  );
}

function keyboardOf({ type, appearance }: Question): 'text' | 'numeric' | 'decimal' | 'tel' | 'email' {
  if (type === 'decimal') return 'decimal';
  if (type === 'integer' || appearance === 'numbers') return 'numeric';
  return appearance === 'tel' || appearance === 'email' ? appearance : 'text';
}
