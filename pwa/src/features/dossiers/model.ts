/** A dossier as the screens see it: put together from a submission, its receipt and its acknowledgement. */
import type { RecordView } from '../../data/records.ts';
import { decode, isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';

export type Fields = Readonly<Record<string, Value>>;

/** A document that was signed with a passkey: its exact text, what it says, and the signature. */
export interface Act {
  text: string;
  document: Fields;
  assertion: Fields;
}

export interface Receipt {
  jws: string;
  code: string;
  receivedAt: number;
}

export interface Dossier {
  /** The submission's id. */
  id: string;
  procedure: string;
  unit: string;
  status: 'waiting' | 'received' | 'acknowledged';
  /** The last thing that happened, in ms. */
  at: number;
  act: Act;
  receipt: Receipt | null;
  acknowledgement: Act | null;
}

/** What was read already: an act never changes, and an inbox holds thousands. */
const readActs = new WeakMap<RecordView['state'], Act | null>();

/** Read an act; null for what is none. */
export function actOf(view: RecordView): Act | null {
  const known = readActs.get(view.state);
  if (known !== undefined) return known;
  const act = parsed(view);
  readActs.set(view.state, act);
  return act;
}

function parsed({ values: { act } }: RecordView): Act | null {
  if (act === undefined || !isObject(act) || typeof act.document !== 'string') return null;
  const document = decode(act.document);
  if (!isObject(document) || act.assertion === undefined || !isObject(act.assertion)) return null;
  return { text: act.document, document, assertion: act.assertion };
}

export interface Sources {
  submissions: readonly RecordView[];
  receipts: readonly RecordView[];
  acknowledgements: readonly RecordView[];
}

/** Return all dossiers that are on this phone, the one where something happened last first. */
export function dossiers({ submissions, receipts, acknowledgements }: Sources): Dossier[] {
  const received = new Map(receipts.map((view) => [view.id, receiptOf(view)]));
  const words = new Map<Value, Act>();
  for (const view of acknowledgements) {
    const act = actOf(view);
    if (act !== null) words.set(act.document.submission ?? null, act);
  }
  return submissions
    .flatMap((view) => {
      const act = actOf(view);
      if (act === null) return [];
      const { id } = view;
      return dossierOf({ id, act, receipt: received.get(id) ?? null, acknowledgement: words.get(id) ?? null });
    })
    .sort((a, b) => b.at - a.at);
}

interface Parts {
  id: string;
  act: Act;
  receipt: Receipt | null;
  acknowledgement: Act | null;
}

function dossierOf({ id, act, receipt, acknowledgement }: Parts): Dossier {
  const status = receipt === null ? 'waiting' : acknowledgement === null ? 'received' : 'acknowledged';
  return {
    id,
    procedure: textOf(act.document, 'procedure'),
    unit: textOf(act.document, 'unit'),
    status,
    at: timeOf(acknowledgement?.document) ?? receipt?.receivedAt ?? timeOf(act.document) ?? 0,
    act,
    receipt,
    acknowledgement,
  };
}

function receiptOf({ values }: RecordView): Receipt | null {
  const { jws, code, received_at: receivedAt } = values;
  if (typeof jws !== 'string' || typeof code !== 'string' || typeof receivedAt !== 'number') return null;
  return { jws, code, receivedAt };
}

/** Return a text field of a document, or "" when it has none. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** Return when a document says that it was signed, in ms. Only a receipt's time proves anything. */
export function timeOf(fields: Fields | undefined): number | null {
  return typeof fields?.claimed_at === 'number' ? fields.claimed_at : null;
}

interface Acknowledging {
  dossier: Dossier;
  documentSha256: string;
  officer: { id: string; name: string };
  message: string;
  id: string;
  rp: string;
  /** 16 random bytes, base64url. */
  nonce: string;
  now: number;
}

/** Return an `acknowledgement/1` document: the officer's word that the office has the dossier in hand. */
export function acknowledgementDocument(given: Acknowledging): Record<string, Value> {
  return {
    typ: 'acknowledgement/1',
    rp: given.rp,
    id: given.id,
    person: given.officer.id,
    name: given.officer.name,
    submission: given.dossier.id,
    document_sha256: given.documentSha256,
    unit: given.dossier.unit,
    message: given.message.normalize('NFC'),
    nonce: given.nonce,
    claimed_at: given.now,
  };
}
