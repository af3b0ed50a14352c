import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { actOfCommand, actOfType } from '../domain/case/acts.js';
import { decide } from '../domain/case/decide.js';
import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { type CaseView } from '../domain/case/view.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { t } from '../domain/kernel/text.js';
import { openCaseOf, openingEvents } from '../domain/person/person.js';
import { WrongExpectedRevision } from '../event-store/port.js';
import { type Identifier, normaliseIdentifier } from '../vault/identifier.js';
import { IdentifiersDisagree } from '../vault/person-index.js';
import { contextFor, loadCase, outcomeOf, runDecider, viewOf } from './case-stream.js';
import { type CommandId, isOf } from './ids.js';
import { NotFound, OpenCase, type Outcome, type PersonInput } from './messages.js';
import { Parts } from './parts.js';
import { entitled, parties, veiling } from './perform-act.js';
import { appendToPerson, earlierCases, isUnderWay, loadLivePerson, loadPerson, type PersonStream } from './person-stream.js';

const INS_NIR = '1.2.250.1.213.1.4.8';

/**
 * One person, one open case (decision 8): whoever comes first opens it, all others join it, at the same instant too. The person's
 * identifiers are reserved in the index, then the person's stream decides which case is open, then the case gets its events. Each
 * step may be repeated, so a crash between two of them is mended by the retry of the same command.
 */
@CommandHandler(OpenCase)
export class OpenCaseHandler implements ICommandHandler<OpenCase, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute(c: OpenCase): Promise<Outcome> {
    const act = actOfCommand(c.command);
    if (!act?.opens) throw new NotFound();
    const { parts } = this;
    const command = parts.ids.commandOf(c.caller.organisation, c.meta.idempotencyKey, c.meta.formerKey);
    const { id: commandId } = command;
    const who = parties(c.body, c.caller);
    entitled(act, who);
    return parts.idempotency.once(command, [c.caller.role, c.command, c.person, c.caisse, c.body], async () => {
      await parts.followed.catchUp();
      const decideOn = async (
        caseId: string,
        history: readonly RecordedEvent[],
        person: PersonStream,
      ): Promise<DomainEvent[]> => {
        const view = viewOf(caseId, history, parts.clock.today());
        const ctx = await contextFor(parts, commandId, history, await earlierCases(parts, person, caseId));
        const opening = [
          ...(history.length === 0 ? [{ type: 'CaseOpened', data: { caisse: this.caisse(c) } }] : []),
          ...identification(c.person, view),
        ];
        return veiling(view, c.caller, parts, () =>
          decide(act, { ...who, caseId, personId: person.personId, data: c.body.data as never, occurredOn: c.body.occurredOn ?? ctx.today, source: c.meta.source, correlationId: commandId, opening }, history, ctx, actOfType),
        ); // prettier-ignore
      };
      const { caseId, person } = await this.place(c, command, decideOn);
      const written = await runDecider(parts, caseId, command, (history) => decideOn(caseId, history, person));
      return outcomeOf(parts, caseId, c.caller, written);
    });
  }

  /** The case in which the act belongs. Nothing is reserved before the act itself would be accepted. */
  private async place(
    c: OpenCase,
    command: CommandId,
    decideOn: (caseId: string, history: readonly RecordedEvent[], person: PersonStream) => Promise<unknown>,
  ): Promise<{ caseId: string; person: PersonStream }> {
    const { parts } = this;
    const identifiers = (c.person.identifiers ?? []).map((i) =>
      normaliseIdentifier(
        { value: i.value, ...(i.kind === 'INS' ? { oid: i.oid ?? INS_NIR } : {}) },
        { fictitious: parts.fictitiousPeople },
      ),
    );
    // A person has one number of each kind. Two would add one person's to another, or ask whether they are known.
    if (identifiers.some((i) => identifiers.some((other) => other.kind === i.kind && other.value !== i.value)))
      throw new Refused([impossible('person.identifiersDiffer', t('Une personne n’a qu’un numéro de chaque sorte.', 'A person has one number of each kind.'))]); // prettier-ignore
    // A case and a person keep the ids that they had before the others had a key: the same retry comes to the same ones.
    const candidate = parts.cursors.id(`person:${command.former}`);
    for (;;) {
      const known = identifiers.length > 0 ? await this.named(identifiers) : undefined;
      const person = await loadLivePerson(parts, known?.personId ?? candidate);
      const current = openCaseOf(person.state);
      const history = current === undefined ? [] : await loadCase(parts, current);
      const joins =
        current !== undefined &&
        (history.length === 0 || isUnderWay(viewOf(current, history)) || history.some((e) => isOf(e, command)));
      const caseId = joins ? current : parts.cursors.id(`case:${command.former}`);
      if (!history.some((e) => isOf(e, command))) await decideOn(caseId, joins ? history : [], person);

      const { personId, created } =
        identifiers.length > 0 && !known?.byAll
          ? await parts.persons.resolve(identifiers, person.personId)
          : { personId: person.personId, created: true };
      if (personId !== person.personId && (await loadLivePerson(parts, personId)).personId !== person.personId) continue;
      if (created && person.history.length === 0) await parts.vault.ensureKey(personId);
      if (joins) return { caseId, person };
      try {
        await appendToPerson(parts, person, openingEvents(person.state, caseId), command.id, c.caller);
        return { caseId, person: await loadPerson(parts, person.personId) };
      } catch (error) {
        // Somebody opened a case for this person at the same instant: look again, and join it.
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }

  /** Whom the identifiers name; two persons that turned out to be one are one (`byAll`: each identifier is known already). */
  private async named(identifiers: readonly Identifier[]): Promise<{ personId: string; byAll: boolean } | undefined> {
    const { parts } = this;
    try {
      const personId = await parts.persons.find(identifiers);
      return personId === undefined ? undefined : { personId, byAll: false };
    } catch (error) {
      if (!(error instanceof IdentifiersDisagree)) throw error;
      const live = await Promise.all(error.personIds.map(async (id) => (await loadLivePerson(parts, id)).personId));
      if (new Set(live).size > 1) throw error;
      return { personId: live[0]!, byAll: true };
    }
  }

  private caisse({ caisse, caller }: OpenCase): string {
    const { followed } = this.parts;
    const own = followed.find(caller.organisation);
    const found = own?.roles.includes('CPAM')
      ? own
      : caisse === undefined
        ? followed.caisseOf(own?.territory ?? '')
        : followed.find(caisse);
    if (!found?.roles.includes('CPAM'))
      throw new Refused([impossible('caisse.unknown', t('Aucune caisse ne répond de ce dossier : la nommer (caisse).', 'No fund answers for this case: name it (caisse).'), 'convention (D)')]); // prettier-ignore
    return found.id;
  }
}

/** Traits as this partner holds them, when the case does not have them already. */
function identification(
  { identifiers, ...traits }: PersonInput,
  view: CaseView,
): { type: string; data: Record<string, unknown> }[] {
  const nir = identifiers
    ?.find((i) => i.kind === 'NIR' || i.oid === undefined || i.oid === INS_NIR)
    ?.value.replace(/[^0-9AB]/gi, '')
    .toUpperCase();
  const data: Record<string, unknown> = { ...traits, ...(nir !== undefined && nir.length === 15 && { nir }) };
  const held = view.person as Record<string, unknown>;
  return Object.entries(data).every(([key, value]) => held[key] === value) ? [] : [{ type: 'PersonIdentified', data }];
}
