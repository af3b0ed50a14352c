import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { asideOf } from '../domain/asides.js';
import { type CaseView } from '../domain/case/view.js';
import { organisationFindings } from '../domain/case/decide.js';
import { type AsideDefinition } from '../domain/kernel/aside.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { t } from '../domain/kernel/text.js';
import { NO_STREAM, WrongExpectedRevision } from '../event-store/port.js';
import { loadCase } from './case-stream.js';
import { commandIdOf, derivedId } from './ids.js';
import { Forbidden, NotFound } from './messages.js';
import { plainEvent } from './plain-event.js';
import { Parts } from './parts.js';
import { visibleTo } from './perform-act.js';

export class RecordAside {
  constructor(
    readonly command: string,
    readonly data: Readonly<Record<string, unknown>>,
    readonly caller: Caller,
    readonly idempotencyKey: string,
  ) {}
}
/** Identifiers that were made. */
export interface AsideOutcome {
  readonly ids: Readonly<Record<string, string>>;
}

@CommandHandler(RecordAside)
export class RecordAsideHandler implements ICommandHandler<RecordAside, AsideOutcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ command, data, caller, idempotencyKey }: RecordAside): Promise<AsideOutcome> {
    const aside = asideOf(command);
    if (!aside) throw new NotFound();
    if (!aside.by.includes(caller.role)) throw new Forbidden(command);
    const commandId = commandIdOf(caller.organisation, `${command}:${idempotencyKey}`);
    return this.parts.idempotency.once(commandId, [caller.role, command, data], () =>
      this.record(aside, data, caller, commandId),
    );
  }

  private async record(
    aside: AsideDefinition,
    data: RecordAside['data'],
    caller: Caller,
    commandId: string,
  ): Promise<AsideOutcome> {
    const { store, codec, clock, followed } = this.parts;
    const made = Object.entries(aside.fields).filter(([name, f]) => f.kind === 'newId' && data[name] === undefined);
    const ids = Object.fromEntries(made.map(([name]) => [name, derivedId(commandId, name)]));
    const full = { ...data, ...ids };
    const stream = `${aside.family}-${aside.id(full as never, derivedId(commandId, 'own'))}`;
    const about = aside.about && (await this.caseFor(aside.about(full as never), caller));
    await followed.catchUp();
    for (;;) {
      const stored = await store.readStream(stream);
      const recorded = plainEvent(
        this.parts,
        { type: aside.type, data: full },
        { commandId, caller, personId: about?.personId ?? null, label: 'aside' },
      );
      if (stored.some((e) => e.id === recorded.id)) return { ids };
      if (aside.place === 'there' && stored.length === 0) throw new NotFound();
      if (aside.place === 'new' && stored.length > 0)
        throw new Refused([impossible('id.taken', t('Cet identifiant sert déjà : le laisser, ou en choisir un autre.', 'This identifier is in use: leave it out, or choose another one.'))]); // prettier-ignore
      const history = await codec.decode(stored);
      const findings = [
        ...organisationFindings(aside.fields, full, { directory: followed }),
        ...(aside.check?.({
          data: full as never,
          history,
          by: recorded.actor,
          today: clock.today(),
          directory: followed,
          past: (family, id) => followed.histories(family).get(id) ?? [],
          seen: about?.seen,
        }) ?? []),
      ];
      const barred = findings.filter((f) => f.severity === 'forbidden');
      // Whoever may not do it is not told how things stand there.
      if (findings.length > 0) throw new Refused(barred.length > 0 ? barred : findings);
      try {
        await store.append(stream, stored.at(-1)?.revision ?? NO_STREAM, await codec.encode([recorded]));
        return { ids };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }

  /** @throws NotFound when, to this caller, the case does not exist */
  private async caseFor(caseId: string, caller: Caller): Promise<{ personId: string | null; seen: CaseView }> {
    const { view, seen } = visibleTo(this.parts, caseId, await loadCase(this.parts, caseId), caller);
    return { personId: view.personId, seen };
  }
}
