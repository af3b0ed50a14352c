import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { seesZone } from '../access/visible.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { hasUnconfirmedPart } from '../domain/case/at-home.js';
import { filesBeside, waitsFor } from '../domain/case/files.js';
import { type CaseView } from '../domain/case/view.js';
import { type Finding, impossible, Refused } from '../domain/kernel/errors.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { CASE_WORKERS, type Party } from '../domain/kernel/roles.js';
import { type Text, t } from '../domain/kernel/text.js';
import { DuplicateRefused } from '../domain/person/duplicate.js';
import { contradictions } from '../domain/person/traits.js';
import { PersonJoined, PersonLinked, PersonParted, PersonUnlinked } from '../domain/person/person.js';
import { type NewEvent, NO_STREAM, type StoredEvent, WrongExpectedRevision } from '../event-store/port.js';
import { loadCase, streamOf, viewOf } from './case-stream.js';
import { type CommandId, isOf, uuidV5 } from './ids.js';
import { Forbidden, JoinCases, KeepCasesApart, NotFound, PartCases } from './messages.js';
import { Parts } from './parts.js';
import { loadVisible } from './perform-act.js';
import { appendToPerson, isUnderWay, loadPerson } from './person-stream.js';
import { formerIdOf, plainEvent } from './plain-event.js';

/** What the caller said of two cases. */
export interface PairOutcome {
  readonly caseId: string;
  readonly otherCaseId: string;
}
interface Side {
  readonly caseId: string;
  readonly personId: string;
  readonly view: CaseView;
  readonly history: readonly RecordedEvent[];
}
interface Work {
  readonly kept: Side;
  readonly other: Side;
  readonly command: CommandId;
  readonly by: Party;
}
const TRIES = 50;
/** Whichever of the two is named first. */
const pairStream = ({ ids }: Pick<Parts, 'ids'>, a: string, b: string): string => `duplicate-${ids.of('pair', ...[a, b].sort())}`;
const PAIRS = '6f1f0c52-7c5d-4b61-9a77-0d3f5c1f2b90';
/** Where it was said before ids had a key. */
const formerPairStream = (a: string, b: string): string => `duplicate-${uuidV5(PAIRS, [a, b].sort().join())}`;
export async function keptApart(parts: Pick<Parts, 'store' | 'ids'>, a: string, b: string): Promise<boolean> {
  for (const stream of [pairStream(parts, a, b), formerPairStream(a, b)])
    if ((await parts.store.readStream(stream)).length > 0) return true;
  return false;
}

const refused = (code: string, message: Text): Refused => new Refused([impossible(code, message, 'convention (D)')]);

/**
 * A human says that two cases are one person's, or not; the machine never does. It is somebody who takes part in both and may see who the
 * person is, or whoever answers for a case in which the other one waits (ADR 0014). To anybody else they don't exist.
 */
abstract class PairHandler {
  constructor(protected readonly parts: Parts) {}

  protected async run(
    name: string,
    { caseId, otherCaseId, caller, idempotencyKey }: JoinCases,
    work: (w: Work) => Promise<void>,
  ): Promise<PairOutcome> {
    const { parts } = this;
    if (!CASE_WORKERS.includes(caller.role)) throw new Forbidden(name);
    const command = parts.ids.commandOf(caller.organisation, `${name}:${idempotencyKey}`);
    return parts.idempotency.once(command, [caller.role, name, caseId, otherCaseId], async () => {
      const kept = await this.side(caseId, caller);
      const waits = waitsFor(kept.view, otherCaseId, caller);
      const other = await this.side(otherCaseId, caller, waits);
      if ([kept, other].some(({ view }) => hasUnconfirmedPart(view, caller.organisation)))
        throw refused(
          'part.unconfirmed',
          t(
            'Votre participation attend d’être confirmée par qui répond du dossier.',
            'Your part waits to be confirmed by whoever answers for the case.',
          ),
        );
      if (caseId === otherCaseId) throw refused('duplicate.sameCase', t('C’est le même dossier.', 'It is the same case.'));
      await work({ kept, other, command, by: caller });
      return { caseId, otherCaseId };
    });
  }

  private async side(caseId: string, caller: Caller, waits = false): Promise<Side> {
    const today = this.parts.clock.today();
    const { history, view } = waits ? await this.whole(caseId, today) : await loadVisible(this.parts, caseId, caller);
    if (view.personId === null || !(waits || seesZone(view, caller, today)('identity'))) throw new NotFound();
    return { caseId, personId: view.personId, view, history };
  }
  protected async whole(caseId: string, today: LocalDate): Promise<Pick<Side, 'history' | 'view'>> {
    const history = await loadCase(this.parts, caseId);
    return { history, view: viewOf(caseId, history, today) };
  }

  /** Tells a person's stream something, unless it says so already. */
  protected async tellPerson(
    { command, by }: Work,
    personId: string,
    type: string,
    data: Record<string, unknown>,
    known: (state: Awaited<ReturnType<typeof loadPerson>>['state']) => boolean,
  ): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const person = await loadPerson(this.parts, personId);
      if (known(person.state)) return;
      try {
        return await appendToPerson(this.parts, person, [{ type, data }], command.id, by);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
    throw new Error(`person-${personId}: ${TRIES} attempts lost to other writers`);
  }

  protected async encoded(
    { command, by }: Work,
    of: Side,
    type: string,
    data: Record<string, unknown>,
    label: string,
  ): Promise<NewEvent[]> {
    return this.parts.codec.encode([
      plainEvent(this.parts, { type, data }, { commandId: command.id, by, personId: of.personId, label }),
    ]);
  }
  /** Whether the command has told it already, under the id that it gives the event or gave it before. */
  protected hasTold({ command }: Work, stored: readonly StoredEvent[], { id, type }: NewEvent, label: string): boolean {
    return stored.some((e) => e.id === id || e.id === formerIdOf(command, label, type));
  }
}

/**
 * What says that two cases are not one person's. Numbers that differ say so whoever joins; traits may have been written wrongly, and the
 * caisse, which knows who bears the number that both have, says whether they were.
 */
function differences(one: CaseView, other: CaseView, by: Party): Finding[] {
  const shared = one.numbers.some(({ value }) => other.numbers.some((n) => n.value === value));
  const nirs = [one, other].map(({ numbers }) => numbers.some(({ kind }) => kind === 'NIR'));
  if (!shared && nirs.every(Boolean))
    return [impossible('duplicate.identifiersDiffer', t('Leurs numéros diffèrent : ce sont deux personnes.', 'Their numbers differ: they are two persons.'), 'L.4624-8 CT, convention (D)')]; // prettier-ignore
  if (shared && by.role === 'CPAM' && one.caisse === by.organisation) return [];
  return contradictions(one.person, other.person).map((trait) =>
    impossible(`duplicate.${trait}Differ`, t(`${TRAITS[trait].fr} : à la caisse de dire si c’est une même personne.`, `${TRAITS[trait].en}: it is for the fund to say whether it is one person.`), 'L.4624-8 CT, convention (D)'),
  ); // prettier-ignore
}
const TRAITS = {
  birthDate: t('Les dates de naissance diffèrent', 'The dates of birth differ'),
  sex: t('Le sexe diffère', 'The sex differs'),
  names: t('Les noms sont sans rapport', 'The names are unrelated'),
} as const;

@CommandHandler(JoinCases)
export class JoinCasesHandler extends PairHandler implements ICommandHandler<JoinCases, PairOutcome> {
  constructor(parts: Parts) {
    super(parts);
  }

  execute(command: JoinCases): Promise<PairOutcome> {
    return this.run('join-cases', command, (work) => this.joinAll(work));
  }

  /**
   * Somebody who knows has said that a change is so (ADR 0022): the file that told of it is joined to the case, as often as this is asked
   * once. One that can't be joined stays in the list of whoever answers for the case.
   */
  async joinConfirmed(confirmed: RecordedEvent): Promise<void> {
    const { fileId } = confirmed.data as { readonly fileId: string };
    const today = this.parts.clock.today();
    const side = async (caseId: string): Promise<Side | undefined> => {
      const { history, view } = await this.whole(caseId, today);
      return view.personId === null ? undefined : { caseId, personId: view.personId, view, history };
    };
    const kept = await side(confirmed.stream.slice('case-'.length));
    const other = await side(fileId);
    const id = this.parts.ids.madeBy(confirmed.id, 'join');
    const file = kept?.view.files.find((f) => f.fileId === fileId);
    if (!kept || !other || !file || (file.end && file.end.kind !== 'joined')) return;
    // It was joined in a case that was joined to this one since, with all that had been told there.
    if (other.view.mergedInto !== undefined && other.view.mergedInto !== kept.caseId) return;
    try {
      await this.joinAll({ kept, other, command: { id, former: id }, by: confirmed.recordedBy ?? confirmed.actor });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  private async joinAll(work: Work): Promise<void> {
    const { kept, other, command } = work;
    const begun = kept.history.some((e) => isOf(e, command));
    if (!begun && kept.personId === other.personId)
      throw refused(
        'duplicate.samePerson',
        t('Ces dossiers sont déjà ceux d’une même personne.', 'These cases are one person’s already.'),
      );
    if (!begun && !(isUnderWay(kept.view) && isUnderWay(other.view)))
      throw refused('duplicate.notOpen', t('On ne réunit que deux dossiers ouverts.', 'Only two open cases are joined.'));
    // What stands more firmly takes in the other one: nobody moves a case into a file of its own, under another fund.
    if (
      !begun &&
      filesBeside([other.view, kept.view], other.view).length > 0 &&
      filesBeside([kept.view, other.view], kept.view).length === 0
    )
      throw refused(
        'duplicate.otherStays',
        t(
          'L’autre dossier est celui qui demeure : réunir celui-ci à l’autre.',
          'The other case is the one that stays: join this one to it.',
        ),
      );
    const differs = begun ? [] : differences(kept.view, other.view, work.by);
    if (differs.length > 0) throw new Refused(differs);
    await this.tellPerson(work, other.personId, PersonLinked.type, { into: kept.personId }, (s) => s.linkedTo === kept.personId);
    // Somebody joined them the other way round at the same instant: neither of the two is to end in the other.
    if ((await loadPerson(this.parts, kept.personId)).state.linkedTo === other.personId) {
      await this.tellPerson(work, other.personId, PersonUnlinked.type, {}, (s) => s.linkedTo === undefined);
      throw refused(
        'duplicate.meanwhile',
        t(
          'Quelqu’un les réunit à l’instant dans l’autre sens : regarder ce qu’il en est.',
          'Somebody is joining them the other way round just now: look how it stands.',
        ),
      );
    }
    await this.tellPerson(work, kept.personId, PersonJoined.type, { personId: other.personId }, (s) =>
      s.joined.includes(other.personId),
    );
    for (let attempt = 0; attempt < TRIES; attempt++) if (await this.join(work)) return;
    throw new Error(`${streamOf(other.caseId)}: ${TRIES} attempts lost to other writers`);
  }

  /**
   * First the one case takes in what the other one has, then the other ends, provided that nothing was told there in between: at no time
   * is anything in neither. False when somebody wrote first.
   */
  private async join(work: Work): Promise<boolean> {
    const { kept, other } = work;
    const { store } = this.parts;
    const [here, there] = [await store.readStream(streamOf(kept.caseId)), await store.readStream(streamOf(other.caseId))];
    if (there.at(-1)?.type === 'CaseMerged') return true;
    const known = new Set(here.map((e) => e.id));
    const missing = there.filter((e) => !known.has(e.id));
    try {
      const events = there.map(({ id }) => ({ id }));
      const label = `absorbed ${there.length}`;
      const absorbed = await this.encoded(work, kept, 'CaseAbsorbed', { caseId: other.caseId, events }, label);
      if (!this.hasTold(work, here, absorbed[0]!, label)) {
        // As they are: same ids, same bytes, under the other person's key.
        const copies = missing.map(({ id, type, schemaVersion, data, metadata }) => ({
          id,
          type,
          schemaVersion,
          data,
          metadata,
        }));
        await store.append(streamOf(kept.caseId), here.at(-1)!.revision, [...absorbed, ...copies]);
      }
      const ended = await this.encoded(work, other, 'CaseMerged', { into: kept.caseId }, 'merged');
      await store.append(streamOf(other.caseId), there.at(-1)!.revision, ended);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return false;
      throw error;
    }
  }
}

@CommandHandler(PartCases)
export class PartCasesHandler extends PairHandler implements ICommandHandler<PartCases, PairOutcome> {
  constructor(parts: Parts) {
    super(parts);
  }

  execute(command: PartCases): Promise<PairOutcome> {
    return this.run('part-cases', command, async (work) => {
      const { kept, other } = work;
      if (other.view.mergedInto !== kept.caseId && !kept.history.some((e) => isOf(e, work.command)))
        throw refused('duplicate.notJoined', t('Ces dossiers ne sont pas réunis.', 'These cases are not joined.'));
      await this.tell(work, other, 'CaseMergeUndone', {});
      await this.tell(work, kept, 'CaseAbsorptionUndone', { caseId: other.caseId, leaving: this.cameWith(work) });
      await this.tellPerson(work, other.personId, PersonUnlinked.type, {}, (s) => s.linkedTo === undefined);
      await this.tellPerson(
        work,
        kept.personId,
        PersonParted.type,
        { personId: other.personId },
        (s) => !s.joined.includes(other.personId),
      );
    });
  }

  /** Who took part in the other case, and in this one not before the two were joined. */
  private cameWith({ kept, other }: Work): { organisation: string }[] {
    const joined = kept.history.findLastIndex(({ type, data }) => type === 'CaseAbsorbed' && data['caseId'] === other.caseId);
    const before = viewOf(kept.caseId, kept.history.slice(0, joined));
    const here = new Set(before.participations.map(({ organisation }) => organisation));
    const there = new Set(other.view.participations.map(({ organisation }) => organisation));
    return [...there]
      .filter((organisation) => !here.has(organisation))
      .sort()
      .map((organisation) => ({ organisation }));
  }

  private async tell(work: Work, of: Side, type: string, data: Record<string, unknown>): Promise<void> {
    const { store } = this.parts;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const stored = await store.readStream(streamOf(of.caseId));
      const events = await this.encoded(work, of, type, data, 'parted');
      if (this.hasTold(work, stored, events[0]!, 'parted')) return;
      try {
        await store.append(streamOf(of.caseId), stored.at(-1)!.revision, events);
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
    throw new Error(`${streamOf(of.caseId)}: ${TRIES} attempts lost to other writers`);
  }
}

@CommandHandler(KeepCasesApart)
export class KeepCasesApartHandler extends PairHandler implements ICommandHandler<KeepCasesApart, PairOutcome> {
  constructor(parts: Parts) {
    super(parts);
  }

  execute(command: KeepCasesApart): Promise<PairOutcome> {
    return this.run('keep-cases-apart', command, async ({ kept, other, command: { id: commandId }, by }) => {
      const data = { caseId: kept.caseId, otherCaseId: other.caseId };
      const event = plainEvent(
        this.parts,
        { type: DuplicateRefused.type, data },
        { commandId, by, personId: null, label: 'apart' },
      );
      const stream = pairStream(this.parts, kept.caseId, other.caseId);
      if (await keptApart(this.parts, kept.caseId, other.caseId)) return;
      await this.parts.store.append(stream, NO_STREAM, await this.parts.codec.encode([event])).catch((error: unknown) => {
        // A colleague said so at the same instant.
        if (!(error instanceof WrongExpectedRevision)) throw error;
      });
    });
  }
}
