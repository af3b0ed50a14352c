import { CPAM, nirOf, ORGANISATIONS, personOf, recorded, type Reply, STRANGERS, TestInstance, TRANSMISSION, type Who } from './instance.js'; // prettier-ignore

/** What is done at the door, by those at home and by strangers: short words for it, over real HTTP, on an instance of one's own. */
export let it_: TestInstance;
export async function open(): Promise<void> {
  it_ = await TestInstance.start();
  await it_.register(
    ...ORGANISATIONS,
    ...STRANGERS,
    { id: 'y-carsat', roles: ['AS', 'CSAM'], territory: '76' },
    { id: 'y-cpam', roles: ['CPAM'], territory: '76' },
    { id: 'z-cep', roles: ['CEP'], territory: '75' },
  );
}

export const Z_CPAM: Who = { organisation: 'z-cpam', role: 'CPAM' };
export const Y_CPAM: Who = { organisation: 'y-cpam', role: 'CPAM' };
export const Z_AS: Who = { organisation: 'z-carsat', role: 'AS' };
export const Y_AS: Who = { organisation: 'y-carsat', role: 'AS' };
export const Z_CPDP: Who = { organisation: 'z-spst', role: 'CPDP' };

export interface Opened {
  readonly caseId: string;
  readonly n: number;
}
let people = 3000;
/** Of a person of whom nobody has told anything yet. */
export const newPerson = (): number => ++people;
export const opened = (reply: Reply, n: number): Opened => ({ caseId: recorded(reply).body['caseId'] as string, n });
/** The case: a fund transmits a leave to the SPST. */
export const transmitted = async (n = ++people, more: object = {}): Promise<Opened> =>
  opened(await it_.act('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(n), data: { ...TRANSMISSION, ...more } }), n);
/** A file: with the person's number, or before anybody tells it. */
export const signal = async (
  who: Who,
  n: number,
  { number = true, caisse = 'z-cpam', origin = 'person' } = {},
): Promise<Opened> => {
  const { identifiers, ...traits } = personOf(n);
  return opened(await it_.act('/v1/cases/record-signal', who, { person: { ...traits, ...(number && { identifiers }) }, caisse, data: { origin } }), n); // prettier-ignore
};
export const act = async ({ caseId }: Opened, command: string, who: Who, data: object = {}, more: object = {}): Promise<Reply> =>
  recorded(await it_.act(`/v1/cases/${caseId}/${command}`, who, { data, ...more }));
export const tell = (of: Opened, who: Who, n: number): Promise<Reply> => {
  const { familyName, givenNames, birthDate } = personOf(n);
  return act(of, 'identify-person', who, { familyName, givenNames, birthDate, nir: nirOf(n) });
};
export const read = async ({ caseId }: Opened, who: Who): Promise<Reply> => {
  await it_.caughtUp();
  return it_.get(`/v1/cases/${caseId}`, who);
};
export const tasks = async (of: Opened, who: Who, about?: Opened): Promise<string[]> =>
  ((await read(of, who)).body['items'] as { task: string; subject: string }[]).flatMap((i) =>
    about === undefined || i.subject === about.caseId ? [i.task] : [],
  );
export const say = (what: 'join' | 'part' | 'refuse', kept: Opened, other: Opened, who: Who): Promise<Reply> =>
  it_.act(`/v1/duplicates/${what}`, who, { caseId: kept.caseId, otherCaseId: other.caseId });
export const said = async (...[what, kept, other, who]: Parameters<typeof say>): Promise<void> => {
  await it_.caughtUp();
  recorded(await say(what, kept, other, who));
};
export const refer = (of: Opened, who: Who, target: string, targetRole = 'AS'): Promise<Reply> =>
  act(of, 'refer-case', who, { target, targetRole, motive: 'pdp' });
/** To somebody the case does not exist, and its file is told nothing of it. */
export const isHeldFrom = async (known: Opened, own: Opened, who: Who): Promise<void> => {
  expect(await tasks(own, who, known)).toEqual([]);
  expect((await say('join', own, known, who)).status).toBe(404);
  expect((await read(known, who)).status).toBe(404);
};
