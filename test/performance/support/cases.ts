import { randomUUID } from 'node:crypto';
import { type DomainEvent } from '../../../libs/domain/case/event.js';
import {
  ACCORD,
  AS,
  ASSURE,
  CAP,
  CPAM,
  CPDP,
  LEAVE,
  MC,
  MT,
  MTR,
  party,
  SLOTS,
  Story,
  supported,
  uuidOf,
} from '../../support/story.js';

/** A case of the bench: its own ids, people and days, on a pattern that the product's own acts made. */
export interface BenchCase {
  readonly caseId: string;
  readonly personId: string;
  readonly events: DomainEvent[];
}

/** Came to nothing: transmitted, acknowledged, back at work. */
function short(): Story {
  const story = new Story();
  const { transmissionId } = story.does('transmit-sick-leave', { spstCode: 'MT39', leave: LEAVE, accord: ACCORD }, { by: CPAM, on: '2023-03-14' }); // prettier-ignore
  story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-15' });
  story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'back-at-work' }, { by: CPDP, on: '2023-03-16' });
  return story;
}

/** Supported by the Service social, who calls on Cap emploi. */
function ordinary(): Story {
  const story = supported();
  const { appointmentId } = story.does('book-appointment', { date: '2023-03-28', channel: 'telephone' }, { by: AS, on: '2023-03-22' }); // prettier-ignore
  story.does('record-interview', { mode: 'visu', duration: 45, outcome: 'plan', appointmentId }, { by: AS, on: '2023-03-28' });
  const { consentId } = story.does('grant-consent', { zones: ['identity', 'job', 'measure'], recipient: 'cap-emploi-39', purpose: 'referral', from: '2023-04-03', to: '2025-04-02', proof: 'form' }, { by: ASSURE, recordedBy: AS, on: '2023-04-03' }); // prettier-ignore
  const { referralId } = story.does('refer-case', { target: 'cap-emploi-39', targetRole: 'CAP_EMPLOI', motive: 'job-study', consentId }, { by: AS, on: '2023-04-03' }); // prettier-ignore
  story.does('accept-referral', { referralId }, { by: CAP, on: '2023-04-06' });
  story.does('record-interview', { mode: 'telephone', duration: 20, outcome: 'next-interview' }, { by: AS, on: '2023-05-11' });
  return story;
}

/** An essai encadré, asked for, decided, held and closed. */
function trial(): Story {
  const story = supported();
  story.does('record-interview', { mode: 'domicile', duration: 60, outcome: 'measure' }, { by: AS, on: '2023-03-28' });
  const slots = SLOTS('2023-05-09', 4);
  const { measureId } = story.does('request-measure', { type: 'essaiEncadre', object: 'essai du poste de préparateur de commandes', from: '2023-05-09', to: '2023-05-12', slots }, { by: AS, on: '2023-04-11' }); // prettier-ignore
  story.does('complete-social-assessment', { fit: 'suited', timing: 'now' }, { by: AS, on: '2023-04-12' });
  for (const by of [MC, MT]) story.does('give-medical-opinion', { measureId, opinion: 'yes' }, { by, on: '2023-04-18' });
  story.does('give-medical-opinion', { measureId, opinion: 'conditions', conditions: 'pas de port de charge' }, { by: MTR, recordedBy: AS, on: '2023-04-18' }); // prettier-ignore
  story.does('approve-measure', { measureId, from: '2023-05-09', to: '2023-05-12' }, { by: CPAM, on: '2023-04-25' });
  story.does('sign-agreement', { measureId, signatories: ['ASSURE', 'EMPLOYER', 'CPAM', 'MT'] }, { by: AS, on: '2023-05-02' });
  story.does('start-measure', { measureId, slots }, { by: AS, on: '2023-05-09' });
  story.does('close-measure', { measureId, endedOn: '2023-05-12', result: 'conclusive', reportReference: 'EE-2023-041' }, { by: party('HOST', 'atelier-39'), recordedBy: AS, on: '2023-05-15' }); // prettier-ignore
  story.does('deliver-report', { measureId, toRole: 'MT', to: 'ast-39' }, { by: AS, on: '2023-05-16' });
  story.does('close-support', { motive: 'goal-reached', situation: 'same-job' }, { by: AS, on: '2023-06-01' });
  return story;
}

/** The partner who opened the case says who it is about. */
function named({ events: [opened, ...rest] }: Story): DomainEvent[] {
  const data = { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21', nir: '279053930000123' };
  return [opened!, { ...opened!, id: randomUUID(), type: 'PersonIdentified', data }, ...rest];
}
const PATTERNS = [short(), ordinary(), trial(), ordinary()].map((story) => JSON.stringify(named(story)));
const LONGEST = Math.max(...PATTERNS.map((json) => (JSON.parse(json) as unknown[]).length));
/** Of the longest pattern, by its number of events. */
export const isLongCase = (events: number): boolean => events === LONGEST;
// The stories make ids of the length of a UUID, grouped otherwise.
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4,5}){3}-[0-9a-f]{10,12}/g;

/** The nth case: all ids new, the person's name its own. */
export function benchCase(n: number): BenchCase {
  const ids = new Map([uuidOf('case'), uuidOf('person')].map((id) => [id, randomUUID()]));
  const renewed = (id: string): string => {
    const known = ids.get(id) ?? randomUUID();
    ids.set(id, known);
    return known;
  };
  const json = PATTERNS[n % PATTERNS.length]!.replaceAll(UUID, renewed).replace('MARTIN', `MARTIN-${n}`);
  return { caseId: ids.get(uuidOf('case'))!, personId: ids.get(uuidOf('person'))!, events: JSON.parse(json) as DomainEvent[] };
}
/** Of those that are left open: every other pattern. */
export const openCase = (n: number): BenchCase => benchCase(2 * n + 1);
