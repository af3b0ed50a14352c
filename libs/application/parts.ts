import { type CursorSealer } from '../access/sealed-cursor.js';
import { type Instant, type LocalDate } from '../domain/kernel/local-date.js';
import { type Rulebook } from '../domain/rules/delays.js';
import { type Codec } from '../event-store/codec.js';
import { type EventStore } from '../event-store/port.js';
import { type PersonIndex } from '../vault/person-index.js';
import { type Vault } from '../vault/vault.js';
import { type ConsentCodes } from './consent-codes.js';
import { type Followed } from './followed.js';
import { type Homes } from './homes.js';
import { type Idempotency } from './idempotency.js';
import { type Ids } from './ids.js';
import { type Senders } from './person-messages.js';
import { type Turns } from './turns.js';

export interface Clock {
  now(): Instant;
  today(zone?: string): LocalDate;
}
export interface Asking {
  readonly senders: Senders;
  readonly codes: ConsentCodes;
  /** Under which address people reach this installation, for links in messages; without it they hold none. */
  readonly publicUrl: string | undefined;
}
/** What the handlers work with; each process builds it once. */
export abstract class Parts {
  abstract readonly store: EventStore;
  abstract readonly codec: Codec;
  abstract readonly vault: Vault;
  abstract readonly persons: PersonIndex;
  abstract readonly homes: Homes;
  abstract readonly idempotency: Idempotency;
  abstract readonly ids: Ids;
  /** Acts on one stream, one after the other. */
  abstract readonly turns: Turns;
  abstract readonly followed: Followed;
  /** The delays in force. */
  abstract readonly rulebook: Rulebook;
  abstract readonly cursors: CursorSealer;
  abstract readonly clock: Clock;
  /** How a person is asked herself. */
  abstract readonly asking: Asking;
  /** Numbers of fictitious patients are accepted in a demonstration only. */
  abstract readonly fictitiousPeople: boolean;
}
