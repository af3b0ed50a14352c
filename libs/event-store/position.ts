import { Resync, type Position } from './port.js';

// A bigint has at most 19 digits: padded to that, positions sort as text.
const pad = (digits: string | bigint) => digits.toString().padStart(19, '0');

/** What lies before ordinal 0. */
export const BEFORE_FIRST = -1n;

export const toPosition = (incarnation: string | bigint, ordinal: string | bigint): Position =>
  `${pad(incarnation)}-${pad(ordinal)}`;

/** @throws Resync when it is not a position of this kind of log at all */
export function fromPosition(position: Position): { incarnation: bigint; ordinal: bigint } {
  const [, incarnation, ordinal] = /^(\d{19})-(\d{19})$/.exec(position) ?? [];
  if (incarnation === undefined || ordinal === undefined) throw new Resync(`${position} is not a position of this log`);
  return { incarnation: BigInt(incarnation), ordinal: BigInt(ordinal) };
}
