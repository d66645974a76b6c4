/** /desk: an officer checks who somebody is. One step a page; the fragment says which, for the back button. */
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { me } from '../../data/account.ts';
import type { Me } from '../../data/account.ts';
import { forgetSent } from '../../data/forget.ts';
import { keepWholeApp } from '../../data/offline.ts';
import { records } from '../../data/records.ts';
import { text } from '../../text/index.ts';
import { Page } from '../../ui/page.tsx';
import { Link, navigate, place } from '../../ui/router.tsx';
import { CardStep } from './desk-card.tsx';
import { FaceStep } from './desk-face.tsx';
import { NO_CARD } from './desk-model.ts';
import type { CardDraft, Subject } from './desk-model.ts';
import { ReviewStep } from './desk-review.tsx';
import { SubjectStep } from './desk-subject.tsx';
import { Outcome } from './outcome.tsx';
import { Withdraw } from './withdraw.tsx';

/** A record, and whom it is about. */
export interface Made {
  kind: 'verification' | 'withdrawal';
  id: string;
  name: string;
}

/** What is known of the person at the desk so far. It is in memory only, and gone with the page. */
export interface Check {
  subject: Subject | null;
  card: CardDraft;
  /** The card's fields were looked through and are whole. */
  carded: boolean;
  photo: Blob | null;
  /** Face and card were compared. */
  compared: boolean;
  /** The record that came of it. */
  made: Made | null;
}

const NOBODY: Check = { subject: null, card: NO_CARD, carded: false, photo: null, compared: false, made: null };
const STEPS = ['subject', 'card', 'face', 'review'] as const;
type Step = (typeof STEPS)[number];

export function Desk() {
  const officer = me.value;
  const check = useSignal<Check>(NOBODY);
  useEffect(() => void keepWholeApp(), []);
  useForgetting();
  if (officer?.role !== 'officer' || officer.unit === null) {
    return (
      <Page title={text('officers.only')} back={{ href: '/', label: text('page.home') }}>
        <p>{text('officers.only.body')}</p>
      </Page>
    );
  }
  return <Steps officer={{ ...officer, unit: officer.unit }} check={check} />;
}

/** Photos and numbers of residents leave the office's phone as soon as the server has them. */
function useForgetting(): void {
  const sent = KINDS.map((kind) => records(kind).value.filter(({ unsent }) => !unsent).length);
  useEffect(() => KINDS.forEach((kind) => void forgetSent(kind)), [sent.join()]);
}

const KINDS = ['verification', 'withdrawal'] as const;

export type Officer = Me & { unit: string };

export interface StepProps {
  officer: Officer;
  check: Check;
  put: (part: Partial<Check>) => void;
  next: () => void;
}

function Steps({ officer, check }: { officer: Officer; check: Signal<Check> }) {
  const asked = place.value.fragment;
  const known = check.value;
  const put = (part: Partial<Check>) => (check.value = { ...check.peek(), ...part });
  const restart = () => {
    check.value = NOBODY;
    navigate('/desk', { replace: true });
  };
  if (known.made !== null) return <Outcome made={known.made} onNext={restart} />;
  if (asked === 'withdraw' && known.subject !== null) {
    return <Withdraw subject={known.subject} onMade={(id) => put({ made: { kind: 'withdrawal', id, name: '' } })} />;
  }
  const step = stepAt(asked, known);
  const index = STEPS.indexOf(step);
  const following = STEPS[index + 1];
  const props: StepProps = {
    officer,
    check: known,
    put,
    next: () => {
      if (following !== undefined) navigate(`/desk#${following}`);
    },
  };
  return (
    <Page
      key={step}
      title={text(`verify.${step}.title`)}
      kicker={text('verify.step', { n: index + 1, all: STEPS.length })}
      back={index === 0 ? undefined : { href: backOf(index), label: text('verify.back') }}
    >
      <StepBody step={step} {...props} />
      {index > 0 && (
        <p>
          <Link
            href="/desk"
            onClick={(event) => {
              event.preventDefault();
              restart();
            }}
          >
            {text('verify.restart')}
          </Link>
        </p>
      )}
    </Page>
  );
}

function StepBody({ step, ...props }: StepProps & { step: Step }): ComponentChildren {
  switch (step) {
    case 'subject':
      return <SubjectStep {...props} />;
    case 'card':
      return <CardStep {...props} />;
    case 'face':
      return <FaceStep {...props} />;
    case 'review':
      return <ReviewStep {...props} />;
  }
}

/** The step that was asked for, or an earlier one where something is still missing. */
function stepAt(asked: string, { subject, carded, photo, compared }: Check): Step {
  const reached = subject === null ? 0 : !carded ? 1 : photo === null || !compared ? 2 : 3;
  const wanted = STEPS.findIndex((step) => step === asked);
  return STEPS[Math.min(reached, Math.max(0, wanted))] ?? 'subject';
}

function backOf(index: number): string {
  const before = STEPS[index - 1];
  return before === undefined || before === 'subject' ? '/desk' : `/desk#${before}`;
}
