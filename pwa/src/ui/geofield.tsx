/** A place: as the phone finds it, with how far off that may be, or as typed from a map. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { text } from '../text/index.ts';
import { describedBy, FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';
import { ofFix, pasted, readGeo, writeGeo } from './geo.ts';
import { locate } from './locate.ts';
import type { LocateTrouble } from './locate.ts';
import { Button } from './task.tsx';

interface GeoFieldProps extends Asking {
  /** `latitude longitude altitude accuracy`, or what was typed so far. */
  value: string;
  /** Writes degrees as people here do. */
  write: (degrees: string) => string;
  onInput: (value: string | null) => void;
  onBlur: () => void;
}

export function GeoField({ value, write, onInput, onBlur, ...asking }: GeoFieldProps) {
  const parts = readGeo(value);
  const degrees = [
    { name: 'latitude', typed: parts.latitude, put: (typed: string) => writeGeo(typed, parts.longitude) },
    { name: 'longitude', typed: parts.longitude, put: (typed: string) => writeGeo(parts.latitude, typed) },
  ] as const;
  function type(typed: string, put: (typed: string) => string | null): void {
    const pair = pasted(typed);
    onInput(pair === null ? put(typed) : writeGeo(...pair));
  }
  return (
    <FieldGroup {...asking}>
      <Locate
        accuracy={Number(parts.accuracy)}
        onFound={(found, done) => {
          onInput(found);
          if (done) onBlur();
        }}
      />
      <div class="geo">
        {degrees.map(({ name, typed, put }, index) => (
          <label key={name}>
            <span>{text(`geo.${name}`)}</span>
            <input
              id={index === 0 ? asking.id : undefined}
              inputMode="decimal"
              autocomplete="off"
              value={write(typed)}
              aria-describedby={describedBy(asking)}
              aria-invalid={asking.error !== undefined}
              onInput={(event) => type(event.currentTarget.value, put)}
              onBlur={onBlur}
            />
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

/** The button that asks the phone, and what it says meanwhile. */
function Locate({ accuracy, onFound }: { accuracy: number; onFound: (found: string, done: boolean) => void }) {
  const state = useSignal<'idle' | 'looking' | LocateTrouble>('idle');
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  function begin(): void {
    state.value = 'looking';
    stop.current = locate(navigator.geolocation, {
      onFix(fix, done) {
        if (done) state.value = 'idle';
        onFound(ofFix(fix), done);
      },
      onTrouble: (trouble) => (state.value = trouble),
    });
  }
  function enough(): void {
    stop.current();
    state.value = 'idle';
  }
  const metres = accuracy > 0 ? text('geo.accuracy', { metres: Math.ceil(accuracy) }) : '';
  const looking = state.value === 'looking';
  const trouble = state.value === 'idle' || state.value === 'looking' ? null : state.value;
  return (
    <>
      <p>
        <Button look="second" onPress={looking ? enough : begin}>
          {text(looking ? 'geo.enough' : 'geo.locate')}
        </Button>
      </p>
      <p class="geo-state" role="status">
        {looking ? `${text('geo.looking')} ${metres}` : trouble === null ? metres : ''}
      </p>
      {trouble !== null && (
        <div class="notice wait" role="alert">
          <p>{text(`geo.${trouble}`)}</p>
        </div>
      )}
    </>
  );
}
