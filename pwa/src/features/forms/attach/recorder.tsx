/** Record a sound: one button, the time that runs, one button to end it. */
import { text } from '../../../text/index.ts';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { useRecording } from './recording.ts';
import { clockText } from '../../../ui/size.ts';

export function Recorder({ onSound }: { onSound: (sound: Blob) => void }) {
  const task = useTask();
  const { seconds, start, stop } = useRecording();
  if (seconds.value === null) {
    return (
      <div>
        <ProblemBox code={task.problem} />
        <Button look="second" busy={task.busy} onPress={() => task.run(start)}>
          {text('attach.record')}
        </Button>
      </div>
    );
  }
  return (
    <div class="recording">
      <p role="status">{text('attach.recording')}</p>
      <p class="recording-time" role="timer" aria-live="off">
        {clockText(seconds.value)}
      </p>
      <Button onPress={() => task.run(async () => onSound(await stop()))}>{text('attach.record.stop')}</Button>
    </div>
  );
}
