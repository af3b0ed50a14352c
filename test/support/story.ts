import { createHash } from 'node:crypto';
import { type Context, type Directory, type Organisation } from '../../libs/domain/case/act.js';
import { actOfCommand, actOfType } from '../../libs/domain/case/acts.js';
import { type CorrectionCommand, decideCorrection } from '../../libs/domain/case/correct.js';
import { type ConfirmationCommand, decideConfirmation } from '../../libs/domain/case/confirm.js';
import { decide } from '../../libs/domain/case/decide.js';
import { deriveCase } from '../../libs/domain/case/derive.js';
import { type Convention } from '../../libs/domain/convention/standing.js';
import { type DomainEvent } from '../../libs/domain/case/event.js';
import { type CaseView } from '../../libs/domain/case/view.js';
import { type GroupAction } from '../../libs/domain/group/planned.js';
import { Refused } from '../../libs/domain/kernel/errors.js';
import { type Instant, localDate } from '../../libs/domain/kernel/local-date.js';
import { type Party, type Role } from '../../libs/domain/kernel/roles.js';
import { caisseIn, spstOf } from '../../libs/domain/organisation/organisation.js';
import { type Resource } from '../../libs/domain/resource/listed.js';
import { rulebook } from '../../libs/domain/rules/delays.js';
import { current, type Obligation, obligations } from '../../libs/domain/rules/obligations.js';
import { frenchCalendar } from '../../libs/platform/calendar.js';

const org = (id: string, territory: string, ...roles: Role[]): Organisation => ({ id, name: id, territory, roles });
export const ORGANISATIONS: readonly Organisation[] = [
  org('cpam-39', '39', 'CPAM', 'MC'),
  { ...org('ast-39', '39', 'CPDP', 'MT', 'IDEST'), spstCode: 'MT39' },
  org('carsat-bfc', 'BFC', 'AS', 'CSAM'),
  org('cap-emploi-39', '39', 'CAP_EMPLOI'),
  org('cep-39', '39', 'CEP'),
  org('cpam-21', '21', 'CPAM', 'MC'),
  { ...org('ast-21', '21', 'CPDP', 'MT', 'IDEST'), spstCode: 'MT21' },
  // In the directory, without account: others record what they do.
  org('atelier-39', '39', 'HOST', 'EMPLOYER'),
  org('france-travail-39', '39', 'FRANCE_TRAVAIL'),
  org('pairs-39', '39', 'MEDIATEUR_PAIR', 'MEDIATEUR_SANTE', 'INTERVENANT_ETP'),
];
/** A test that needs conventions, group actions or resources puts them here. */
export const CONVENTIONS: Convention[] = [];
export const GROUPS: GroupAction[] = [];
/** One from the start, under the identifier of the acts' own examples. */
export const RESOURCES: Resource[] = [
  { resourceId: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', name: 'CEP', kind: 'cep', situations: ['job-change'], audiences: ['person'], retired: false },
]; // prettier-ignore
export const directory: Directory = {
  all: () => ORGANISATIONS,
  find: (id) => ORGANISATIONS.find((o) => o.id === id),
  bySpstCode: (code) => spstOf(code, ORGANISATIONS),
  caisseOf: (territory) => caisseIn(territory, ORGANISATIONS),
  conventions: () => CONVENTIONS,
  resource: (id) => RESOURCES.find((r) => r.resourceId === id),
  groupAction: (id) => GROUPS.find((g) => g.groupId === id),
};
/** The delays as they ship. */
export const BOOK = rulebook(frenchCalendar);
export const uuidOf = (label: string): string =>
  createHash('sha256').update(label).digest('hex').slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-5$3-8$4-$5').slice(0, 36); // prettier-ignore
export const party = (role: Role, organisation: string | null = null): Party => ({ role, organisation, person: null });

export const CPAM = party('CPAM', 'cpam-39');
export const MC = party('MC', 'cpam-39');
export const CPDP = party('CPDP', 'ast-39');
export const MT = party('MT', 'ast-39');
export const AS = party('AS', 'carsat-bfc');
export const CAP = party('CAP_EMPLOI', 'cap-emploi-39');
export const ASSURE = party('ASSURE');
export const MTR = party('MTR');

interface How {
  by: Party;
  on: string;
  /** Recorded for the actor by this one, with evidence. */
  recordedBy?: Party;
  /** Today; the day of the fact when absent. */
  today?: string;
  /** A stable name for the command, so that the same fact has the same ids in any order. */
  key?: string;
}
/** given / when / then over one case: what happened, what is done, what the case then is. */
export class Story {
  readonly events: DomainEvent[] = [];
  readonly caseId = uuidOf('case');
  #commands = 0;

  get view(): CaseView {
    return deriveCase(this.caseId, this.events, actOfType);
  }
  get duties(): Obligation[] {
    return this.#found('duty');
  }
  get alerts(): Obligation[] {
    return this.#found('alert');
  }
  #found(nature: Obligation['nature']): Obligation[] {
    const { view } = this;
    return current(obligations(view, BOOK), view.toldUntil ?? localDate('2000-01-01')).filter((o) => o.nature === nature);
  }
  /** Does it, and gives the ids that it made. @throws Refused */
  does(command: string, data: Record<string, unknown>, how: How, earlier: readonly CaseView[] = []): Record<string, string> {
    // What only another act or a meeting brings has no command: its type names it.
    const act = actOfCommand(command) ?? actOfType(command);
    if (!act) throw new Error(`no act ${command}`);
    const key = how.key ?? `command ${this.#commands++}`;
    const today = localDate(how.today ?? how.on);
    const ctx: Context = {
      now: `${today}T10:00:00.000Z` as Instant, today, commandId: uuidOf(key), newId: (label) => uuidOf(`${key} ${label}`), directory, rulebook: BOOK, earlier,
    }; // prettier-ignore
    const events = decide(
      act,
      {
        caseId: this.caseId, personId: uuidOf('person'), source: 'api', correlationId: uuidOf(key), actor: how.by, recordedBy: how.recordedBy ?? null,
        evidence: how.recordedBy ? { kind: 'attestation' } : null, occurredOn: localDate(how.on), data: data as never,
        opening: this.events.length === 0 ? [{ type: 'CaseOpened', data: { caisse: 'cpam-39' } }] : [],
      },
      this.events.map((e, revision) => ({ ...e, revision })), ctx, actOfType,
    ); // prettier-ignore
    this.events.push(...events);
    const made = events.flatMap((e) => Object.entries(actOfType(e.type)?.fields ?? {}).filter(([, f]) => f.kind === 'newId').map(([n]) => [n, String(e.data[n])])); // prettier-ignore
    return Object.fromEntries(made) as Record<string, string>;
  }
  /** Codes of the rules that refuse it; nothing is recorded. */
  refuses(command: string, data: Record<string, unknown>, how: How, earlier: readonly CaseView[] = []): string[] {
    const before = this.events.length;
    try {
      this.does(command, data, how, earlier);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.events.length !== before) throw new Error(`${command} was refused, and wrote`, { cause: error });
      return error.findings.map((f) => f.code);
    }
    throw new Error(`${command} was not refused`);
  }
  /** Corrects the last fact of a type. @throws Refused */
  corrects(type: string, data: Record<string, unknown>, how: How): void {
    this.#correct(type, how, { occurredOn: localDate(how.on), data });
  }
  /** Withdraws the last fact of a type. @throws Refused */
  withdraws(type: string, how: How): void {
    this.#correct(type, how);
  }
  #correct(type: string, how: How, replacement?: CorrectionCommand['replacement']): void {
    const key = how.key ?? `command ${this.#commands++}`;
    const today = localDate(how.today ?? how.on);
    const event = this.events.findLast((e) => e.type === type)?.id ?? '';
    const command = { caseId: this.caseId, personId: uuidOf('person'), source: 'api', correlationId: uuidOf(key), actor: how.by, recordedBy: null, evidence: null, occurredOn: today }; // prettier-ignore
    const ctx: Context = { now: `${today}T10:00:00.000Z` as Instant, today, commandId: uuidOf(key), newId: (label) => uuidOf(`${key} ${label}`), directory, rulebook: BOOK, earlier: [] }; // prettier-ignore
    this.events.push(
      ...decideCorrection({ ...command, event, ...(replacement && { replacement }) }, this.events, ctx, actOfType),
    );
  }
  /** Says of the last fact of a type that it is so. @throws Refused */
  confirms(type: string, how: How): void {
    this.judges(this.events.findLast((e) => e.type === type)?.id ?? '', 'confirmed', how);
  }
  /** Says of the last fact of a type that it is not so. @throws Refused */
  denies(type: string, how: How): void {
    this.judges(this.events.findLast((e) => e.type === type)?.id ?? '', 'denied', how);
  }
  judges(event: string, verdict: ConfirmationCommand['verdict'], how: How): void {
    const key = how.key ?? `command ${this.#commands++}`;
    const today = localDate(how.today ?? how.on);
    const ctx: Context = { now: `${today}T10:00:00.000Z` as Instant, today, commandId: uuidOf(key), newId: (label) => uuidOf(`${key} ${label}`), directory, rulebook: BOOK, earlier: [] }; // prettier-ignore
    const command = { caseId: this.caseId, personId: uuidOf('person'), source: 'api', correlationId: uuidOf(key), actor: how.by, recordedBy: null, evidence: null, event, verdict }; // prettier-ignore
    this.events.push(...decideConfirmation(command, this.events, ctx, actOfType));
  }
  /** Codes of the rules that refuse that. */
  refusesToConfirm(type: string, how: How): string[] {
    return refusalOf(() => this.confirms(type, how));
  }
  refusesToDeny(type: string, how: How): string[] {
    return refusalOf(() => this.denies(type, how));
  }
  /** Codes of the irregularities that the last event carries. */
  get irregular(): string[] {
    return (this.events.at(-1)?.irregularities ?? []).map((i) => i.code);
  }
}

/** Codes of the rules that refuse it; none when it is done. */
export function refusalOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.findings.map((f) => f.code);
    throw error;
  }
}

export const LEAVE = { start: '2023-01-09', expectedEnd: '2023-12-31', risk: 'maladie' } as const;
export const ACCORD = { date: '2023-03-10', proof: 'form' } as const;
/** A transmission with accord, acknowledged and triaged, and a support that the AS opened and leads. */
export function supported(): Story & { transmissionId: string } {
  const story = new Story();
  const { transmissionId } = story.does(
    'transmit-sick-leave',
    { spstCode: 'MT39', leave: LEAVE, accord: ACCORD },
    { by: CPAM, on: '2023-03-14' },
  );
  story.does('acknowledge-receipt', { handshakeId: transmissionId }, { by: CPDP, on: '2023-03-15' });
  story.does('conclude-triage', { handshakeId: transmissionId, outcome: 'accompanied' }, { by: CPDP, on: '2023-03-16' });
  const { referralId } = story.does(
    'refer-case',
    { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' },
    { by: CPAM, on: '2023-03-20' },
  );
  story.does('accept-referral', { referralId }, { by: AS, on: '2023-03-21' });
  story.does('open-support', { origin: 'cpam' }, { by: AS, on: '2023-03-22' });
  return Object.assign(story, { transmissionId: transmissionId! });
}
export const SLOTS = (from: string, days: number) =>
  Array.from({ length: days }, (_, i) => ({
    date: new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10),
    part: 'day',
  }));
