import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { asideOf } from '../domain/asides.js';
import { pastFor } from '../domain/beside-seen.js';
import { type CaseView } from '../domain/case/view.js';
import { organisationFindings } from '../domain/case/decide.js';
import { type AsideDefinition } from '../domain/kernel/aside.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { t } from '../domain/kernel/text.js';
import { NO_STREAM, WrongExpectedRevision } from '../event-store/port.js';
import { type CommandId, formerlyMadeBy } from './ids.js';
import { Busy, Forbidden, NotFound } from './messages.js';
import { formerIdOf, plainEvent } from './plain-event.js';
import { Parts } from './parts.js';
import { loadVisible, selfOf } from './perform-act.js';
import { PATIENCE_MS } from './turns.js';

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

const LABEL = 'aside';
/** The stream of those that are together: no id is this. */
const TOGETHER = '_all';
/** Whether it is in use already would be told by an answer of its own. */
const MADE_HERE = new Refused([impossible('id.madeHere', t('L’identifiant se fait ici : le laisser.', 'The identifier is made here: leave it out.'))]); // prettier-ignore

@CommandHandler(RecordAside)
export class RecordAsideHandler implements ICommandHandler<RecordAside, AsideOutcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ command, data, caller, idempotencyKey }: RecordAside): Promise<AsideOutcome> {
    const aside = asideOf(command);
    if (!aside) throw new NotFound();
    if (!aside.by.includes(caller.role)) throw new Forbidden(command);
    const id = this.parts.ids.commandOf(caller.organisation, `${command}:${idempotencyKey}`);
    return this.parts.idempotency.once(id, [caller.role, command, data], () => this.record(aside, data, caller, id));
  }

  private async record(
    aside: AsideDefinition,
    data: RecordAside['data'],
    caller: Caller,
    command: CommandId,
  ): Promise<AsideOutcome> {
    const { store, codec, clock, followed } = this.parts;
    const news = Object.entries(aside.fields).flatMap(([name, f]) => (f.kind === 'newId' ? [name] : []));
    const chosen = news.some((name) => data[name] !== undefined);
    const professionals = Object.fromEntries((aside.professionals ?? []).map((name) => [name, this.parts.ids.professional(String(data[name]))])); // prettier-ignore
    const place = (idOf: (label: string) => string) => {
      const ids = Object.fromEntries(news.filter((name) => data[name] === undefined).map((name) => [name, idOf(name)]));
      const full = { ...data, ...professionals, ...ids };
      const id = aside.id(full as never, idOf('own'));
      return { ids, full, id, own: `${aside.family}-${id}` };
    };
    const { ids, full, id, own } = place((label) => this.parts.ids.madeBy(command.id, label));
    await followed.catchUp();
    const past = pastFor((family, of) => followed.histories(family).get(of) ?? [], selfOf(caller));
    // What does not exist for the caller is not read either: the time that it takes would tell.
    if ((aside.place === 'there' || chosen) && aside.family !== 'satisfaction' && past(aside.family, id).length === 0)
      throw aside.place === 'new' ? MADE_HERE : new NotFound();
    const about = aside.about && (await this.caseFor(aside.about(full as never), caller));
    // Told before ids had a key, by a process that went down before it could answer.
    const before = place((label) => formerlyMadeBy(command, label));
    const formerId = formerIdOf(command, LABEL, aside.type);
    if ((await store.readStream(before.own)).some((e) => e.id === formerId)) return { ids: before.ids };
    if (aside.place === 'new' && chosen) throw MADE_HERE;
    const stream = aside.together ? `${aside.family}-${TOGETHER}` : own;
    return this.parts.turns.take(stream, async () => {
      for (const begun = performance.now(); performance.now() - begun < PATIENCE_MS;) {
        const stored = await store.readStream(stream);
        // Whatever came into the stream up to here is known to the directory too; what comes after it makes the append fail.
        if (aside.together) await followed.catchUp();
        const recorded = plainEvent(
          this.parts,
          { type: aside.type, data: full },
          { commandId: command.id, by: caller, personId: about?.personId ?? null, label: LABEL },
        );
        if (stored.some((e) => e.id === recorded.id)) return { ids };
        const history = await codec.decode(stored);
        const findings = [
          ...organisationFindings(aside.fields, full, { directory: followed }),
          ...(aside.check?.({
            data: full as never,
            history,
            by: recorded.actor,
            today: clock.today(),
            directory: followed,
            past,
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
      throw new Busy();
    });
  }

  /** @throws NotFound when, to this caller, the case does not exist */
  private async caseFor(caseId: string, caller: Caller): Promise<{ personId: string | null; seen: CaseView }> {
    const { view, seen } = await loadVisible(this.parts, caseId, caller);
    return { personId: view.personId, seen };
  }
}
