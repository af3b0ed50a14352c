import { type Type } from '@nestjs/common';
import fc from 'fast-check';
import { caseActs } from '../../../../libs/domain/case/acts.js';
import {
  code,
  codes,
  date,
  type Fields,
  group,
  int,
  list,
  nir,
  ref,
  siret,
  text,
} from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { ApiProblem } from '../problems/problem.js';
import { actBodyClass, actExample, correctBodyClass, correctExample, openCaseBodyClass, openCaseExample } from './bodies.js';
import { classOf } from './class-of.js';
import { MESSAGES } from './messages.js';
import { validated, validatedQuery } from './validated.js';

const body = { type: 'body' } as const;
const label = t('champ', 'field');
const faults = async (type: Type<object>, value: unknown): Promise<string[]> => {
  try {
    await validated(type).transform(value, body);
    return [];
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return error.details.errors!.map((fault) => `${fault.pointer} ${fault.code}`);
  }
};

describe('bodies of acts', () => {
  const acts = caseActs().filter((act) => act.command !== null);

  it.each(acts.map((act) => [act.command, act] as const))('%s accepts its own example, unchanged', async (_, act) => {
    const example = actExample(act);
    await expect(validated(actBodyClass(act)).transform(example, body)).resolves.toEqual(example);
    expect(await faults(correctBodyClass(act), correctExample(act))).toEqual([]);
    if (act.opens) expect(await faults(openCaseBodyClass(act), openCaseExample(act))).toEqual([]);
  });

  it.each(acts.map((act) => [act.command, act] as const))(
    '%s names every required field that is missing, at once',
    async (_, act) => {
      const required = Object.entries(act.fields).flatMap(([name, f]) => (f.required && f.kind !== 'newId' ? [name] : []));
      expect(await faults(actBodyClass(act), { data: {} })).toEqual(required.map((name) => `/data/${name} required`));
      expect(await faults(actBodyClass(act), {})).toEqual(['/data required']);
    },
  );

  it.each(acts.map((act) => [act.command, act] as const))('%s refuses what it does not know', async (_, act) => {
    const { data } = actExample(act);
    expect(await faults(actBodyClass(act), { data: { ...data, 'a/b~': 1 }, diagnosis: 'x' })).toEqual([
      '/diagnosis unknown',
      '/data/a~1b~0 unknown',
    ]);
  });

  it('refuses any JSON by naming faults, never by failing', async () => {
    const Body = actBodyClass(acts.find((act) => act.command === 'request-measure')!);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect((await faults(Body, { data: { slots: value, type: 'crpe' } })).length).toBeGreaterThan(0);
        expect((await faults(Body, { data: value })).length).toBeGreaterThan(0);
        expect((await faults(Body, value)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('classOf', () => {
  const fields: Fields = {
    day: date('leave', label).optional(),
    code: code('leave', label, ['a', 'b']).optional(),
    codes: codes('leave', label, ['a', 'b']).optional(),
    text: text('social', label, 'x', 5).optional(),
    int: int('leave', label, 1, 9).optional(),
    nir: nir('identity', label).optional(),
    siret: siret('job', label).optional(),
    organisation: ref('organisation', label).optional(),
    leave: ref('leave', label).optional(),
    list: list('measure', label, { day: date('measure', label) }, { min: 1, max: 2 }).optional(),
    group: group('measure', label, { day: date('measure', label) }).optional(),
  };
  const Sample = classOf('Sample', fields);

  it.each([
    ['day', '2023-02-29', '/day date'],
    ['day', '2023-2-1', '/day date'],
    ['day', 20230201, '/day date'],
    ['day', null, '/day date'],
    ['code', 'c', '/code code'],
    ['codes', 'a', '/codes list'],
    ['codes', ['a', 'c'], '/codes code'],
    ['codes', ['a', 'a'], '/codes duplicate'],
    ['text', 1, '/text text'],
    ['text', 'abcdef', '/text tooLong'],
    ['text', '  ', '/text blank'],
    ['text', '\u3164\u200b', '/text blank'],
    ['nir', '000000000000097', '/nir nir'],
    ['text', 'a\u0000', '/text characters'],
    ['text', '\ud800', '/text characters'],
    ['text', '\ufffd', '/text characters'],
    ['int', '3', '/int integer'],
    ['int', 1.5, '/int integer'],
    ['int', 0, '/int tooSmall'],
    ['int', 10, '/int tooLarge'],
    ['nir', '255081416802539', '/nir nir'],
    ['nir', '2 55 08 14 168 025 39', '/nir nir'],
    ['nir', 255081416802538, '/nir nir'],
    ['siret', '77567227221139', '/siret siret'],
    ['siret', '775 672 272 21138', '/siret siret'],
    ['organisation', 'CARSAT', '/organisation organisation'],
    ['leave', 'not-a-uuid', '/leave uuid'],
    ['list', [], '/list tooFew'],
    ['list', 'x', '/list list'],
    ['list', [[]], '/list object'],
    ['list', [{ day: '2023-01-01' }, { day: 'x' }], '/list/1/day date'],
    ['list', [{}], '/list/0/day required'],
    ['list', [{ day: '2023-01-01', more: 1 }], '/list/0/more unknown'],
    ['list', Array(3).fill({ day: '2023-01-01' }), '/list tooMany'],
    ['group', [], '/group object'],
    ['group', 'x', '/group object'],
    ['group', {}, '/group/day required'],
  ])('%s: %j is %s', async (name, value, fault) => expect(await faults(Sample, { [name]: value })).toEqual([fault]));

  it.each([
    ['nir', '255081416802538'],
    ['nir', '2 55 08 14 168 025 38'],
    ['nir', '2.55.08.14-168\u202f025'],
    ['nir', '279992a00100275'],
    ['siret', '77567227221138'],
    ['text', 'né\n'],
    ['day', '2024-02-29'],
  ])('%s: %j is accepted', async (name, value) => expect(await faults(Sample, { [name]: value })).toEqual([]));

  it('names the faults of all fields together', async () =>
    expect(await faults(Sample, { day: 'x', int: 0, group: { day: 1 } })).toEqual([
      '/day date',
      '/int tooSmall',
      '/group/day date',
    ]));

  it('knows one spelling of a UUID', async () =>
    expect(await validated(Sample).transform({ leave: '5F1A4A53-2E9C-5B0E-9D5B-0C6F2F6F6A11' }, body)).toEqual({
      leave: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11',
    }));

  it('takes no class from a body', async () => {
    const hostile = JSON.parse('{"__proto__": {"day": "x"}, "constructor": {"prototype": {}}, "text": "ok"}') as unknown;
    expect(JSON.stringify(await validated(Sample).transform(hostile, body))).toBe('{"text":"ok"}');
  });

  it('reads numbers and booleans of a query string', async () => {
    const query = validatedQuery('Query', { int: int('leave', label, 1, 9).optional() });
    expect(await query.transform({ int: '3' }, { type: 'query' })).toEqual({ int: 3 });
    await expect(query.transform({ int: 'three' }, { type: 'query' })).rejects.toMatchObject({
      details: { errors: [{ parameter: 'int', code: 'integer' }] },
    });
  });

  it('has a sentence in both languages for every constraint', () => {
    for (const { text } of Object.values(MESSAGES)) {
      const { fr, en } = text({ limit: 1, values: ['a'], pattern: 'x' });
      expect(fr).not.toBe(en);
      expect(`${fr}${en}`).not.toContain('undefined');
    }
  });
});
