import { DatabaseError } from 'pg';

/** Classes of SQLSTATE with which the server refuses what it was sent, and writes nothing. 25006 is a standby: it passes. */
const REFUSAL = /^(0A|22|23|25(?!006)|28|3D|3F|42|54)/;

/** False for all that leaves the outcome open: a lost connection, a time limit, a server going down or out of means. */
export const isRefusal = (error: unknown): boolean => error instanceof DatabaseError && REFUSAL.test(error.code ?? '');

/** Somebody took the revision between the check and the insert. Told by name: another constraint is another matter. */
export const isLostRace = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '23505' && error.constraint === 'event_stream_revision';

/** Some of what was sent is not what it should be: a text that is no JSON. */
export const isBadValue = (error: unknown): boolean => error instanceof DatabaseError && error.code?.startsWith('22') === true;
