/** What a guard sets with the thumb: the direction, ask and answer, sound. */
import { text } from '../../text/index.ts';
import { Button } from '../../ui/task.tsx';
import { challenge, setAsking } from './challenge.ts';
import { way } from './judge.ts';
import { announce, setSound, silenced, sound } from './signal.ts';

/** In or out, as two halves of one switch. */
export function WaysToggle() {
  return (
    <fieldset class="ways-toggle">
      <legend class="visually-hidden">{text('gate.way')}</legend>
      {(['in', 'out'] as const).map((each) => (
        <label key={each}>
          <input type="radio" name="way" checked={way.value === each} onChange={() => (way.value = each)} />
          <WayArrow way={each} />
          {text(`gate.way.${each}`)}
        </label>
      ))}
    </fieldset>
  );
}

/** Into a door, or out of it. */
export function WayArrow({ way: to }: { way: 'in' | 'out' }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.4" aria-hidden="true">
      <path d="M13 3.5h6.5v17H13" stroke-linecap="round" stroke-linejoin="round" />
      {to === 'in' ? (
        <path d="M3 12h11M10 8l4 4-4 4" stroke-linecap="round" stroke-linejoin="round" />
      ) : (
        <path d="M14 12H3M7 8l-4 4 4 4" stroke-linecap="round" stroke-linejoin="round" />
      )}
    </svg>
  );
}

export function GateTools({ onManual }: { onManual: () => void }) {
  const asking = challenge.value !== null;
  return (
    <div class="gate-tools">
      <button
        type="button"
        class="button second"
        aria-pressed={asking}
        onClick={() => setAsking(!asking)}
      >
        {text('gate.challenge')}
      </button>
      <Button look="second" onPress={onManual}>
        {text('gate.manual')}
      </Button>
      <SoundButton />
    </div>
  );
}

/** Browsers keep a page silent until it is touched; then this says so. */
function SoundButton() {
  const blocked = sound.value && silenced.value;
  const label = text(blocked ? 'gate.sound.blocked' : sound.value ? 'gate.sound.on' : 'gate.sound.off');
  return (
    <button
      type="button"
      class={blocked ? 'button second icon blocked' : 'button second icon'}
      aria-label={label}
      title={label}
      onClick={() => {
        setSound(blocked || !sound.value);
        if (sound.value) announce('admit');
      }}
    >
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
        <path d="M4 9.5v5h3.5L13 19V5L7.5 9.5Z" stroke-linejoin="round" fill="currentColor" />
        {sound.value && !blocked ? (
          <path d="M16.5 8.5a5 5 0 0 1 0 7M19 6a8.5 8.5 0 0 1 0 12" stroke-linecap="round" />
        ) : (
          <path d="m16.5 9.5 5 5m0-5-5 5" stroke-linecap="round" />
        )}
      </svg>
    </button>
  );
}
