import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { DelaySet, delayFindings } from '../domain/config/delay.js';
import { type DeclaredEvent } from '../domain/kernel/declared-event.js';
import { type Fields } from '../domain/kernel/fields.js';
import { type Finding, impossible, Refused } from '../domain/kernel/errors.js';
import { type Role } from '../domain/kernel/roles.js';
import { t } from '../domain/kernel/text.js';
import { GroupActionHeld, GroupActionPlanned } from '../domain/group/group.js';
import { MandateGranted } from '../domain/mandate/mandate.js';
import { OrganisationRegistered } from '../domain/organisation/organisation.js';
import { SatisfactionAnswered } from '../domain/satisfaction/satisfaction.js';
import { NO_STREAM, WrongExpectedRevision } from '../event-store/port.js';
import { commandIdOf, derivedId } from './ids.js';
import { Forbidden, NotFound } from './messages.js';
import { plainEvent } from './plain-event.js';
import { Parts } from './parts.js';

/** What is recorded beside the cases: organisations, mandates, group actions, satisfaction. One event each, declared with who may. */
interface Aside {
  readonly event: DeclaredEvent<Fields>;
  readonly by: readonly Role[];
  readonly streamOf: (data: Readonly<Record<string, unknown>>) => string;
  /** `new`: nobody plans twice, or over another one's; `there`: it follows something; `any`: the last word counts. */
  readonly stream: 'new' | 'there' | 'any';
  /** What its payload alone can't tell. */
  readonly check?: (data: Readonly<Record<string, unknown>>) => readonly Finding[];
}
const aside = (event: unknown, by: readonly Role[], streamOf: Aside['streamOf'], stream: Aside['stream'] = 'any', check?: Aside['check']): Aside => ({ event: event as DeclaredEvent<Fields>, by, streamOf, stream, ...(check && { check }) }); // prettier-ignore
export const ASIDES = {
  'register-organisation': aside(OrganisationRegistered, ['OPERATOR'], (d) => `organisation-${String(d['id'])}`),
  'grant-mandate': aside(MandateGranted, ['OPERATOR'], (d) => `mandate-${String(d['mandateId'])}`, 'new'),
  'set-delay': aside(DelaySet, ['OPERATOR'], () => 'config-delays', 'any', delayFindings),
  'plan-group-action': aside(GroupActionPlanned, ['AS', 'CSAM'], (d) => `group-${String(d['groupId'])}`, 'new'),
  'hold-group-action': aside(GroupActionHeld, ['AS', 'CSAM'], (d) => `group-${String(d['groupId'])}`, 'there'),
  'answer-satisfaction': aside(SatisfactionAnswered, ['AS', 'CSAM', 'CPDP'], (d) => `satisfaction-${String(d['id'])}`),
} as const satisfies Record<string, Aside>;
export type AsideCommand = keyof typeof ASIDES;

export class RecordAside {
  constructor(
    readonly command: AsideCommand,
    readonly data: Readonly<Record<string, unknown>>,
    readonly caller: Caller,
    readonly idempotencyKey: string,
  ) {}
}
/** Identifiers that were made, and the sealed position, for reads that wait for it. */
export interface AsideOutcome {
  readonly ids: Readonly<Record<string, string>>;
}

@CommandHandler(RecordAside)
export class RecordAsideHandler implements ICommandHandler<RecordAside, AsideOutcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ command, data, caller, idempotencyKey }: RecordAside): Promise<AsideOutcome> {
    const aside: Aside = ASIDES[command];
    if (!aside.by.includes(caller.role)) throw new Forbidden(command);
    const commandId = commandIdOf(caller.organisation, `${command}:${idempotencyKey}`);
    return this.parts.idempotency.once(commandId, [caller.role, command, data], () =>
      this.record(aside, data, caller, commandId),
    );
  }

  private async record(
    { event, streamOf, stream: wanted, check }: Aside,
    data: RecordAside['data'],
    caller: Caller,
    commandId: string,
  ): Promise<AsideOutcome> {
    const { store, codec } = this.parts;
    const made = Object.entries(event.fields).filter(([name, f]) => f.kind === 'newId' && data[name] === undefined);
    const ids = Object.fromEntries(made.map(([name]) => [name, derivedId(commandId, name)]));
    const full = { ...data, ...ids };
    const findings = check?.(full) ?? [];
    if (findings.length > 0) throw new Refused(findings);
    const stream = streamOf(event.type === SatisfactionAnswered.type ? { id: derivedId(commandId, 'satisfaction') } : full);
    for (;;) {
      const stored = await store.readStream(stream);
      const recorded = plainEvent(
        this.parts,
        { type: event.type, data: full },
        { commandId, caller, personId: null, label: 'aside' },
      );
      if (stored.some((e) => e.id === recorded.id)) return { ids };
      if (wanted === 'there' && stored.length === 0) throw new NotFound();
      if (wanted === 'new' && stored.length > 0)
        throw new Refused([impossible('id.taken', t('Cet identifiant sert déjà : le laisser, ou en choisir un autre.', 'This identifier is in use: leave it out, or choose another one.'))]); // prettier-ignore
      try {
        await store.append(stream, stored.at(-1)?.revision ?? NO_STREAM, await codec.encode([recorded]));
        return { ids };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }
}
