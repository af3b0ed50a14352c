import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { seesZone } from '../access/visible.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { hasUnconfirmedPart } from '../domain/case/at-home.js';
import { deathFirst } from '../domain/case/decide.js';
import { FileSetAside } from '../domain/case/events/file-set-aside.js';
import { type Beside, besideOf, givesUp, goesOn, mayEnd, waitsFor } from '../domain/case/files.js';
import { successorOf, takesPart } from '../domain/case/taking-part.js';
import { mindsFiles } from '../domain/confidentiality/redact.js';
import { joinedTo, standing } from '../domain/case/joined.js';
import { type CaseView } from '../domain/case/view.js';
import { hasTheWord } from '../domain/case/whose-word.js';
import { whoLeaves } from '../domain/case/who-leaves.js';
import { mayUseNir } from '../domain/confidentiality/nir-use.js';
import { type Finding, impossible, Refused, veiled } from '../domain/kernel/errors.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { CASE_WORKERS, type Party } from '../domain/kernel/roles.js';
import { type Text, t } from '../domain/kernel/text.js';
import { DuplicateRefused } from '../domain/person/duplicate.js';
import { contradictions } from '../domain/person/traits.js';
import { PersonJoined, PersonLinked, PersonParted, PersonUnlinked } from '../domain/person/person.js';
import { type NewEvent, NO_STREAM, type StoredEvent, WrongExpectedRevision } from '../event-store/port.js';
import { loadCase, runDecider, streamOf, viewOf } from './case-stream.js';
import { type CommandId, isOf, uuidV5 } from './ids.js';
import { Busy, Forbidden, JoinCases, KeepCasesApart, NotFound, PartCases } from './messages.js';
import { Parts } from './parts.js';
import { loadVisible } from './perform-act.js';
import { appendToPerson, isUnderWay, loadPerson } from './person-stream.js';
import { idsOf, plainEvent } from './plain-event.js';

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
export const keptApart = async (parts: Pick<Parts, 'store' | 'ids' | 'codec'>, a: string, b: string): Promise<boolean> =>
  (await refusalsOf(parts, a, b)).length > 0;
/** Who said of two cases that they are not one person's. */
export async function refusalsOf(parts: Pick<Parts, 'store' | 'ids' | 'codec'>, a: string, b: string): Promise<Party[]> {
  const told: Party[] = [];
  for (const stream of [pairStream(parts, a, b), formerPairStream(a, b)])
    told.push(...(await parts.codec.decode(await parts.store.readStream(stream))).map(({ actor }) => actor));
  return told;
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
      const [kept, other] = await this.sides(caseId, otherCaseId, caller, command);
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

  /** Both exist for whoever sees both, or sees the one that is told of the other, and says what becomes of it. */
  private async sides(caseId: string, otherCaseId: string, caller: Caller, command: CommandId): Promise<[Side, Side]> {
    const [one, other] = [await this.seen(caseId, caller), await this.seen(otherCaseId, caller)];
    const waits = (seen: Side, id: string): boolean => waitsFor(seen.view, id, caller) || givesUp(seen.view, id, caller);
    // What somebody has begun it ends, whatever it may do since.
    const begun = one?.history.some((e) => isOf(e, command));
    if (one && (other || begun || waits(one, otherCaseId))) return [one, other ?? (await this.whole(otherCaseId))];
    if (other && givesUp(other.view, caseId, caller)) return [await this.whole(caseId), other];
    throw new NotFound();
  }
  /** Undefined for a case that does not exist for the caller, or of which it may not see who the person is. */
  private async seen(caseId: string, caller: Caller): Promise<Side | undefined> {
    try {
      const { history, view } = await loadVisible(this.parts, caseId, caller);
      return view.personId !== null && seesZone(view, caller, this.parts.clock.today())('identity')
        ? { caseId, personId: view.personId, view, history }
        : undefined;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
  /** With the person's cases before it. */
  protected async beside({ caseId, personId, view }: Side): Promise<Beside> {
    const { state } = await loadPerson(this.parts, personId);
    const before = state.cases.flatMap((c) => (c.caseId === caseId ? [] : [c.caseId]));
    const earlier = await Promise.all(before.map(async (id) => viewOf(id, await loadCase(this.parts, id))));
    return besideOf(view, earlier);
  }
  protected async whole(caseId: string): Promise<Side> {
    const history = await loadCase(this.parts, caseId);
    const view = viewOf(caseId, history, this.parts.clock.today());
    if (view.personId === null) throw new NotFound();
    return { caseId, personId: view.personId, view, history };
  }

  /** Whoever joins or parts does so alone, so that it never waits for another one that holds the second case. @throws Busy */
  protected async untilWritten({ kept, other }: Work, attempt: () => Promise<boolean>): Promise<void> {
    const { turns } = this.parts;
    for (let tries = 0; tries < TRIES; tries++)
      if (await turns.take(streamOf(kept.caseId), () => turns.take(streamOf(other.caseId), attempt))) return;
    throw new Busy();
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
    throw new Busy();
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
  /** Whether the command has told it already. */
  protected hasTold({ command }: Work, stored: readonly StoredEvent[], type: string, label: string): boolean {
    const ids = idsOf(this.parts, command, label, type);
    return stored.some((e) => ids.includes(e.id));
  }
}

/**
 * What says that two cases are not one person's. Numbers that differ say so whoever joins; traits may have been written wrongly, and the
 * caisse, which knows who bears the number that both have, says whether they were.
 */
function differences(one: CaseView, other: CaseView, by: Party, on: LocalDate): Finding[] {
  const shared = one.numbers.some(({ value }) => other.numbers.some((n) => n.value === value));
  const nirsOf = ({ numbers }: CaseView): string[] => numbers.flatMap(({ kind, value }) => (kind === 'NIR' ? [value] : []));
  const [nirs, others] = [nirsOf(one), nirsOf(other)];
  const isCaisse = by.role === 'CPAM' && [one.caisse, other.caisse].includes(by.organisation ?? '');
  // One that has other numbers too would lead to whoever bears these: only the fund knows that a number replaced another one.
  if (nirs.length > 0 && others.length > 0 && !(shared && (isCaisse || others.every((value) => nirs.includes(value)))))
    // To whoever may not use the number nobody says that there are two.
    return [mayUseNir(by.role, on) ? NUMBERS_DIFFER : veiled(NUMBERS_DIFFER, () => false)];
  if (shared && isCaisse) return [];
  return contradictions(one.person, other.person).map((trait) =>
    impossible(`duplicate.${trait}Differ`, t(`${TRAITS[trait].fr} : à la caisse de dire si c’est une même personne.`, `${TRAITS[trait].en}: it is for the fund to say whether it is one person.`), 'L.4624-8 CT, convention (D)'),
  ); // prettier-ignore
}
const NUMBERS_DIFFER = impossible('duplicate.identifiersDiffer', t('Leurs numéros diffèrent : ce sont deux personnes.', 'Their numbers differ: they are two persons.'), 'L.4624-8 CT, convention (D)', ['identity']); // prettier-ignore
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
    const [known, file] = [await this.whole(confirmed.stream.slice('case-'.length)), await this.whole(fileId)];
    const told = known.view.files.find((f) => f.fileId === fileId);
    if (!told || (told.end && told.end.kind !== 'joined')) return;
    // It was joined in a case that was joined to this one since, with all that had been told there.
    if (file.view.mergedInto !== undefined && file.view.mergedInto !== known.caseId) return;
    const id = this.parts.ids.madeBy(confirmed.id, 'join');
    const [kept, other] =
      goesOn(await this.beside(known), await this.beside(file)) === known.view ? [known, file] : [file, known];
    // Whether another health service follows her says nothing of which fund pays.
    if (kept !== known && told.claim !== 'caisse') return;
    // It was joined, and parted since.
    const wasJoined = kept.history.some((e) => e.commandId === id);
    if (wasJoined && !kept.view.joins.some((join) => join.caseId === other.caseId)) return;
    const { actor, recordedBy } = confirmed;
    const by = actor.role === 'ASSURE' ? actor : (recordedBy ?? actor);
    try {
      await this.joinAll({ kept, other, command: { id, former: id }, by });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  /** One join after the other, in the whole installation: three that each end in the next one would leave no case open. */
  private joinAll(work: Work): Promise<void> {
    return this.parts.homes.alone(async () => {
      const [kept, other] = [await this.whole(work.kept.caseId), await this.whole(work.other.caseId)];
      await this.joinAlone({ ...work, kept, other });
    });
  }

  private async joinAlone(work: Work): Promise<void> {
    const { kept, other, command, by } = work;
    const { linkedTo } = (await loadPerson(this.parts, other.personId)).state;
    // Its end was told to the person, if to nobody else, before a process went down. One that was joined and parted is joined anew.
    const isHalfDone = linkedTo === kept.personId && other.history.every(({ type }) => type !== 'CaseMerged');
    const begun = isHalfDone || kept.history.some((e) => isOf(e, command));
    if (!begun && kept.personId === other.personId)
      throw refused(
        'duplicate.samePerson',
        t('Ces dossiers sont déjà ceux d’une même personne.', 'These cases are one person’s already.'),
      );
    if (!begun && !(isUnderWay(kept.view) && isUnderWay(other.view)))
      throw refused('duplicate.notOpen', t('On ne réunit que deux dossiers ouverts.', 'Only two open cases are joined.'));
    // Nobody moves a case into a file of its own, under another fund.
    if (!begun && goesOn(await this.beside(kept), await this.beside(other)) !== kept.view)
      throw refused(
        'duplicate.otherStays',
        t('L’autre dossier est celui qui demeure : réunir celui-ci à l’autre.', 'The other case is the one that stays: join this one to it.'),
      ); // prettier-ignore
    if (!begun && !mayEnd(other.view, kept.view, by))
      throw refused(
        'duplicate.notYours',
        t('D’autres répondent du dossier qui prendrait fin : à eux, ou à la caisse, de le réunir.', 'Others answer for the case that would end: it is for them, or the fund, to join it.'),
      ); // prettier-ignore
    // Whether she died is to be said first, by those who answer for the case now.
    if (!begun && kept.view.deathTold) throw new Refused([deathFirst]);
    const differs = begun ? [] : differences(kept.view, other.view, by, this.parts.clock.today());
    if (differs.length > 0) throw new Refused(differs);
    // A join the other way round was begun, by a process that went down: it is to be ended, or this one would close the circle.
    const { linkedTo: into } = (await loadPerson(this.parts, kept.personId)).state;
    if (into === other.personId || other.view.joins.some(({ caseId }) => caseId === kept.caseId))
      throw refused(
        'duplicate.meanwhile',
        t(
          'Quelqu’un a commencé de les réunir dans l’autre sens : à lui de terminer.',
          'Somebody has begun to join them the other way round, and is to finish that.',
        ),
      );
    await this.untilWritten(work, () => this.join(work));
    await this.tellPersons(work);
  }
  private async tellPersons(work: Work): Promise<void> {
    const { kept, other } = work;
    await this.tellPerson(work, other.personId, PersonLinked.type, { into: kept.personId }, (s) => s.linkedTo === kept.personId);
    await this.tellPerson(work, kept.personId, PersonJoined.type, { personId: other.personId }, (s) =>
      s.joined.includes(other.personId),
    );
  }

  /**
   * Behind the log: a join that was begun is ended, whatever has become of the process that did it.
   * @param begun the mark of the case that goes on
   */
  finish(begun: RecordedEvent): Promise<void> {
    const command = { id: begun.commandId, former: begun.commandId };
    // All that it looks at it looks at while nobody joins or parts: it may have been parted at this instant.
    return this.parts.homes.alone(async () => {
      const kept = await this.whole(begun.stream.slice('case-'.length));
      const join = kept.view.joins.find(({ caseId }) => caseId === begun.data['caseId']);
      // It was parted since, or came here with another case.
      if (!join || join.within !== undefined || kept.view.mergedInto !== undefined) return;
      const other = await this.whole(join.caseId);
      const work: Work = { kept, other, command, by: begun.recordedBy ?? begun.actor };
      const isOver = other.history.some(({ type, commandId }) => type === 'CaseMerged' && commandId === begun.commandId);
      if (other.view.mergedInto === kept.caseId) await this.tellPersons(work);
      else if (other.view.mergedInto === undefined && !isOver) await this.joinAlone(work);
    });
  }

  /** What the other case brings into this one: the fund, where it is confirmed that another one pays, and no word of who was nobody here. */
  private brings({ kept, other }: Work): Record<string, unknown> {
    const today = this.parts.clock.today();
    const file = kept.view.files.find((f) => f.fileId === other.caseId);
    const isKnown = (organisation: string): boolean =>
      takesPart(kept.view, organisation, today) || (file?.claim !== undefined && file.openedBy === organisation);
    const { openedBy, openedOn, toldBy, participations } = other.view;
    const author = openedBy?.organisation ? successorOf(other.view, openedBy.organisation, openedOn ?? today) : undefined;
    const there = [...new Set([...toldBy, ...participations.map(({ organisation }) => organisation)])].sort();
    const named = (organisations: readonly string[]): object[] => organisations.map((organisation) => ({ organisation }));
    const caisse = file?.claim === 'caisse' && file.openedBy;
    // A second part of what was begun: who has come in by the first one is known by nothing else.
    const first = kept.view.joins.find((join) => join.caseId === other.caseId);
    const known = first ? first.known : toldBy.filter(isKnown);
    const guests = first ? first.guests : there.filter((o) => o !== author && !isKnown(o));
    const words = first ? first.words : known.filter((o) => o === caisse || hasTheWord(kept.view, o));
    return {
      letIn: true,
      toConfirm: true,
      ...(author !== undefined && { author }),
      ...(known.length > 0 && { known: named(known) }),
      ...(words.length > 0 && { words: named(words) }),
      ...(guests.length > 0 && { guests: named(guests) }),
      ...(caisse && { caisse }),
    };
  }

  /**
   * First the one case takes in what the other one has, then the other ends, provided that nothing was told there in between: at no time
   * is anything in neither. False when somebody wrote first.
   */
  private async join(work: Work): Promise<boolean> {
    const { kept, other } = work;
    const { store } = this.parts;
    const [here, there] = [await store.readStream(streamOf(kept.caseId)), await store.readStream(streamOf(other.caseId))];
    const { codec } = this.parts;
    const history = await codec.decode(there);
    if (viewOf(other.caseId, history).mergedInto === kept.caseId) return true;
    const [known, stands] = [new Set(here.map((e) => e.id)), standing(history)];
    const { live } = joinedTo(await codec.decode(here));
    // Nothing that had been parted from there, and nothing that is of this one anyway.
    const taken = there.filter(({ id }) => stands.has(id) && !live.has(id));
    const missing = taken.filter((e) => !known.has(e.id));
    try {
      const events = taken.map(({ id }) => ({ id }));
      const label = `absorbed ${there.length}`;
      const absorbed = await this.encoded(
        work,
        kept,
        'CaseAbsorbed',
        { caseId: other.caseId, events, ...this.brings(work) },
        label,
      );
      if (!this.hasTold(work, here, 'CaseAbsorbed', label)) {
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
      await this.parts.homes.alone(async () => {
        const { view, history } = await this.whole(kept.caseId);
        const isJoined = view.mergedInto === undefined && view.joins.some((join) => join.caseId === other.caseId);
        if (!isJoined && !history.some((e) => isOf(e, work.command)))
          throw refused('duplicate.notJoined', t('Ces dossiers ne sont pas réunis.', 'These cases are not joined.'));
        // It may have come with another case, which is to let go of it too, or would bring it back.
        for (const from of [...(await this.innerOf(view, other.caseId)), kept]) await this.partFrom({ ...work, kept: from });
      });
    });
  }
  /**
   * Behind the log: a parting that was begun is ended, whatever has become of the process that did it.
   * @param begun the mark of the case that goes its own way again
   */
  finish(begun: RecordedEvent): Promise<void> {
    const command = { id: begun.commandId, former: begun.commandId };
    return this.parts.homes.alone(async () => {
      const other = await this.whole(begun.stream.slice('case-'.length));
      const at = other.history.findIndex(({ id }) => id === begun.id);
      const into = other.history.slice(0, at).findLast(({ type }) => type === 'CaseMerged')?.data['into'];
      // It came with another case, or was joined anew since.
      const isPast = other.history.slice(at).some(({ type }) => type === 'CaseMerged');
      if (isPast || joinedTo(other.history).cameWith.has(begun.id)) return;
      for (let caseId = into; typeof caseId === 'string';) {
        const kept = await this.whole(caseId);
        const work: Work = { kept, other, command, by: begun.recordedBy ?? begun.actor };
        if (kept.view.joins.some((join) => join.caseId === other.caseId)) await this.partFrom(work);
        else await this.tellParted(work);
        caseId = kept.view.mergedInto;
      }
    });
  }
  /** The cases within this one that hold the other one, the innermost first. */
  private async innerOf({ joins }: CaseView, caseId: string): Promise<Side[]> {
    const { within } = joins.findLast((j) => j.caseId === caseId) ?? {};
    if (within === undefined) return [];
    const inner = await this.whole(within);
    return [...(await this.innerOf(inner.view, caseId)), inner];
  }
  private async partFrom(work: Work): Promise<void> {
    await this.untilWritten(work, () => this.part(work));
    await this.tellParted(work);
  }
  private async tellParted(work: Work): Promise<void> {
    const { kept, other } = work;
    await this.tellPerson(work, other.personId, PersonUnlinked.type, {}, (s) => s.linkedTo !== kept.personId);
    await this.tellPerson(
      work,
      kept.personId,
      PersonParted.type,
      { personId: other.personId },
      (s) => !s.joined.includes(other.personId),
    );
  }

  /**
   * The other case goes on with what it had, and with what those who had come with it have told here since; then this one lets go of both.
   * At no time is anything in neither. False when somebody wrote first.
   */
  private async part(work: Work): Promise<boolean> {
    const { store } = this.parts;
    const [kept, other] = [streamOf(work.kept.caseId), streamOf(work.other.caseId)];
    const label = work.kept.view.mergedInto === undefined ? 'parted' : `parted from ${work.kept.caseId}`;
    const [here, there] = [await store.readStream(kept), await store.readStream(other)];
    if (this.hasTold(work, here, 'CaseAbsorptionUndone', label)) return true;
    const history = await this.parts.codec.decode(here);
    const { leaving, theirs } = whoLeaves(work.kept.caseId, history, work.other.view, this.parts.clock.today());
    try {
      const begun = this.hasTold(work, there, 'CaseMergeUndone', 'parted');
      const ended = begun ? [] : await this.encoded(work, work.other, 'CaseMergeUndone', {}, 'parted');
      const known = new Set(there.map((e) => e.id));
      const copies = here.flatMap(({ id, type, schemaVersion, data, metadata }) =>
        theirs.has(id) && !known.has(id) ? [{ id, type, schemaVersion, data, metadata }] : [],
      );
      if (ended.length + copies.length > 0) await store.append(other, there.at(-1)!.revision, [...ended, ...copies]);
      const events = [...theirs].map((id) => ({ id }));
      const data = { caseId: work.other.caseId, leaving, ...(events.length > 0 && { events }) };
      await store.append(kept, here.at(-1)!.revision, await this.encoded(work, work.kept, 'CaseAbsorptionUndone', data, label));
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return false;
      throw error;
    }
  }
}

@CommandHandler(KeepCasesApart)
export class KeepCasesApartHandler extends PairHandler implements ICommandHandler<KeepCasesApart, PairOutcome> {
  constructor(parts: Parts) {
    super(parts);
  }

  execute(command: KeepCasesApart): Promise<PairOutcome> {
    return this.run('keep-cases-apart', command, async ({ kept, other, command: { id: commandId }, by }) => {
      const { caller } = command;
      if ([kept, other].some(({ view }, i) => view.mergedInto === [other, kept][i]!.caseId))
        throw refused('duplicate.joined', t('Ces dossiers sont réunis : les séparer.', 'These cases are joined: part them.'));
      // Where the one waits beside the other, whoever that falls to says so.
      for (const [one, id] of [[kept, other.caseId], [other, kept.caseId]] as const)
        if (one.view.files.some((f) => f.fileId === id && !f.end) && !mindsFiles(one.view, caller))
          throw refused('duplicate.notYours', t('C’est à qui répond du dossier de le dire.', 'It is for whoever answers for the case to say so.')); // prettier-ignore
      const data = { caseId: kept.caseId, otherCaseId: other.caseId };
      for (const [one, id] of [[kept, other.caseId], [other, kept.caseId]] as const) await this.setAside(one, id, commandId, by); // prettier-ignore
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

  /** A file that waits there is left alone, and may be let in later all the same. */
  private async setAside({ caseId, personId, view }: Side, fileId: string, commandId: string, by: Party): Promise<void> {
    const file = view.files.find((f) => f.fileId === fileId && !f.end);
    if (!file) return;
    const data = { fileId, ...(file.formerSpst !== undefined && { formerSpst: file.formerSpst }) };
    const event = plainEvent(this.parts, { type: FileSetAside.type, data }, { commandId, by, personId, label: 'aside' });
    await runDecider(this.parts, caseId, { id: commandId, former: commandId }, () => Promise.resolve([event]));
  }
}
