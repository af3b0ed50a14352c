import { randomUUID } from 'node:crypto';
import { ASIDES } from '../../libs/domain/asides.js';
import { caseActs } from '../../libs/domain/case/acts.js';
import { exampleOf, type Fields } from '../../libs/domain/kernel/fields.js';
import { addDays, type LocalDate } from '../../libs/domain/kernel/local-date.js';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { AS, CAP, CPAM, CPDP, MC, MT, OPERATOR, ORGANISATIONS, personOf, recorded, type Reply, TestInstance, TRANSMISSION, type Who } from '../support/instance.js'; // prettier-ignore
import { subscribed } from '../support/subscriber.js';

let it_: TestInstance;
let today: LocalDate;
const CASE_ROLES: Role[] = ['AS', 'CSAM', 'CPAM', 'MC', 'MT', 'IDEST', 'CPDP', 'CAP_EMPLOI', 'CEP', 'MDPH', 'COMETE'];
beforeAll(async () => {
  it_ = await TestInstance.start();
  await it_.register(...ORGANISATIONS, { id: 'dehors', roles: CASE_ROLES, territory: '75' });
  today = it_.wiring.parts.clock.today();
}, 120_000);
afterAll(() => it_?.stop());

let people = 0;
const transmitted = async (by: Who = CPAM) => {
  const { leave, accord } = TRANSMISSION;
  const data = { ...TRANSMISSION, leave: { ...leave, start: addDays(today, -60), expectedEnd: addDays(today, 400) }, accord: { ...accord, date: today } }; // prettier-ignore
  const caisse = by.role === 'CPAM' && by.organisation !== 'dehors' ? {} : { caisse: 'cpam-39' };
  return recorded(await it_.act('/v1/cases/transmit-sick-leave', by, { person: personOf(++people), ...caisse, data })).body as {
    caseId: string;
    cursor: string;
    ids: Record<string, string>;
  };
};
const act = (caseId: string, command: string, who: Who, data: object, more: object = {}, options = {}) =>
  it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }, options);
const ASKED = { actor: { role: 'ASSURE' }, evidence: { kind: 'form' } };
/** As if it were nine o'clock on a day to come. */
const nineOn = (days: number): string => `${addDays(today, days)}T09:00:00.000Z`;
const level = async (caseId: string, cursor: string) =>
  expect((await it_.get(`/v1/cases/${caseId}?after=${cursor}`, CPAM)).status).toBe(200);

describe('the tag of an answer', () => {
  const tagOf = (reply: Reply): string => reply.headers.get('etag')!;
  const stateIn = (tag: string): string => tag.slice(1, -1).split('.')[0]!;
  /** What a poller gets who has the answer of then. */
  const again = async (path: string, who: Who, then: Reply, days: number) =>
    it_.get(path, who, { headers: { 'if-none-match': tagOf(then), 'cache-control': 'max-age=0' }, now: nineOn(days) });

  it('is another one once the day has made another body, and an act rests on what was read the day before', async () => {
    const { caseId, cursor, ids } = await transmitted();
    await level(caseId, cursor);
    const path = `/v1/cases/${caseId}`;
    const first = await it_.get(path, CPDP, { now: nineOn(0) });
    expect(first.body['items']).toContainEqual(expect.objectContaining({ kind: 'transmission-to-triage', overdue: false }));
    expect((await again(path, CPDP, first, 0)).status).toBe(304);
    const late = await again(path, CPDP, first, 40);
    expect(late.status).toBe(200);
    expect(late.body['items']).toContainEqual(expect.objectContaining({ kind: 'transmission-to-triage', overdue: true }));
    expect(stateIn(tagOf(late))).toBe(stateIn(tagOf(first)));
    const acknowledge = () =>
      act(
        caseId,
        'acknowledge-receipt',
        CPDP,
        { handshakeId: ids['transmissionId'] },
        {},
        { ifMatch: tagOf(first), now: nineOn(40) },
      );
    const told = recorded(await acknowledge());
    // Of the case alone: an outcome has no body that rests on anything else.
    expect(tagOf(told)).toMatch(/^"[\w-]{22}"$/);
    expect((await acknowledge()).status).toBe(412);
  });

  it('is another one once a delay is set, an accord begins or ends on a day, or a name that is shown is another one', async () => {
    const { caseId } = await transmitted();
    const consent = { zones: ['capacity'], recipient: 'carsat-bfc', purpose: 'support', proof: 'form', from: addDays(today, 5), to: addDays(today, 9) }; // prettier-ignore
    recorded(await act(caseId, 'refer-case', CPAM, { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' }));
    recorded(await act(caseId, 'grant-consent', CPDP, consent, ASKED));
    const told = recorded(await act(caseId, 'issue-unfitness', MT, { redeployment: 'to-seek' }));
    await level(caseId, told.body['cursor'] as string);
    const events = `/v1/cases/${caseId}/events`;
    // The same with each day; what was read when it stood is not what is read before and after.
    const on = (days: number) => it_.get(events, AS, { now: nineOn(days) });
    const [before, while_, after] = [await on(0), await on(6), await on(11)];
    expect(new Set([before, while_].map(tagOf)).size).toBe(2);
    expect((await again(events, AS, before, 6)).status).toBe(200);
    expect((await again(events, AS, while_, 7)).status).toBe(304);
    expect((await again(events, AS, while_, 11)).status).toBe(200);
    const told_ = ({ body }: Reply) => JSON.stringify(body['events']);
    expect(told_(before) === told_(after)).toBe(tagOf(before) === tagOf(after));

    const file = `/v1/cases/${caseId}`;
    const named = await it_.get(file, CPDP, { now: nineOn(0) });
    expect(named.text).toContain('ast-39');
    await it_.act('/v1/organisations', OPERATOR, { ...ORGANISATIONS[1], name: 'Santé au travail du Jura' });
    const renamed = await again(file, CPDP, named, 0);
    expect(renamed.status).toBe(200);
    expect(renamed.text).toContain('Santé au travail du Jura');
    expect(stateIn(tagOf(renamed))).toBe(stateIn(tagOf(named)));

    const delay = { name: 'transmission.acknowledge', count: 1, unit: 'jourOuvre', dayOneCounts: false, lastDayOffMoves: true, from: '2020-01-01', source: 'essai' }; // prettier-ignore
    recorded(await it_.act('/v1/delays', OPERATOR, delay));
    const sooner = await again(file, CPDP, renamed, 0);
    expect(sooner.status).toBe(200);
    expect((await again(file, CPDP, sooner, 0)).status).toBe(304);
  });

  it('stands on what its body rests on or is not there', async () => {
    const { caseId, cursor } = await transmitted();
    await level(caseId, cursor);
    for (const path of [`${caseId}/options`]) expect((await it_.get(`/v1/cases/${path}`, CPDP)).headers.has('etag')).toBe(false);
    for (const path of [
      'worklists',
      'worklists/spst-cellule',
      'meetings',
      'forums',
      'conventions',
      'group-actions',
      'organisations',
      'shared-work',
      'rules',
      'resources',
      'silences',
      'duplicates',
      'measure-outcomes',
    ])
      // prettier-ignore
      expect([path, (await it_.get(`/v1/${path}`, CPDP)).headers.get('etag')]).toEqual([path, null]);
  });
});
const fieldsOf = (command: string): Fields => caseActs().find((a) => a.command === command)!.fields;

describe('fifty acts that a partner may not see', () => {
  it('change no byte of what it is answered, when and where it was answered included, nor of its stream', async () => {
    const [mine, other] = [await transmitted(), await transmitted()];
    const accord = { zones: ['identity'], recipient: 'cap-emploi-39', purpose: 'referral', proof: 'form' };
    recorded(await act(mine.caseId, 'grant-consent', CPDP, accord, ASKED));
    recorded(await act(mine.caseId, 'refer-case', CPDP, { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-retention' })); // prettier-ignore
    recorded(await act(mine.caseId, 'refer-case', CPAM, { target: 'carsat-bfc', targetRole: 'AS', motive: 'social' }));
    const now = nineOn(0);
    const read = async () => {
      const case_ = `/v1/cases/${mine.caseId}`;
      const paths = [
        case_, `${case_}/events`, `${case_}/options`, `/v1/cases/${other.caseId}`, '/v1/worklists', '/v1/worklists/partner',
        '/v1/worklists/partner?sort=person&limit=1', '/v1/worklists/partner?kind=followed', '/v1/duplicates', '/v1/silences', '/v1/measure-outcomes', '/v1/shared-work', '/v1/forums',
        '/v1/meetings', '/v1/conventions', '/v1/group-actions', '/v1/organisations', '/v1/resources', '/v1/rules',
      ]; // prettier-ignore
      const answers = await Promise.all(paths.map((path) => it_.get(path, CAP, { now })));
      const told = answers.map(({ status, headers, text }, i) => [paths[i], status, headers.get('etag'), headers.get('link'), text]); // prettier-ignore
      const cursor = answers[0]!.body['asOf'].cursor as string;
      const waited = await it_.get(`${case_}?after=${cursor}`, CAP, { now });
      const { events, last } = await subscribed(it_, CAP);
      return [...told, [waited.status, waited.text], events, last];
    };
    const settle = async (reply: Reply, caseId: string, who: Who) =>
      expect((await it_.get(`/v1/cases/${caseId}?after=${recorded(reply).body['cursor']}`, who)).status).toBe(200);
    const one = await act(mine.caseId, 'record-contact-attempt', CPDP, { channel: 'telephone', outcome: 'no-answer' });
    await settle(one, mine.caseId, CPDP);
    const before = await read();
    expect(before[0]![1]).toBe(200);
    let last: Reply | undefined;
    for (let i = 0; i < 25; i++) {
      last = recorded(await act(other.caseId, 'record-contact-attempt', CPAM, { channel: 'telephone', outcome: 'no-answer' }));
      last = recorded(await act(mine.caseId, 'complete-social-assessment', AS, { fit: 'suited', timing: 'now', again: true }));
    }
    await settle(last!, mine.caseId, AS);
    expect(await read()).toEqual(before);

    // And what it does itself, or may see, is waited for and told.
    const own = recorded(await act(mine.caseId, 'record-contact-attempt', CAP, { channel: 'email', outcome: 'message-left' }));
    const shown = await it_.get(`/v1/cases/${mine.caseId}/events?after=${own.body['cursor']}`, CAP, { now });
    expect((shown.body['events'] as { id: string }[]).at(-1)!.id).toBe(own.body['events'][0].id);
    expect(shown.body['asOf'].cursor).toBe(own.body['cursor']);
    expect(shown.headers.get('etag')!.split('.')[0]).toBe((own.body['etag'] as string).slice(0, -1));
    const { events } = await subscribed(it_, CAP, before.at(-1) as unknown as string);
    expect(events.map(({ data }) => (JSON.parse(data) as { id: string }).id)).toEqual([own.body['events'][0].id]);
  }, 120_000);
});

describe('an id that is hidden and one that is nobody’s', () => {
  /** Kinds of things that are not everybody's, each with one that the outsider knows of, and one that it does not. */
  const KINDS = ['case', 'forum', 'meeting', 'convention', 'group', 'measure', 'consent', 'handshake'] as const;
  type Kind = (typeof KINDS)[number];
  const isKind = (of: string): of is Kind => (KINDS as readonly string[]).includes(of);
  type Ids = Record<Kind, string>;
  let hidden: Ids;
  let own: Ids;
  const DEHORS = (role: Role): Who => ({ organisation: 'dehors', role });

  const made = async (chair: Who, worker: Who, partner: string): Promise<Ids> => {
    const idOf = (reply: Reply) => Object.values(recorded(reply).body['ids'] as Record<string, string>)[0]!;
    const seats = [{ organisation: partner, role: partner === 'cep-75' ? 'CEP' : 'CAP_EMPLOI' }];
    const forum = idOf(await it_.act('/v1/forums', chair, { name: 'ILCO', type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: chair.organisation, chairRole: chair.role, seats })); // prettier-ignore
    const meeting = idOf(await it_.act('/v1/meetings', chair, { forumId: forum, date: addDays(today, 10) }));
    const parties = [chair.organisation, partner === chair.organisation ? 'cep-75' : partner].map((organisation) => ({ organisation, tasks: 'oriente' })); // prettier-ignore
    const convention = idOf(await it_.act('/v1/conventions', chair, { title: 'P', territory: '39', publics: ['salarie'], from: '2023-01-01', to: addDays(today, 30), parties })); // prettier-ignore
    const group = idOf(await it_.act('/v1/group-actions', worker, { theme: 'rights', date: today, seats: 9, partners: ['AS'] }));
    const opened = recorded(await it_.act('/v1/cases/record-signal', chair, { person: personOf(++people), caisse: chair.organisation === 'dehors' ? 'dehors' : 'cpam-39', data: { origin: 'person' } })); // prettier-ignore
    const { caseId } = opened.body as { caseId: string };
    const asked = recorded(await act(caseId, 'request-measure', chair, { type: 'formation' }, ASKED));
    const accord = recorded(await act(caseId, 'grant-consent', chair, { zones: ['identity'], recipient: partner, purpose: 'referral', proof: 'form' }, ASKED)); // prettier-ignore
    const referral = recorded(await act(caseId, 'record-signal', chair, { origin: 'person' }));
    return { case: caseId, forum, meeting, convention, group, measure: asked.body['ids'].measureId, consent: accord.body['ids'].consentId, handshake: referral.body['ids'].signalId }; // prettier-ignore
  };
  beforeAll(async () => {
    await it_.register({ id: 'cep-75', roles: ['CEP'], territory: '75' });
    hidden = await made(CPAM, AS, 'cap-emploi-39');
    own = await made(DEHORS('CPAM'), DEHORS('AS'), 'cep-75');
  }, 60_000);

  /** An answer, but for ids that are made anew for each, and the day of sending. */
  const bytes = ({ status, headers, text }: Reply, asked: readonly string[]): unknown => {
    const { date: _, etag: __, ...rest } = Object.fromEntries(headers);
    const blank = (value: string) =>
      asked
        .reduce((all, id) => all.replaceAll(id, 'asked'), value)
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
        .replace(/"cursor":"[^"]*","etag":"\\"[^"]*\\""/g, 'of this act');
    return [status, Object.entries(rest).map(([name, value]) => [name, blank(value)]), blank(text)];
  };
  /** Bodies that name a hidden one for one of the fields, with the same that name one of nobody's; the rest known, or of nobody's too. */
  function* pairs(fields: Fields): Generator<readonly [string, Record<string, unknown>, Record<string, unknown>, string[]]> {
    const refs = Object.entries(fields).flatMap(([name, f]) => ((f.kind === 'ref' || f.kind === 'newId') && isKind(f.of) ? [[name, f.kind, f.of] as const] : [])); // prettier-ignore
    for (const [name, , of] of refs)
      for (const rest of ['own', 'nobody'] as const) {
        const body = exampleOf(fields);
        const asked: string[] = [];
        for (const [other, kind, otherOf] of refs) {
          if (kind === 'newId') delete body[other];
          else asked.push((body[other] = rest === 'own' ? own[otherOf] : randomUUID()) as string);
        }
        const nobodys = randomUUID();
        yield [`${name} (the rest ${rest})`, { ...body, [name]: hidden[of] }, { ...body, [name]: nobodys }, [...asked, hidden[of], nobodys]]; // prettier-ignore
      }
  }
  const organisationsIn = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replace(/"(organisation|chair|recipient|target)":"[^"]*"/g, '"$1":"dehors"'));

  it('get one answer from every command beside the cases', async () => {
    let tried = 0;
    const named = new Set<string>();
    const differ: unknown[] = [];
    for (const aside of ASIDES) {
      const roles = aside.by.filter((role) => CASE_ROLES.includes(role));
      for (const role of roles.slice(0, 2))
        for (const [what, a, b, asked] of pairs(aside.fields)) {
          const [one, other] = [await it_.act(`/v1/${aside.path}`, DEHORS(role), organisationsIn(a)), await it_.act(`/v1/${aside.path}`, DEHORS(role), organisationsIn(b))]; // prettier-ignore
          tried++;
          named.add(aside.command);
          if (JSON.stringify(bytes(one, asked)) !== JSON.stringify(bytes(other, asked)))
            differ.push([aside.command, what, one.text, other.text]);
        }
    }
    expect(differ).toEqual([]);
    expect(tried).toBeGreaterThan(40);
    for (const command of ['countersign-convention', 'renew-convention', 'end-convention']) expect(named).toContain(command);
  }, 120_000);

  it('get one answer from every act of one’s own case that names one', async () => {
    let tried = 0;
    const differ: unknown[] = [];
    for (const definition of caseActs()) {
      const role = [...definition.by, ...definition.recorders].find((r) => CASE_ROLES.includes(r));
      if (definition.command === null || role === undefined) continue;
      const byItself = definition.by.includes(role);
      for (const [what, a, b, asked] of pairs(definition.fields)) {
        // Two cases that are alike, so that what the one was told is not known in the other.
        const answers = [];
        for (const data of [a, b]) {
          const cases = recorded(await it_.act('/v1/cases/record-signal', DEHORS(role === 'CPAM' ? 'CPAM' : role), { person: personOf(++people), caisse: 'dehors', data: { origin: 'person' } })); // prettier-ignore
          answers.push(await act(cases.body['caseId'] as string, definition.command, DEHORS(role), organisationsIn(data) as object, byItself ? {} : { actor: { role: definition.by[0] }, evidence: { kind: 'form' } })); // prettier-ignore
          asked.push(cases.body['caseId'] as string);
        }
        tried++;
        if (JSON.stringify(bytes(answers[0]!, asked)) !== JSON.stringify(bytes(answers[1]!, asked)))
          differ.push([definition.command, what, answers[0]!.text, answers[1]!.text]);
      }
    }
    expect(differ).toEqual([]);
    expect(tried).toBeGreaterThan(60);
  }, 240_000);

  it('get one answer from every address that has one in it', async () => {
    const get = async (path: string, who: Who) => bytes(await it_.get(path, who), [hidden.case, hidden.meeting, hidden.forum]);
    const nobody = randomUUID();
    for (const who of [DEHORS('AS'), DEHORS('CPAM'), { organisation: 'cep-75', role: 'CEP' } as Who, MC, MT, CAP]) {
      for (const path of ['', '/events', '/options', '/replay'])
        if (who.organisation !== 'cpam-39')
          expect(await get(`/v1/cases/${hidden.case}${path}`, who)).toEqual(await get(`/v1/cases/${nobody}${path}`, who));
      if (['cpam-39', 'cap-emploi-39'].includes(who.organisation)) continue;
      for (const path of ['', '/proposal', '/minutes'])
        expect(await get(`/v1/meetings/${hidden.meeting}${path}`, who)).toEqual(await get(`/v1/meetings/${nobody}${path}`, who));
      expect(await get(`/v1/meetings?forumId=${hidden.forum}`, who)).toEqual(await get(`/v1/meetings?forumId=${nobody}`, who));
    }
    for (const path of ['join', 'part', 'refuse'])
      for (const pair of [
        (id: string) => ({ caseId: own.case, otherCaseId: id }),
        (id: string) => ({ caseId: id, otherCaseId: own.case }),
      ])
        // prettier-ignore
        expect(bytes(await it_.act(`/v1/duplicates/${path}`, DEHORS('CPAM'), pair(hidden.case)), [])).toEqual(
          bytes(await it_.act(`/v1/duplicates/${path}`, DEHORS('CPAM'), pair(nobody)), []),
        );
    for (const { command, by } of caseActs().filter((a) => a.command !== null)) {
      const role = by.find((r) => CASE_ROLES.includes(r)) ?? 'AS';
      const ask = async (id: string) => bytes(await act(id, command!, DEHORS(role), exampleOf(fieldsOf(command!))), []);
      expect([command, await ask(hidden.case)]).toEqual([command, await ask(nobody)]);
    }
  }, 120_000);
});
