import { AS, CAP, CPAM, CPDP, nirOf, ORGANISATIONS, personOf, type Reply, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore

let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS);
}, 120_000);
afterAll(() => it_?.stop());

interface Names {
  readonly familyName: string;
  readonly givenNames: string;
  readonly usedName?: string;
  readonly nir?: string;
}
let day = 0;
/** A birth date of their own for each pair, so that no pair meets another one. */
const newDay = (): string => new Date(Date.UTC(1970, 0, ++day)).toISOString().slice(0, 10);
const known = async ({ nir, ...names }: Names, birthDate: string, who: Who = CPDP): Promise<string> => {
  const person = { ...names, birthDate, ...(nir !== undefined && { identifiers: [{ kind: 'NIR', value: nir }] }) };
  const reply = await it_.act('/v1/cases/record-signal', who, { person, caisse: 'cpam-39', data: { origin: 'person' } });
  expect([reply.status, reply.text]).toEqual([201, reply.text]);
  const { caseId, cursor } = reply.body as unknown as { caseId: string; cursor: string };
  expect((await it_.get(`/v1/cases/${caseId}?after=${cursor}`, who)).status).toBe(200);
  return caseId;
};
const name = (familyName: string, givenNames: string, usedName?: string): Names => ({ familyName, givenNames, ...(usedName !== undefined && { usedName }) }); // prettier-ignore
const proposed = async (a: string, b: string, who: Who = CPDP): Promise<boolean> => {
  for (let page: string | undefined = '/v1/duplicates'; page !== undefined;) {
    const { body }: Reply = await it_.get(page, who);
    const items = body['items'] as { cases: { caseId: string }[] }[];
    if (items.some(({ cases }) => [a, b].every((id) => cases.some((c) => c.caseId === id)))) return true;
    page = typeof body['next'] === 'string' ? `/v1/duplicates?cursor=${body['next']}` : undefined;
  }
  return false;
};

describe('one person written by two people', () => {
  it.each([
    [name('MARTIN DUPONT', 'Zoé'), name('MARTIN-DUPONT', 'Zoe')],
    [name('NGUYEN', 'Thi Lan'), name('NGUYEN', 'Thi-Lan')],
    [name('BERNARD', 'Marie Claude Annick'), name('BERNARD', 'Marie')],
    [name('LE  GALL', 'Anne'), name('LE GALL', 'Anne')],
    [name('NOUR', 'Salah'), name('SALAH', 'Nour')],
    [name('LEFEVRE', 'Zoé'), name('Lefèvre', 'ZOE')],
    [name("D'ANGELO", 'Ida'), name('D’Angelo', 'Ida')],
    [name('GUÐMUNDSSON', 'Jón'), name('GUDMUNDSSON', 'Jon')],
    [name('PETIT', 'Rose', 'LEROUX'), name('LEROUX', 'Rose')],
  ])('is proposed: %j, %j', async (one, other) => {
    const on = newDay();
    expect(await proposed(await known(one, on), await known(other, on))).toBe(true);
  });

  it.each([
    [name('MARTIN', 'Marie Claude'), name('MARTIN', 'Marie Anne')],
    [name('DUPONT', 'Claire'), name('DURAND', 'Claire')],
  ])('is not, where they are two: %j, %j', async (one, other) => {
    const on = newDay();
    expect(await proposed(await known(one, on), await known(other, on))).toBe(false);
  });

  it('is not, when born on two days', async () => {
    expect(await proposed(await known(name('JUMEAU', 'Paul'), newDay()), await known(name('JUMEAU', 'Paul'), newDay()))).toBe(
      false,
    );
  });

  it('is proposed by the number, whatever the names and the day; not to whom it is not told', async () => {
    const nir = nirOf(7001);
    const [one, other] = [await known(name('AVANT', 'Lea'), newDay()), await known(name('APRES', 'Zoe'), newDay())];
    for (const [caseId, names] of [[one, name('AVANT', 'Lea')], [other, name('APRES', 'Zoe')]] as const) {
      const told = await it_.act(`/v1/cases/${caseId}/identify-person`, CPDP, { data: { ...names, birthDate: '1979-05-21', nir } });
      expect([told.status, told.text]).toEqual([201, told.text]);
      await it_.get(`/v1/cases/${caseId}?after=${told.body['cursor'] as string}`, CPDP);
    } // prettier-ignore
    expect(await proposed(one, other)).toBe(true);
    expect(await proposed(one, other, AS)).toBe(false);
  });
});

describe('a person who is looked for', () => {
  const found = async (search: string): Promise<string[]> => {
    const { body } = await it_.get(`/v1/worklists/spst-cellule?limit=200&search=${encodeURIComponent(search)}`, CPDP);
    return [...new Set((body['items'] as { caseId: string }[]).map(({ caseId }) => caseId))];
  };
  it.each([
    [name('DURAND', 'Jean'), ['jean durand', 'DURAND  Jean', 'durand', 'jea dur']],
    [name("D'ANGELO", 'Pia'), ['dangelo', 'd’angelo', "D'Angelo pia"]],
    [name('NOURI', 'Salah'), ['salah nouri', 'nouri salah']],
    [name('LE  GOFF', 'Maël'), ['le goff', 'legoff', 'mael LE-GOFF']],
    [name('ŒUVRARD', 'Jean-Pierre'), ['oeuvrard', 'jeanpierre', 'jean pierre œuvrard']],
    [name('BLANC', 'Ève', 'LACROIX'), ['lacroix', 'eve lacroix', 'blanc']],
  ])('%j is found', async (names, searches) => {
    const caseId = await known(names, newDay());
    for (const search of searches) expect([search, (await found(search)).includes(caseId)]).toEqual([search, true]);
    expect(await found(`${names.familyName} xyz`)).toEqual([]);
  });

  it('is shown with the name in daily use, in the file and in the lists', async () => {
    const caseId = await known(name('NAISSANCE', 'Ada', 'USAGE'), newDay());
    const person = { familyName: 'NAISSANCE', usedName: 'USAGE', givenNames: 'Ada' };
    expect((await it_.get(`/v1/cases/${caseId}`, CPDP)).body['person']).toMatchObject(person);
    const { body } = await it_.get('/v1/worklists/spst-cellule?search=usage', CPDP);
    expect(body['items']).toContainEqual(expect.objectContaining({ caseId, person: expect.objectContaining(person) as unknown }));
  });
});

describe('the number', () => {
  it('is refused when nobody can have it, when the person is identified and when that is corrected', async () => {
    const n = 7100;
    const opened = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: TRANSMISSION });
    const path = `/v1/cases/${opened.body['caseId'] as string}`;
    const data = { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' };
    for (const nir of ['000000000000097', '579053930000133', '279133930000143'])
      expect((await it_.act(`${path}/identify-person`, CPAM, { data: { ...data, nir } })).status).toBe(400);
    const told = await it_.act(`${path}/identify-person`, CPAM, { data });
    const event = (told.body['events'] as { id: string }[])[0]!.id;
    const corrected = await it_.act(`${path}/correct-fact`, CPAM, { event, type: 'PersonIdentified', data: { ...data, nir: '000000000000097' } }); // prettier-ignore
    expect(corrected.status).toBe(400);
  });

  it('is neither typed nor read by a role that may not use it', async () => {
    const person = { familyName: 'CAP', givenNames: 'Ida', birthDate: '1979-05-21' };
    const body = { person, caisse: 'cpam-39', data: { origin: 'person' } };
    const refused = await it_.act('/v1/cases/record-signal', CAP, { ...body, person: personOf(7200) });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('nir.notForRole')]);
    const opened = await it_.act('/v1/cases/record-signal', CAP, body);
    const typed = await it_.act(`/v1/cases/${opened.body['caseId'] as string}/identify-person`, CAP, { data: { ...person, nir: nirOf(7200) } }); // prettier-ignore
    expect([typed.status, typed.text]).toEqual([409, expect.stringContaining('nir.notForRole')]);
  });

  it('that contradicts the person told with it is told to whoever told it', async () => {
    const person = { familyName: 'CONTRE', givenNames: 'Ida', birthDate: '1979-05-21', sex: 'F', identifiers: [{ kind: 'NIR', value: '154023930000107' }] }; // prettier-ignore
    const number = '1540239300001';
    person.identifiers[0]!.value = number + String(97 - (Number(number) % 97)).padStart(2, '0');
    const reply = await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person, data: TRANSMISSION });
    expect([reply.status, reply.body['irregularities']]).toEqual([
      201,
      [expect.objectContaining({ code: 'person.nirContradicts' })],
    ]);
    const file = await it_.get(`/v1/cases/${reply.body['caseId'] as string}?after=${reply.body['cursor'] as string}`, CPAM);
    expect(file.body['items']).toContainEqual(expect.objectContaining({ kind: 'nir-contradicts' }));
  });
});
