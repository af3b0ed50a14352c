import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { actOfCommand, actOfType } from '../domain/case/acts.js';
import { goesOnWith, heldOf, kinOf, lastStanding } from '../domain/case/at-home.js';
import { decide, numberFindingsFor } from '../domain/case/decide.js';
import { type DomainEvent, type RecordedEvent } from '../domain/case/event.js';
import { identification } from '../domain/case/identification.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { t } from '../domain/kernel/text.js';
import { openCaseOf, openingEvents } from '../domain/person/person.js';
import { WrongExpectedRevision } from '../event-store/port.js';
import { type Identifier, normaliseIdentifier } from '../vault/identifier.js';
import { contextFor, loadCase, outcomeOf, runDecider, viewOf } from './case-stream.js';
import { type CommandId, isOf } from './ids.js';
import { NotFound, OpenCase, type Outcome, type PersonInput } from './messages.js';
import { Parts } from './parts.js';
import { entitled, parties, veiling } from './perform-act.js';
import { appendToPerson, earlierCases, isUnderWay, loadLivePerson, loadPerson, type PersonStream } from './person-stream.js';

const INS_NIR = '1.2.250.1.213.1.4.8';

/**
 * A person has one case among those who are at home in it; whoever comes from outside opens a file of its own, which is found behind the
 * log and waits to be let in (ADR 0014). The numbers are reserved in the index, then the person's stream decides which case is open, then
 * the case gets its events. Each step may be repeated, so a crash between two of them is mended by the retry of the same command.
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
          ...identification(traitsOf(c.person), this.numbersOf(c.person), view),
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

  /**
   * The case in which the act belongs: that of the person, where the caller is at home in it (ADR 0014), else one of its own, decided
   * without a look at any other. Nothing is reserved before the act itself would be accepted.
   */
  private async place(
    c: OpenCase,
    command: CommandId,
    decideOn: (caseId: string, history: readonly RecordedEvent[], person: PersonStream) => Promise<unknown>,
  ): Promise<{ caseId: string; person: PersonStream }> {
    const { parts } = this;
    const numbers = this.numbersOf(c.person);
    const notForRole = numbers.length > 0 ? numberFindingsFor(c.caller, parts.clock.today()) : [];
    if (notForRole.length > 0) throw new Refused(notForRole);
    // A case and a person keep the ids that they had before the others had a key: the same retry comes to the same ones.
    const candidate = parts.cursors.id(`person:${command.former}`);
    const own = parts.cursors.id(`case:${command.former}`);
    // It was done by a process that went down before it could answer: whatever has become of that case since, this is its outcome.
    const begun = await loadCase(parts, own);
    if (begun[0]?.personId && begun.some((e) => isOf(e, command)))
      return { caseId: own, person: await loadPerson(parts, begun[0].personId) };
    await parts.homes.catchUp();
    for (;;) {
      const known = numbers.length > 0 ? await this.knownTo(c, numbers) : [];
      const found = await this.among(known, c, command, numbers);
      const person = found?.person ?? (await loadLivePerson(parts, candidate));
      const joins = found ? found.joins : openCaseOf(person.state);
      const caseId = joins ?? own;
      const history = await loadCase(parts, caseId);
      if (!history.some((e) => isOf(e, command))) await decideOn(caseId, history, person);
      if (!found) {
        const personId =
          numbers.length > 0 ? await parts.persons.claim(c.caller.organisation, numbers, candidate, known) : candidate;
        // The same organisation told of this number at the same instant: look again, and join.
        if (personId !== candidate) continue;
      }
      // Even where the number is known: whoever told it first may have gone down before there was a key.
      if (person.history.length === 0) await parts.vault.ensureKey(person.personId);
      if (joins !== undefined) return { caseId, person };
      try {
        await appendToPerson(parts, person, openingEvents(person.state, caseId), command.id, c.caller);
        return { caseId, person: await loadPerson(parts, person.personId) };
      } catch (error) {
        // Somebody opened a case for this person at the same instant: look again, and join it.
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }

  private numbersOf({ identifiers = [] }: PersonInput): Identifier[] {
    const { fictitiousPeople: fictitious } = this.parts;
    const numbers = identifiers.map((i) =>
      normaliseIdentifier({ value: i.value, ...(i.kind === 'INS' ? { oid: i.oid ?? INS_NIR } : {}) }, { fictitious }),
    );
    // A person has one number of each kind.
    if (numbers.some((i) => numbers.some((other) => other.kind === i.kind && other.value !== i.value)))
      throw new Refused([impossible('person.identifiersDiffer', t('Une personne n’a qu’un numéro de chaque sorte.', 'A person has one number of each kind.'))]); // prettier-ignore
    return numbers;
  }

  /** Persons whom the numbers lead the caller to: those in whose case it is at home, and those that it told of itself. */
  private async knownTo({ caller }: OpenCase, numbers: readonly Identifier[]): Promise<readonly string[]> {
    const { parts } = this;
    const kin = kinOf(caller, parts.followed);
    const cases = await parts.persons.casesOf(numbers, kin, parts.clock.today());
    const told = await parts.persons.toldBy(caller.organisation, numbers);
    return [...new Set([...cases.map(({ personId }) => personId), ...told])];
  }

  /**
   * Among these persons one of whom nothing contradicts what is told now, and whose last case is the caller's too: of several the one of
   * whom the number was told first, whatever was opened before. `joins` is that case where it is under way; without it a new one is opened
   * for that person.
   */
  private async among(
    personIds: readonly string[],
    { caller, person: told }: OpenCase,
    command: CommandId,
    numbers: readonly Identifier[],
  ): Promise<{ person: PersonStream; joins?: string } | undefined> {
    const { parts } = this;
    const today = parts.clock.today();
    const known = await Promise.all(
      personIds.map(async (id) => {
        const person = await loadLivePerson(parts, id);
        const cases = await Promise.all(
          person.state.cases.map(async ({ caseId }) => {
            const history = await loadCase(parts, caseId);
            return { history, view: viewOf(caseId, history, today) };
          }),
        );
        const held = heldOf(cases.map(({ view }) => view));
        const current = cases.find(({ view }) => view.caseId === openCaseOf(person.state) && held.includes(view));
        const last = lastStanding(
          cases.flatMap(({ history, view }) => (history.length > 0 && held.includes(view) ? [view] : [])),
        );
        const at = last?.numbers
          .flatMap((n) => (numbers.some(({ value }) => value === n.value) ? (n.toldAt ?? []) : []))
          .sort()[0];
        return { person, current, last, at: at ?? last?.openedAt ?? '' };
      }),
    );
    for (const { person, current, last } of known.sort((a, b) => a.at.localeCompare(b.at))) {
      // One of which nothing is told yet was begun at this instant: it is under way.
      const joins = current && isUnderWay(current.view) ? { joins: current.view.caseId } : {};
      if (current?.history.some((e) => isOf(e, command))) return { person, joins: current.view.caseId };
      if (!last || goesOnWith(last, caller, told, today, parts.followed)) return { person, ...joins };
    }
    return undefined;
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

const traitsOf = ({ identifiers: _, ...traits }: PersonInput): Omit<PersonInput, 'identifiers'> => traits;
