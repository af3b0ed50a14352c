import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { eventRegistry } from '../../../libs/application/event-registry.js';
import { type DomainEvent } from '../../../libs/domain/case/event.js';
import { Codec, type PersonSealer } from '../../../libs/event-store/codec.js';
import { PostgresLogLoader } from '../../../libs/event-store/postgres/log-loader.js';
import { encrypt } from '../../../libs/vault/aes-gcm.js';
import { KEY_VERSION, PersonKey } from '../../../libs/vault/person-key.js';
import { benchCase, isLongCase } from './cases.js';
import { KEYRING, type Log } from './log.js';
import { type Place } from './server.js';

const BATCH = 5000;

export interface SeededLog extends Log {
  readonly events: number;
  /** Some cases that are in it from beginning to end, all of the same events. */
  readonly whole: readonly string[];
}
interface Writing {
  readonly stream: string;
  readonly left: DomainEvent[];
  revision: number;
}

/**
 * Fills an empty log with sealed events of cases, each person with a key, by the product's own COPY. Many cases are under way at once and
 * their events come mixed, as in life.
 * @returns ids of some whole cases
 */
export async function seed(
  place: Place,
  events: number,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<string[]> {
  const keys = new Map<string, PersonSealer>();
  const codec = new Codec(eventRegistry, { keyVersion: KEY_VERSION, keysOf: async () => keys });
  const owner = new Client(place.owner);
  await owner.connect();
  const loader = await PostgresLogLoader.open(place.owner, { readStream: async () => [] });
  const underWay = Math.min(events / 50, 2000);
  const writing: Writing[] = [];
  const whole: string[] = [];
  let made: { readonly id: string; readonly wrapped: Buffer }[] = [];
  let cases = 0;
  const open = (): void => {
    const { caseId, personId, events: history } = benchCase(cases++);
    const secret = randomBytes(32);
    keys.set(personId, new PersonKey(personId, secret));
    made.push({ id: personId, wrapped: encrypt(KEYRING.master[1], personId, secret) });
    const opened = { ...history[0]!, id: randomUUID(), type: 'PersonCaseOpened', data: { caseId } };
    writing.push({ stream: `person-${personId}`, left: [opened], revision: 0 });
    writing.push({ stream: `case-${caseId}`, left: history.reverse(), revision: 0 });
  };
  for (let done = 0; done < events; progress(done, events)) {
    const told: DomainEvent[] = [];
    const at: { readonly stream: string; readonly revision: number }[] = [];
    while (told.length < Math.min(BATCH, events - done)) {
      while (writing.length < underWay) open();
      const n = Math.floor(Math.random() * writing.length);
      const one = writing[n]!;
      told.push(one.left.pop()!);
      at.push({ stream: one.stream, revision: one.revision++ });
      if (one.left.length > 0) continue;
      writing.splice(n, 1);
      if (isLongCase(one.revision) && whole.length < 1000) whole.push(one.stream.replace('case-', ''));
    }
    const sealed = await codec.encode(told);
    await loader.load(sealed.map((event, i) => ({ ...event, ...at[i]!, position: String(done + i) })));
    await owner.query(
      'INSERT INTO vault.person_key (person_id, master_version, wrapped) SELECT id, 1, wrapped FROM unnest($1::uuid[], $2::bytea[]) k(id, wrapped)',
      [made.map(({ id }) => id), made.map(({ wrapped }) => wrapped)],
    );
    made = [];
    done += told.length;
  }
  await loader.finish();
  await loader.close();
  await owner.query('VACUUM ANALYZE log.event');
  await owner.end();
  return whole;
}
