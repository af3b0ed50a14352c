import { EventSource } from 'eventsource';
import { AS, nirOf, OPERATOR, personOf, type Reply, TestInstance, type Who } from '../support/instance.js';

/** What is owed, and what becomes of it when nobody does it: through the whole product, on days of the test's choosing. */
let it_: TestInstance;
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register({ id: AS.organisation, roles: [AS.role], territory: 'BFC' });
  await until(
    async () => (await it_.get('/health/ready', null)).body as { checks: { views: { detail?: { state: string } } } },
    ({ checks }) => checks.views.detail?.state === 'following',
  );
}, 120_000);
afterAll(() => it_?.stop());
// Each has a caisse, an SPST and a Service social of its own, so that its lists hold its own cases only.
let towns = 0;
interface Town {
  readonly caisse: Who;
  readonly spst: Who;
  readonly social: Who;
  readonly code: string;
  readonly territory: string;
}
async function town(): Promise<Town> {
  const n = String(++towns).padStart(2, '0');
  await it_.register(
    { id: `cpam-${n}`, roles: ['CPAM', 'MC'], territory: n },
    { id: `ast-${n}`, roles: ['CPDP', 'MT'], territory: n, spstCode: `MT${n}` },
    { id: `carsat-${n}`, roles: ['AS'], territory: `R${n}` },
    { id: `cap-${n}`, roles: ['CAP_EMPLOI'], territory: n },
  );
  return { caisse: { organisation: `cpam-${n}`, role: 'CPAM' }, spst: { organisation: `ast-${n}`, role: 'CPDP' }, social: { organisation: `carsat-${n}`, role: 'AS' }, code: `MT${n}`, territory: n }; // prettier-ignore
}

const at = (day: string): { now: string } => ({ now: `${day}T09:00:00Z` });
let people = 0;
interface Sent {
  readonly caseId: string;
  readonly ids: Record<string, string>;
}
const done = ({ status, body, text }: Reply): Sent => {
  if (status !== 201) throw new Error(text);
  return body as unknown as Sent;
};
const transmitted = async ({ caisse, code }: Town, on: string): Promise<Sent> =>
  done(
    await it_.act(
      '/v1/cases/transmit-sick-leave',
      caisse,
      { person: personOf(++people), occurredOn: on, data: { spstCode: code, leave: { start: '2023-01-09', expectedEnd: '2023-12-31', risk: 'maladie' }, accord: { date: '2023-03-10', proof: 'form' } } },
      at(on),
    ),
  ); // prettier-ignore
const act = async (caseId: string, command: string, who: Who, on: string, body: object, recordedOn = on): Promise<Sent> =>
  done(await it_.act(`/v1/cases/${caseId}/${command}`, who, { occurredOn: on, ...body }, at(recordedOn)));

interface Item {
  readonly caseId: string;
  readonly kind: string;
  readonly task?: string;
  readonly nature?: string;
  readonly due?: string;
  readonly overdue?: boolean;
  readonly past?: string;
  readonly escalation?: number;
  readonly missed?: { task: string; organisation: string; due: string };
  readonly why: { fr: string };
}
interface List {
  readonly items: readonly Item[];
  readonly overdue: number;
  readonly kinds: Record<string, { total: number; overdue: number }>;
}
const VIEWS: Partial<Record<Who['role'], string>> = { CPAM: 'cpam', CPDP: 'spst-cellule', AS: 'social-worker', MC: 'service-medical' }; // prettier-ignore
const list = async (who: Who, day: string, query = ''): Promise<List> =>
  (await it_.get(`/v1/worklists/${VIEWS[who.role]}?limit=200${query}`, who, at(day))).body as unknown as List;
/** The views follow the log: what was just written is there soon. */
async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + 30_000; ; await new Promise((r) => setTimeout(r, 25))) {
    const value = await read();
    if (holds(value) || Date.now() > end) return value;
  }
}
/** How many events of the watch the log holds of some cases. */
const missedOf = async (cases: readonly string[]): Promise<number> => {
  const { rows } = await it_.wiring.pool.query<{ n: number }>(
    `select count(*)::int n from log.event where type like '%DutyMissed' and stream = any ($1)`,
    [cases.map((caseId) => `case-${caseId}`)],
  );
  return rows[0]!.n;
};
const tasks = (items: readonly Item[]) => items.map(({ task }) => task);

it('a list shows what is due, oldest first, with counts; each line says why; the rest when it is asked for', async () => {
  const here = await town();
  for (const day of ['2023-03-20', '2023-03-14', '2023-03-16']) await transmitted(here, day);
  const whole = await until(
    () => list(here.spst, '2023-03-22'),
    ({ kinds }) => kinds['transmissions']?.total === 3,
  );
  const due = whole.items.filter(({ nature }) => nature === 'duty');
  expect(due.map(({ due }) => due)).toEqual(['2023-03-21', '2023-03-23', '2023-03-27']);
  expect(due.map(({ overdue }) => overdue)).toEqual([true, false, false]);
  expect([whole.overdue, whole.kinds['transmissions']]).toEqual([1, expect.objectContaining({ total: 3, overdue: 1 })]);
  expect(due[0]!.why.fr).toBe(
    'Transmission à accuser et à trier, au plus tard le 21/03/2023 (ast-01, depuis le 14/03/2023). En retard depuis le 22/03/2023. Délai : 7 jours, le premier non compris. Source : L.4622-2-1 CT ; convention.',
  );
  expect(tasks((await list(here.spst, '2023-03-22', '&overdue=true')).items)).toEqual(['transmission-to-triage']);

  const apart = ['horizon', 'opportunity'];
  expect(whole.items.filter(({ nature }) => apart.includes(nature ?? ''))).toEqual([]);
  const shown = async (kind: string) => {
    const { items } = await list(here.spst, '2023-03-22', `&kind=${kind}`);
    for (const { why } of items) expect(why.fr).toMatch(/ Source : /);
    return [...new Set(tasks(items))].sort();
  };
  expect(await shown('horizons')).toEqual(['leave-end']);
  expect(await shown('opportunities')).toEqual(['liaison-meeting', 'pre-return-visit']);
  expect(await shown('alerts')).toEqual(['no-pre-return-visit']);
  for (const { why } of whole.items) expect(why.fr).toMatch(/^[A-Z].*\.$/);
});

it('an unanswered duty comes to the coordinator after fourteen days, and goes by itself with a late act dated in the past', async () => {
  const here = await town();
  const { caseId, ids } = await transmitted(here, '2023-03-14');
  await it_.watchOn('2023-03-22');
  const mine = () => list(here.spst, '2023-03-22');
  expect((await until(mine, ({ items }) => items[0]?.escalation === 1)).items[0]).toMatchObject({ caseId, escalation: 1 });
  const escalated = (day: string) => list(here.caisse, day, '&kind=escalations');
  await it_.watchOn('2023-04-04');
  expect((await escalated('2023-04-04')).items).toEqual([]);
  await it_.watchOn('2023-04-05');
  const [line] = (await until(() => escalated('2023-04-05'), ({ items }) => items.length > 0)).items; // prettier-ignore
  expect(line).toMatchObject({ caseId, task: 'escalation-to-handle', due: '2023-04-12', missed: { task: 'transmission-to-triage', organisation: here.spst.organisation, due: '2023-03-21' } }); // prettier-ignore
  expect(line!.why.fr).toContain(`« Transmission à accuser et à trier » : ${here.spst.organisation}, pour le 21/03/2023.`);

  const handshakeId = ids['transmissionId'];
  await act(caseId, 'acknowledge-receipt', here.spst, '2023-03-15', { data: { handshakeId } }, '2023-04-06');
  await act(caseId, 'conclude-triage', here.spst, '2023-03-20', { data: { handshakeId, outcome: 'no-need' } }, '2023-04-06');
  const left = async () => [...(await list(here.spst, '2023-04-06')).items, ...(await escalated('2023-04-06')).items];
  expect(await until(left, (items) => items.length === 0)).toEqual([]);
  const told = () => missedOf([caseId]);
  const before = await told();
  await it_.watchOn('2024-03-01');
  expect([before, await told()]).toEqual([3, 3]);
});

it('a missed duty is told in the stream to those who take part, and which one it was to those who may see it', async () => {
  const here = await town();
  const cap: Who = { organisation: `cap-${here.territory}`, role: 'CAP_EMPLOI' };
  const mc: Who = { ...here.caisse, role: 'MC' };
  const stranger = (await town()).social;
  const { caseId } = await transmitted(here, '2023-03-14');
  const proof = { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } };
  for (const target of [here.social, cap]) {
    const { organisation, role } = target;
    await act(caseId, 'grant-consent', here.caisse, '2023-03-15', { ...proof, data: { zones: ['identity'], recipient: organisation, purpose: 'referral', proof: 'form' } }); // prettier-ignore
    const { ids } = await act(caseId, 'refer-case', here.caisse, '2023-03-15', { data: { target: organisation, targetRole: role, motive: 'pdp' } }); // prettier-ignore
    await act(caseId, 'accept-referral', target, '2023-03-16', { data: { referralId: ids['referralId'] } });
  }
  await act(caseId, 'open-support', here.social, '2023-03-20', { data: { origin: 'cpam' } });
  await act(caseId, 'request-measure', here.caisse, '2023-04-03', { ...proof, data: { type: 'formation', asked: [{ role: 'MC', organisation: mc.organisation }] } }); // prettier-ignore

  const heard = new Map<Who, { type: string; caseId: string; data: Record<string, unknown> }[]>();
  const sources = [here.social, here.spst, cap, stranger].map((who) => {
    heard.set(who, []);
    const source = new EventSource(`${it_.base}/v1/stream?from=start`, {
      fetch: async (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${await it_.token(who)}` } }), // prettier-ignore
    });
    source.onmessage = (e) => void heard.get(who)!.push(JSON.parse(e.data as string) as never);
    return source;
  });
  await it_.watchOn('2023-04-19');
  const missed = (who: Who) => heard.get(who)!.filter(({ type, data }) => /DutyMissed/.test(type) && data['dueOn'] === '2023-04-18'); // prettier-ignore
  await until(async () => [here.social, cap].every((who) => missed(who).length > 0), Boolean);
  sources.forEach((source) => source.close());

  const told = { owner: mc.organisation, dueOn: '2023-04-18', step: 1 };
  for (const who of [here.social, here.spst])
    expect(missed(who)).toEqual([expect.objectContaining({ type: 'MeasureDutyMissed', data: { ...told, rule: 'opinion-to-give', subject: expect.any(String) as string } })]); // prettier-ignore
  expect(missed(cap)).toEqual([expect.objectContaining({ type: 'DutyMissed', caseId, data: told })]);
  expect(heard.get(stranger)).toEqual([]);
  const read = await Promise.all(['', '/events'].map((path) => it_.get(`/v1/cases/${caseId}${path}`, cap)));
  for (const { status, text } of read) expect([status, /MeasureDutyMissed|opinion-to-give/.test(text)]).toEqual([200, false]);
});

describe('a delay', () => {
  const set = (who: Who, over: object = {}) =>
    it_.act('/v1/delays', who, { name: 'referral.answer', count: 3, unit: 'day', dayOneCounts: false, lastDayOffMoves: false, from: '2023-05-01', source: 'convention du 15/04/2023', ...over }); // prettier-ignore

  it('is set by the operator alone, never against the law, and every fault is named', async () => {
    expect((await set(AS)).status).toBe(403);
    const law = await set(OPERATOR, { name: 'return.visit' });
    expect([law.status, law.body['rules']]).toEqual([409, [expect.objectContaining({ code: 'delay.setByLaw', article: 'R.4624-31 CT' })]]); // prettier-ignore
    const wrong = await set(OPERATOR, {
      name: 'nothing',
      count: -1,
      unit: 'week',
      from: 'soon',
      source: undefined,
      colour: 'red',
    });
    expect(wrong.status).toBe(400);
    expect((wrong.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual(['/colour', '/count', '/from', '/name', '/source', '/unit']); // prettier-ignore
  });

  it('that is changed moves what begins from its day on, there, and nothing else', async () => {
    const [here, elsewhere] = [await town(), await town()];
    const refer = async ({ caisse, social, ...rest }: Town, on: string): Promise<void> => {
      const { caseId } = await transmitted({ caisse, social, ...rest }, on);
      await act(caseId, 'refer-case', caisse, on, { data: { target: social.organisation, targetRole: 'AS', motive: 'pdp' } });
    };
    for (const day of ['2023-04-28', '2023-05-02']) await refer(here, day);
    await refer(elsewhere, '2023-05-02');
    const due = async ({ social }: Town) => (await list(social, '2023-05-03', '&kind=referrals')).items.map((item) => item.due);
    expect(await until(() => due(here), (days) => days.length === 2)).toEqual(['2023-05-05', '2023-05-09']); // prettier-ignore

    expect((await set(OPERATOR, { place: here.territory })).status).toBe(201);
    expect(await until(() => due(here), (days) => days[1] === '2023-05-05')).toEqual(['2023-05-05', '2023-05-05']); // prettier-ignore
    expect(await until(() => due(elsewhere), (days) => days.length === 1)).toEqual(['2023-05-09']); // prettier-ignore
    const [, line] = (await list(here.social, '2023-05-03', '&kind=referrals&sort=since')).items;
    expect(line!.why.fr).toContain('Délai : 3 jours, le premier non compris. Source : convention du 15/04/2023.');
    const { delays } = (await it_.get('/v1/rules', AS)).body as {
      delays: { name: string; place?: string; inWords: { fr: string } }[];
    };
    expect(delays.find(({ name, place }) => name === 'referral.answer' && place === here.territory)?.inWords.fr).toBe('3 jours, le premier non compris (convention du 15/04/2023)'); // prettier-ignore
    // What the watch tells follows it too.
    await it_.watchOn('2023-05-06');
    const missed = async () => {
      const { body } = await it_.get(`/v1/cases/${line!.caseId}/events`, here.social);
      return (body['events'] as { type: string; data: object }[]).flatMap(({ type, data }) =>
        type === 'DutyMissed' ? [data] : [],
      );
    };
    expect(await until(missed, (all) => all.length > 0)).toEqual([expect.objectContaining({ rule: 'referral-to-answer', dueOn: '2023-05-05' })]); // prettier-ignore
  });
});

it('old transmissions that are taken over raise no missed duty: what was due before is shown as past', async () => {
  const here = await town();
  const head =
    'nir;nom;prenoms;date_naissance;debut_arret;fin_prevue;risque;code_spst;date_accord;preuve_accord;date_transmission';
  const rows = Array.from({ length: 200 }, (_, i) => [nirOf(5000 + i), `ANCIEN${i}`, 'Jeanne', '1979-05-21', '2021-01-04', '2023-12-31', 'maladie', here.code, '2021-02-01', 'form', '2021-02-08'].join(';')); // prettier-ignore
  const sent = await it_.send('POST', '/v1/imports/sick-leave-transmissions', here.caisse, {
    body: [head, ...rows].join('\n'),
    headers: { 'content-type': 'text/csv' },
    ...at('2023-06-01'),
  });
  expect(JSON.parse(sent.text.trim().split('\n').at(-1)!)).toMatchObject({ taken: 200, rejected: 0 });
  const { items, overdue } = await until(
    () => list(here.spst, '2023-06-02', '&kind=transmissions'),
    ({ kinds }) => kinds['transmissions']?.total === 200,
  );
  expect([items.length, overdue]).toEqual([200, 0]);
  await it_.watchOn('2023-06-02');
  expect(await missedOf(items.map(({ caseId }) => caseId))).toBe(0);
  for (const { past, due, why } of items) {
    expect([past, due]).toEqual(['2021-02-15', '2023-06-08']);
    expect(why.fr).toContain('Son échéance, le 15/02/2021, était passée quand le dossier a été connu ici.');
  }
  // A caisse that has not found a lead in two years has the usual time for it, from the day on which that is known here.
  expect((await list(here.caisse, '2023-06-02')).overdue).toBe(0);
});
