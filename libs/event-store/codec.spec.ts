import fc from 'fast-check';
import { type DomainEvent } from '../domain/case/event.js';
import { bool, code, date, type Fields, int, list, newId, ref, text } from '../domain/kernel/fields.js';
import { type Instant, type LocalDate } from '../domain/kernel/local-date.js';
import { t } from '../domain/kernel/text.js';
import { PersonKey, Tampered } from '../vault/person-key.js';
import { Codec, type EventRegistry, NoPersonKey, type PersonSealers, UnknownEvent, type Upcaster } from './codec.js';
import { type NewEvent, type StoredEvent } from './port.js';

const label = t('champ', 'field');
const fields: Fields = {
  measureId: newId('measure', label),
  organisation: ref('organisation', label),
  start: date('measure', label).optional(),
  note: text('social', label, 'x').optional(),
  hours: int('capacity', label, 0, 1000).optional(),
  restricted: bool('capacity', label).optional(),
  outcome: code('outcome', label, ['back', 'away']).optional(),
  days: list('measure', label, { date: date('measure', label), host: ref('organisation', label) }).optional(),
};
const person = '0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01';
const key = new PersonKey(person, Buffer.from('0123456789abcdef0123456789abcdef'));
const holding = (...keys: PersonKey[]): PersonSealers & { asked: (readonly string[])[] } => {
  const asked: (readonly string[])[] = [];
  return {
    keyVersion: 1,
    asked,
    keysOf: async (ids) => {
      asked.push(ids);
      return new Map(keys.filter(({ personId }) => ids.includes(personId)).map((k) => [k.personId, k]));
    },
  };
};
const registry = (version = 1, upcasters: readonly Upcaster[] = []): EventRegistry => ({
  fieldsOf: (type, corrects) => (type === 'MeasureStarted' || corrects?.type === 'MeasureStarted' ? fields : undefined),
  currentVersion: (type, corrects) => (type === 'MeasureStarted' || corrects?.type === 'MeasureStarted' ? version : undefined),
  upcastersOf: () => upcasters,
});
const codec = new Codec(registry(), holding(key));
const erased = new Codec(registry(), holding());

const event = (data: DomainEvent['data'], more: Partial<DomainEvent> = {}): DomainEvent => ({
  id: '9b2f4a52-0c5f-5a52-8f0e-0d1f6a4c7e11',
  type: 'MeasureStarted',
  schemaVersion: 1,
  personId: person,
  actor: { organisation: 'carsat-bfc', role: 'AS', person: 'p-17' },
  recordedBy: null,
  evidence: { kind: 'letter', reference: 'R-12' },
  occurredOn: '2024-03-14' as LocalDate,
  recordedAt: '2024-03-15T08:00:00.000Z' as Instant,
  commandId: 'c-1',
  causationId: null,
  correlationId: 'c-1',
  source: 'api',
  legalBasis: 'L.323-3-1 CSS',
  consentId: null,
  irregularities: [{ code: 'essaiEncadre.late', article: 'D.323-6-2 CSS' }],
  corrects: null,
  data,
  ...more,
});
const stored = (encoded: readonly NewEvent[]): StoredEvent[] =>
  encoded.map((e, revision) => ({ ...e, stream: 'case-1', revision, position: `1-${revision}` }));
const clear = { measureId: 'm-1', organisation: 'cap-emploi-39' };
const payload = fc.record(
  {
    measureId: fc.uuid(),
    organisation: fc.string(),
    start: fc.string(),
    note: fc.string({ unit: 'binary' }),
    hours: fc.integer(),
    restricted: fc.boolean(),
    outcome: fc.constantFrom('back', 'away'),
    days: fc.array(fc.record({ date: fc.string(), host: fc.string() })),
  },
  { requiredKeys: ['measureId', 'organisation'], noNullPrototype: true },
);

describe('the codec', () => {
  it('gives back what it was given, envelope included', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (data) => {
        const [decoded] = await codec.decode(stored(await codec.encode([event(data)])));
        expect({ ...decoded }).toEqual({ ...event(data), stream: 'case-1', revision: 0, position: '1-0', erased: false });
      }),
    );
  });

  it('keeps references in clear and seals every zone apart', async () => {
    const [encoded] = await codec.encode([event({ ...clear, start: '2024-03-14', hours: 10, restricted: true, note: 'seule' })]);
    const data = JSON.parse(encoded!.data) as { refs: unknown; sealed: Record<string, string> };
    expect(data.refs).toEqual(clear);
    expect(Object.keys(data.sealed).sort()).toEqual(['capacity', 'measure', 'social']);
    expect(JSON.parse(encoded!.metadata)).toMatchObject({
      personId: person,
      keyVersion: 1,
      irregularities: [{ code: 'essaiEncadre.late' }],
    });
  });

  it('lets no byte of a zone into what is stored', async () => {
    const secretWord = fc.stringMatching(/^[a-z]{12}$/);
    await fc.assert(
      fc.asyncProperty(secretWord, fc.integer({ min: 10_000_000, max: 99_999_999 }), async (word, number) => {
        const data = { ...clear, note: word, start: word, outcome: word, hours: number, days: [{ date: word, host: word }] };
        const [encoded] = await codec.encode([event(data)]);
        const { sealed } = JSON.parse(encoded!.data) as { sealed: Record<string, string> };
        const bytes = [
          encoded!.data,
          encoded!.metadata,
          ...Object.values(sealed).map((c) => Buffer.from(c, 'base64url').toString('latin1')),
        ];
        expect(bytes).toHaveLength(2 + 4);
        for (const text of bytes) expect([text.includes(word), text.includes(String(number))]).toEqual([false, false]);
      }),
    );
  });

  it('decodes without the key to what was in clear, whatever the payload', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (data) => {
        const [decoded] = await erased.decode(stored(await codec.encode([event(data)])));
        expect(decoded!.erased).toBe(true);
        expect(decoded!.data).toEqual({ measureId: data.measureId, organisation: data.organisation });
      }),
    );
  });

  it('stores an event about nobody in clear, and asks for no key', async () => {
    const sealers = holding();
    const organisations = new Codec(registry(), sealers);
    const encoded = await organisations.encode([event({ ...clear, note: 'ouvert' }, { personId: null })]);
    expect(JSON.parse(encoded[0]!.data)).toEqual({ data: { ...clear, note: 'ouvert' } });
    const [decoded] = await organisations.decode(stored(encoded));
    expect([decoded!.data, decoded!.erased]).toEqual([{ ...clear, note: 'ouvert' }, false]);
    expect(sealers.asked).toEqual([[], []]);
  });

  it('writes about an erased person only what needs no key', async () => {
    await expect(erased.encode([event({ ...clear, note: 'x' })])).rejects.toThrow(NoPersonKey);
    expect(JSON.parse((await erased.encode([event(clear)]))[0]!.data)).toEqual({ refs: clear });
  });

  it('fetches the keys of a page at once, and decrypts when the data are read, once', async () => {
    const sealers = holding(key);
    let opened = 0;
    const counting: PersonSealers = {
      keyVersion: 1,
      keysOf: async (ids) =>
        new Map(
          [...(await sealers.keysOf(ids))].map(([id, k]) => [
            id,
            { seal: k.seal.bind(k), open: (...a) => (opened++, k.open(...a)) },
          ]),
        ),
    };
    const page = stored(await codec.encode([event({ ...clear, note: 'a' }), event({ ...clear, note: 'b' })]));
    const decoded = await new Codec(registry(), counting).decode(page);
    expect([sealers.asked, opened]).toEqual([[[person]], 0]);
    expect(decoded.map((e) => [e.data.note, e.data.note])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(opened).toBe(2);
  });

  it('refuses bytes that were moved from one event to another', async () => {
    const [one, other] = stored(
      await codec.encode([event({ ...clear, note: 'a' }), event({ ...clear, note: 'b' }, { id: 'other' })]),
    );
    const [decoded] = await codec.decode([{ ...one!, data: other!.data }]);
    expect(() => decoded!.data).toThrow(Tampered);
  });

  it('refuses a field that is not declared, since it has no zone', async () => {
    await expect(codec.encode([event({ ...clear, diagnosis: 'x' })])).rejects.toThrow(
      'MeasureStarted: the field diagnosis is not declared',
    );
    await expect(codec.encode([event({ ...clear, toString: 'x' }, { personId: null })])).rejects.toThrow(TypeError);
  });
});

describe('versions of a payload', () => {
  const upcasters: readonly Upcaster[] = [
    ({ note, ...data }) => (note === undefined ? data : { ...data, remark: note }),
    (data) => ({ ...data, checked: 'remark' in data }),
  ];
  const today = (sealers = holding(key)) => new Codec(registry(3, upcasters), sealers);

  it('are raised to the current one, after decrypting', async () => {
    const [decoded] = await today().decode(stored(await codec.encode([event({ ...clear, note: 'x' })])));
    expect([decoded!.schemaVersion, decoded!.data]).toEqual([3, { ...clear, remark: 'x', checked: true }]);
  });

  it('are raised for an erased person too', async () => {
    const [decoded] = await today(holding()).decode(stored(await codec.encode([event({ ...clear, note: 'x' })])));
    expect(decoded!.data).toEqual({ ...clear, checked: false });
  });

  it('are raised in a correction, which carries the payload of what it corrects', async () => {
    const corrects = { event: 'e-1', type: 'MeasureStarted' };
    const correction = event({ ...clear, note: 'x' }, { type: 'FactCorrected', corrects });
    const [decoded] = await today().decode(stored(await codec.encode([correction])));
    expect([decoded!.corrects, decoded!.data]).toEqual([corrects, { ...clear, remark: 'x', checked: true }]);
  });

  it('that are newer than the program, or unknown types, stop whoever reads', async () => {
    const [good] = stored(await codec.encode([event(clear)]));
    await expect(codec.decode([{ ...good!, schemaVersion: 2 }])).rejects.toMatchObject({
      type: 'MeasureStarted',
      schemaVersion: 2,
      known: 1,
    });
    await expect(codec.decode([{ ...good!, type: 'Teleported' }])).rejects.toThrow(new UnknownEvent('Teleported', 1, undefined));
  });

  it('are written in the current one only', async () => {
    await expect(today().encode([event(clear)])).rejects.toThrow(UnknownEvent);
    await expect(codec.encode([event(clear, { type: 'Teleported' })])).rejects.toThrow(UnknownEvent);
  });

  it('without an upcaster on the way stop too', async () => {
    const gap = new Codec(registry(3, upcasters.slice(0, 1)), holding(key));
    await expect(gap.decode(stored(await codec.encode([event(clear)])))).rejects.toThrow('no way from version 1 to 3');
  });
});

/** Bytes as version 1 wrote them. They decode for ever: never regenerate them. */
const GOLDEN: StoredEvent = {
  id: '9b2f4a52-0c5f-5a52-8f0e-0d1f6a4c7e11',
  type: 'MeasureStarted',
  schemaVersion: 1,
  data: '{"refs":{"measureId":"m-1","organisation":"cap-emploi-39"},"sealed":{"measure":"SvRQEqbwnWajSnFr20igVUZ-Q5KnvLVN6XFuJvjQmVunEnci3z0b7MHn7VfGq28wpj8ej-jhAVO6aDqjOV7an5mj16uv1Jw06avjGFaNm2Vrlv5v0V8SS5BmUm7KizanQ9Tl-XVb8mY55kfd1tGBolmU1PyIg_oEjVjvvTLu0B-TF64DKW9sYA48z4CuBPtiBSiQ5demsmyTOfJm","capacity":"f27PvfIDpWjbpLs1TVQ5p_u6vH7Zw45eFQkhLBftOOH3sK8f50f0z87uALtv396F_VC0idnLFXEg_cIfQrQF7GhVa3WCfMe068XOKNICMSnQdYNpNH3Qe2j0lPM"}}',
  metadata:
    '{"personId":"0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01","actor":{"organisation":"carsat-bfc","role":"AS","person":"p-17"},"recordedBy":null,"evidence":{"kind":"letter","reference":"R-12"},"occurredOn":"2024-03-14","recordedAt":"2024-03-15T08:00:00.000Z","commandId":"c-1","causationId":null,"correlationId":"c-1","source":"api","legalBasis":"L.323-3-1 CSS","consentId":null,"irregularities":[{"code":"essaiEncadre.late","article":"D.323-6-2 CSS"}],"corrects":null,"keyVersion":1}',
  stream: 'case-1',
  revision: 0,
  position: '1-0',
};

it('writes and reads professionals under an opaque identifier only, the same for those of before', async () => {
  const opaque = new Codec(registry(), holding(key), (person) => (/^p-\d+$/.test(person) ? person : `p-${person.length}`));
  const who = { organisation: 'cpam-39', role: 'CPAM', person: 'jean.dupont@cpam.fr' } as const;
  const told = event(clear, { recordedBy: who });
  const [written] = await opaque.encode([told]);
  expect(written!.metadata).not.toContain('dupont');
  const [now] = await opaque.decode(stored([written!]));
  // In clear, as an older program wrote it.
  const [before] = await opaque.decode(stored(await codec.encode([told])));
  for (const read of [now, before]) expect([read!.actor.person, read!.recordedBy!.person]).toEqual(['p-17', 'p-19']);
});

it('decodes what version 1 stored', async () => {
  const [decoded] = await codec.decode([GOLDEN]);
  expect({ ...decoded }).toEqual({
    ...event({ ...clear, start: '2024-03-14', hours: 10, days: [{ date: '2024-03-14', host: 'cap-emploi-39' }] }),
    stream: 'case-1',
    revision: 0,
    position: '1-0',
    erased: false,
  });
});
