/** What this phone keeps, how safely, and how much room there is. */
import { useSignal } from '@preact/signals';

import { text } from '../../text/index.ts';
import { InstallHint } from '../../ui/install.tsx';
import { Facts } from '../../ui/list.tsx';
import { sizeText } from '../../ui/size.ts';
import { Button, useTask } from '../../ui/task.tsx';
import { useRootKey, useStorage } from './storage.ts';

export function ThisPhone() {
  const { storage, ask } = useStorage();
  const { kept, used, room } = storage;
  const rootKey = useRootKey();
  const asked = useSignal(false);
  const task = useTask();
  const askNow = () => task.run(() => ask().then(() => void (asked.value = true)));
  return (
    <>
      <h2>{text('phone.title')}</h2>
      <Facts
        facts={[
          kept === null ? null : [text('phone.storage'), text(kept ? 'phone.storage.kept' : 'phone.storage.unsure')],
          used === null || room === null
            ? null
            : [text('keep.room'), text('keep.room.says', { used: sizeText(used), room: sizeText(room) })],
          rootKey === null ? null : [text('phone.root'), <code key="root">{rootKey}</code>],
        ]}
      />
      {rootKey !== null && <p class="soft small">{text('phone.root.hint')}</p>}
      <p class="soft small">{text('keep.early')}</p>
      {kept === false && (
        <Button look="second" busy={task.busy} onPress={askNow}>
          {text('keep.ask')}
        </Button>
      )}
      <p role="status" class="soft small">
        {asked.value && kept === false ? text('keep.refused') : ''}
      </p>
      <InstallHint />
    </>
  );
}
