/** The bounds of SPEC.md R12, and the error that names each one. */

export const VALUE_BYTES = 64 * 1024;
export const VALUE_DEPTH = 16;
/** Of any JSON text that comes from outside. */
export const JSON_DEPTH = 32;
export const REGISTERS = 5_000;
export const RECORD_BYTES = 1024 * 1024;
export const REPLICAS = 32;
/** How far past the record's greatest n a change may reach. */
export const LEAP = 2 ** 20;
export const INTEGER = Number.MAX_SAFE_INTEGER;
export const BATCH_BYTES = 256 * 1024;
export const BATCH_CHANGES = 500;

export type InvalidCode =
  | 'base64url'
  | 'json'
  | 'batch_shape'
  | 'batch_size'
  | 'change_shape'
  | 'context_ahead'
  | 'context_size'
  | 'record_registers'
  | 'record_size'
  | 'stamp_behind'
  | 'stamp_leap'
  | 'value_depth'
  | 'value_integer'
  | 'value_size'
  | 'value_text'
  | 'value_type';

/** Something that SPEC.md does not admit. `code` is stable; the message says what was expected and what came. */
export class Invalid extends Error {
  readonly code: InvalidCode;

  constructor(code: InvalidCode, message: string) {
    super(message);
    this.name = 'Invalid';
    this.code = code;
  }
}

/** Throw an `Invalid`, as an expression. */
export function refuse(code: InvalidCode, message: string): never {
  throw new Invalid(code, message);
}
