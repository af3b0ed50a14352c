import { asBinds, conventionOf } from '../domain/convention/standing.js';
import { Codec, type PersonSealer } from '../event-store/codec.js';
import { type StoredEvent } from '../event-store/port.js';
import { eventRegistry, versionOf } from './event-registry.js';

/** Bytes as version 1 wrote them, but for the seal, which is that of a test. They decode for ever: never regenerate them. */
const ACCORD: StoredEvent = {
  id: 'd5f2785b-ca22-5cdd-82ac-51702eebf414',
  type: 'ConsentGranted',
  schemaVersion: 1,
  data: '{"refs":{"consentId":"13f9b829-b5f2-585d-945d-b86f534538b1","recipient":"ast-39"},"sealed":{"coordination":"{\\"zones\\":[\\"identity\\",\\"leave\\"],\\"purpose\\":\\"transmission\\",\\"from\\":\\"2026-02-01\\",\\"proof\\":\\"form\\"}"}}',
  metadata:
    '{"personId":"0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01","actor":{"organisation":"cpam-39","role":"CPAM","person":"p-17"},"recordedBy":null,"evidence":null,"occurredOn":"2026-11-28","recordedAt":"2026-11-28T09:22:54.733Z","commandId":"c-1","causationId":null,"correlationId":"c-1","source":"api","legalBasis":null,"consentId":"13f9b829-b5f2-585d-945d-b86f534538b1","irregularities":[],"corrects":null,"keyVersion":1}',
  stream: 'case-1',
  revision: 0,
  position: '1-0',
};
const open: PersonSealer = { seal: (_at, json) => json, open: (_at, sealed) => sealed };
const codec = (known: boolean) =>
  new Codec(eventRegistry, {
    keyVersion: 1,
    keysOf: async (ids) => new Map(known ? ids.map((id) => [id, open] as const) : []),
  });

it('an accord of version 1 says that it was told before accords were confirmed', async () => {
  const [accord] = await codec(true).decode([ACCORD]);
  expect([accord!.schemaVersion, accord!.data]).toEqual([
    2,
    {
      consentId: '13f9b829-b5f2-585d-945d-b86f534538b1',
      recipient: 'ast-39',
      zones: ['identity', 'leave'],
      purpose: 'transmission',
      from: '2026-02-01',
      proof: 'form',
      confirmed: 'before',
    },
  ]);
});
it('and so of a person whose data are erased', async () => {
  const [accord] = await codec(false).decode([ACCORD]);
  expect(accord!.data).toEqual({ consentId: '13f9b829-b5f2-585d-945d-b86f534538b1', recipient: 'ast-39', confirmed: 'before' });
});

const CONVENTION: readonly StoredEvent[] = [
  ['ConventionSigned', '{"data":{"title":"Protocole","territory":"39","publics":["salarie"],"from":"2023-01-01","to":"2023-12-31","parties":[{"organisation":"ast-39","tasks":"oriente"},{"organisation":"cep-39","tasks":"accueille"}],"conventionId":"13f9b829-b5f2-585d-945d-b86f534538b1"}}'],
  ['ConventionRenewed', '{"data":{"conventionId":"13f9b829-b5f2-585d-945d-b86f534538b1","to":"2024-12-31"}}'],
  ['ConventionEnded', '{"data":{"conventionId":"13f9b829-b5f2-585d-945d-b86f534538b1","on":"2024-06-30","motive":"agreed"}}'],
].map(([type, data], revision) => ({
  id: `d5f2785b-ca22-5cdd-82ac-51702eebf41${revision}`, type: type!, schemaVersion: 1, data: data!,
  metadata: '{"personId":null,"actor":{"organisation":"ast-39","role":"CPDP","person":"p-17"},"recordedBy":null,"evidence":null,"occurredOn":"2026-11-28","recordedAt":"2026-11-28T09:22:54.733Z","commandId":"c-1","causationId":null,"correlationId":"c-1","source":"api","legalBasis":null,"consentId":null,"irregularities":[],"corrects":null,"keyVersion":null}',
  stream: 'convention-13f9b829-b5f2-585d-945d-b86f534538b1', revision, position: `1-${revision}`,
})); // prettier-ignore
it('a convention of version 1 says that it was told before parties signed for themselves, and stands for all of them', async () => {
  const events = await codec(true).decode(CONVENTION);
  expect(events.map((e) => [e.schemaVersion, e.data['signed']])).toEqual([
    [2, 'before'],
    [2, 'before'],
    [2, 'before'],
  ]);
  const to = (upTo: number) => ['ast-39', 'cep-39'].map((o) => asBinds(conventionOf(events.slice(0, upTo))!, o)?.to);
  expect([to(1), to(2), to(3)]).toEqual([
    ['2023-12-31', '2023-12-31'],
    ['2024-12-31', '2024-12-31'],
    ['2024-06-30', '2024-06-30'],
  ]);
});
it('an event is written in the version in which it is declared', () => {
  expect([versionOf('ConventionSigned'), versionOf('ConventionCountersigned'), versionOf('PersonCaseReopened')]).toEqual([
    2, 1, 1,
  ]);
  expect(() => versionOf('Teleported')).toThrow('not declared');
});
