/** A photo, a file or a sound that answers a question. It is kept on the phone at once, and sent when it can be. */
import { useSignal } from '@preact/signals';

import { attach } from '../../../data/uploads.ts';
import type { Value } from '../../../sync/canonical.ts';
import { text } from '../../../text/index.ts';
import { describedBy, FieldGroup } from '../../../ui/field.tsx';
import type { Asking } from '../../../ui/field.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { isFile } from '../rules/answers.ts';
import type { FileAnswer, Question } from '../rules/form.ts';
import { Pick } from './pick.tsx';
import { Preview } from './preview.tsx';
import { Recorder } from './recorder.tsx';
import { canRecord } from './recording.ts';
import { PauseUploads, Sending } from './sending.tsx';
import { jpegName, shrunk } from './shrink.ts';
import './attach.css';

interface AttachmentProps extends Asking {
  question: Question;
  answer: unknown;
  /** A file's answer, or null when it was taken away. */
  onChange: (value: Value) => void;
}

const ANY = 'application/octet-stream';

export function Attachment({ question, answer, onChange, ...asking }: AttachmentProps) {
  const task = useTask();
  const replacing = useSignal(false);
  const file = isFile(answer) ? answer : null;
  const keep = (blob: Blob, name: string) =>
    task.run(async () => {
      const { data, ...like } = await prepared(question, blob, name);
      onChange({ ...(await attach(data, like)) });
      replacing.value = false;
    });
  return (
    <FieldGroup {...asking}>
      {file !== null && <Preview key={file.sha256} file={file} />}
      {file !== null && <Sending sha256={file.sha256} whole />}
      <ProblemBox code={task.problem} />
      <p role="status" class="soft">
        {task.busy ? text('attach.preparing') : ''}
      </p>
      {file === null || replacing.value ? (
        <Ways question={question} asking={asking} busy={task.busy} onFile={keep} />
      ) : (
        <Attached
          file={file}
          id={asking.id}
          onReplace={() => (replacing.value = true)}
          onRemove={() => onChange(null)}
        />
      )}
    </FieldGroup>
  );
}

interface WaysProps {
  question: Question;
  asking: Asking;
  busy: boolean;
  onFile: (blob: Blob, name: string) => void;
}

/** The ways in which such a file comes onto the phone. */
function Ways({ question: { type, appearance, parameters }, asking, busy, onFile }: WaysProps) {
  const shared = { busy, describedBy: describedBy(asking), onFile: (file: File) => onFile(file, file.name) };
  const accept = typeof parameters?.accept === 'string' ? parameters.accept : undefined;
  if (type === 'image') {
    return (
      <div class="attach-ways">
        <Pick {...shared} id={asking.id} camera accept="image/*" label={text('attach.camera')} />
        {appearance !== 'new' && <Pick {...shared} accept="image/*" label={text('attach.gallery')} />}
      </div>
    );
  }
  if (type === 'audio') {
    return (
      <div class="attach-ways">
        {canRecord() && <Recorder onSound={(sound) => onFile(sound, text('attach.record.name'))} />}
        <Pick {...shared} id={asking.id} accept="audio/*" label={text('attach.audio')} />
      </div>
    );
  }
  return (
    <div class="attach-ways">
      <Pick {...shared} id={asking.id} accept={accept} label={text('attach.choose')} />
    </div>
  );
}

interface AttachedProps {
  file: FileAnswer;
  id: string;
  onReplace: () => void;
  onRemove: () => void;
}

function Attached({ file, id, onReplace, onRemove }: AttachedProps) {
  return (
    <div class="attach-ways" id={id} tabIndex={-1}>
      <Button look="quiet" onPress={onReplace}>
        {text('attach.replace')}
        <span class="visually-hidden"> {file.name}</span>
      </Button>
      <Button look="quiet" onPress={onRemove}>
        {text('attach.remove')}
        <span class="visually-hidden"> {file.name}</span>
      </Button>
      <PauseUploads beside={file.sha256} />
    </div>
  );
}

/** What is kept of what was chosen: photos are made smaller, and lose what they tell of place and time. */
async function prepared(
  { type, parameters }: Question,
  blob: Blob,
  name: string,
): Promise<{ data: Blob; name: string; type: string }> {
  if (type === 'image') {
    const most = Number(parameters?.['max-pixels']);
    return { data: await shrunk(blob, most > 0 ? most : undefined), name: jpegName(name), type: 'image/jpeg' };
  }
  // A type may have parameters after it, such as the codec of a sound.
  const mime = blob.type.split(';')[0]?.trim().toLowerCase() ?? '';
  const ending = mime.split('/')[1] ?? '';
  const plain = /^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,62}$/.test(mime) ? mime : ANY;
  return { data: blob, name: name.includes('.') ? name : `${name}.${ending || 'bin'}`, type: plain };
}
