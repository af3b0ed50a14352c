import { type OrganisationId, type Party, SPST_ROLES } from '../kernel/roles.js';
import { answersFor, isFirm, isInDoubt, mindsFiles, type Viewer } from '../confidentiality/redact.js';
import { impossible } from '../kernel/errors.js';
import { t } from '../kernel/text.js';
import { contradictions } from '../person/traits.js';
import { heldOf } from './at-home.js';
import { spstOf } from '../rules/owners.js';
import { type CaseView, type OtherFile } from './view.js';

/** Still under way, by the case's own word: the person's stream hears of an end only when the next case opens. */
export const isUnderWay = (view: CaseView): boolean => view.status === 'signal' || view.status === 'supported';
/**
 * Whether a case stands beside another one until this one says what becomes of it: whoever says so need take no part in it, and may think
 * again. One that was joined may be parted, by whoever joined it too, and by the fund whose place was taken.
 */
export const waitsFor = (known: CaseView, fileId: string, viewer: Viewer): boolean =>
  known.joins.some(
    (j) => j.caseId === fileId && (answersFor(known, viewer) || [j.by, j.formerCaisse].includes(viewer.organisation)),
  ) ||
  known.files.some(
    (f) => f.fileId === fileId && f.end?.kind !== 'over' && !(f.doubt && isInDoubt(known)) && mindsFiles(known, viewer),
  );
/** A case that is told of a firmer one is given up for it by its fund, which may think again too. */
export const givesUp = (known: CaseView, fileId: string, viewer: Viewer): boolean =>
  mindsFiles(known, viewer) &&
  (known.mergedInto === fileId ||
    (isInDoubt(known) && known.files.some((f) => f.fileId === fileId && f.end?.kind !== 'over' && f.doubt)));

/** How much others than its opener have done in a case. */
function standing(v: CaseView): number {
  if (isFirm(v)) return 2;
  return isBare(v) ? 0 : 1;
}
/** Nobody has told anything in it but its opener, and nobody supports the person there. */
const isBare = (v: CaseView): boolean =>
  v.support === undefined && v.lead === undefined && v.toldBy.every((organisation) => organisation === v.openedBy?.organisation);

/** A case, and the person's cases before it: who goes on with a person was there before. */
export interface Beside {
  readonly view: CaseView;
  readonly earlier: readonly CaseView[];
}
/** @param ofPerson her cases, with this one or without it */
export function besideOf(view: CaseView, ofPerson: readonly CaseView[]): Beside {
  const held = heldOf([...ofPerson.filter(({ caseId }) => caseId !== view.caseId), view]);
  return { view, earlier: held.includes(view) ? held.filter((v) => v !== view) : [] };
}
const all = ({ view, earlier }: Beside): readonly CaseView[] => [view, ...earlier];
const shared = (one: Beside, other: Beside): CaseView['numbers'] =>
  all(one).flatMap(({ numbers }) => numbers.filter(({ value }) => other.view.numbers.some((n) => n.value === value)));
/** When a number that both have was first told there, as far as it still stands: what was opened before that is no matter. */
const numberedAt = (one: Beside, other: Beside): string =>
  shared(one, other)
    .flatMap(({ toldAt }) => toldAt ?? [])
    .sort()[0] ??
  one.view.openedAt ??
  '';
const wasTold = (one: Beside, other: Beside): boolean =>
  all(one).some(({ files }) => files.some((f) => all(other).some(({ caseId }) => caseId === f.fileId)));
/** Its fund has told numbers, and none of them is one that both have: it goes nowhere by what others told. */
function isOfAnother(one: Beside, other: Beside): boolean {
  const own = one.view.numbers.filter(({ tellers }) => tellers.includes(one.view.caisse ?? ''));
  return own.length > 0 && !shared(one, other).some(({ value }) => own.some((n) => n.value === value));
}
/**
 * Which of two cases of one number is told of the other: the one in which it was told first. Once told it stays so, whatever becomes of
 * the line, and for the person's next cases too: nothing that is done in a file turns it round, so that no stranger comes to be told of a
 * case.
 */
const isTold = (one: Beside, other: Beside): boolean => {
  if (wasTold(one, other) !== wasTold(other, one)) return wasTold(one, other);
  if (isOfAnother(one, other) !== isOfAnother(other, one)) return isOfAnother(one, other);
  const [here, there] = [numberedAt(one, other), numberedAt(other, one)];
  return here === there ? one.view.caseId < other.view.caseId : here < there;
};
/** The files that a case is told of, among those that are open on its number. */
export const filesBeside = (open: readonly Beside[], known: Beside): readonly CaseView[] =>
  open.flatMap((other) => (other.view !== known.view && isTold(known, other) ? [other.view] : []));
/** It is told of the other, and yet is not the one that goes on: its fund has done nothing in it, and that of the other one has. */
const isDoubtful = (known: CaseView, other: CaseView): boolean => isFirm(other) && !isFirm(known);

/**
 * Which of two goes on with both. Without a number that both have, the one that stands more firmly; of those that stand alike the first
 * opened.
 */
export function goesOn(one: Beside, other: Beside): CaseView {
  if (shared(one, other).length > 0 || wasTold(one, other) || wasTold(other, one)) {
    const [told, file] = isTold(one, other) ? [one.view, other.view] : [other.view, one.view];
    return isDoubtful(told, file) ? file : told;
  }
  const firmer = standing(one.view) - standing(other.view);
  if (firmer !== 0) return firmer > 0 ? one.view : other.view;
  return (one.view.openedAt ?? '') <= (other.view.openedAt ?? '') ? one.view : other.view;
}
/**
 * Whether somebody may end a case in the one that goes on: whoever answers for it gives it up. A file that tells of another fund is let in by
 * whoever may say that it is so. One in which its fund has acted leaves it for another only where it was told of as a file. Else one in which nobody but its opener
 * has done anything is let in by whoever may join the two; so is any, where the fund of the one that goes on has acted in it, and is that
 * of the other one too, or whoever answers for it lets the file in.
 */
export function mayEnd(other: CaseView, kept: CaseView, by: Party): boolean {
  const { organisation, role } = by;
  if (organisation === null) return role === 'ASSURE';
  const file = kept.files.find(({ fileId }) => fileId === other.caseId);
  if (file?.claim === 'caisse' && file.change?.kind !== 'denied')
    return file.change?.kind === 'confirmed' || mayAnswerChange(kept, file, by);
  if (answersFor(other, { organisation, role })) return true;
  const [isSameFund, letsIn] = [other.caisse === kept.caisse, file !== undefined && mindsFiles(kept, { organisation, role })];
  if (isFirm(other) && !isSameFund) return isFirm(kept) && letsIn;
  return isBare(other) || (isFirm(kept) && (isSameFund || letsIn));
}

/** A change that a file tells, and that nobody has said anything of yet. */
export const changeToldIn = (v: Pick<CaseView, 'files'>, fileId: string | undefined): OtherFile | undefined =>
  v.files.find((f) => f.fileId === fileId && f.claim !== undefined && !f.change && !f.end);
/** To whoever is not asked about a file there is none. */
export const noSuchFile = impossible(
  'file.unknown',
  t('Aucun dossier de ce numéro n’attend ici.', 'No file of that number waits here.'),
);
/**
 * Who says whether it is so (ADR 0022): whoever answers for the case, the fund, and the service that had followed the person. Nobody
 * confirms its own word.
 */
export const mayAnswerChange = (v: CaseView, file: OtherFile, { organisation, role }: Party): boolean =>
  organisation !== null &&
  organisation !== file.openedBy &&
  (organisation === file.formerSpst || mindsFiles(v, { organisation, role }));

/** Something that a case is to be told of another file on the same person. */
export interface FileTold {
  readonly type: string;
  readonly data: { readonly fileId: string } & Readonly<Record<string, unknown>>;
  /** Tells apart what is told of one file. */
  readonly label: string;
}
/**
 * What a case does not know yet of the files on its person that stand open beside it, and of those that do no more. Pure: whoever looks,
 * and however often, tells each thing once.
 */
export const filesToTell = (known: CaseView, others: readonly CaseView[]): FileTold[] => [
  ...others.flatMap((other) => foundIn(known, other)),
  ...known.files.flatMap((file) => (file.end || others.some((o) => o.caseId === file.fileId) ? [] : [over(file)])),
];

/** What is to be told of a file that stands open beside a case. */
function foundIn(known: CaseView, other: CaseView): FileTold[] {
  const file = known.files.find((f) => f.fileId === other.caseId);
  const fileId = other.caseId;
  const differs = contradictions(other.person, known.person);
  const claim = claimOf(known, other);
  const formerSpst = claim === 'spst' ? formerSpstOf(known, other) : undefined;
  const asked = formerSpst !== undefined && file?.claim === 'spst' && file.formerSpst === undefined;
  const doubt = isDoubtful(known, other);
  const changed = file && !file.end && (asked || (doubt && !file.doubt) || file.differs.join() !== differs.join());
  const supported = other.status === 'supported' && file?.supportedOn === undefined;
  const { organisation: openedBy, role } = other.openedBy ?? {};
  return [
    ...(!file || file.end?.kind === 'over' || changed
      ? [{ type: 'FileFound', data: { fileId, ...(openedBy && { openedBy }), ...(role && { role }), ...(claim && { claim }), ...(formerSpst !== undefined && { formerSpst }), ...(doubt && { doubt }), ...(differs.length > 0 && { differs }) }, label: `found ${file?.told ?? 0}` }]
      : []),
    ...(supported ? [{ type: 'FileSupported', data: { fileId }, label: 'supported' }] : []),
  ]; // prettier-ignore
}
/** Whether whoever opened a file says that the law gives it the case: another caisse pays, or another SPST follows. */
function claimOf(known: CaseView, { openedBy, caisse, signals }: CaseView): OtherFile['claim'] {
  if (openedBy?.role === 'CPAM') return openedBy.organisation === caisse && caisse !== known.caisse ? 'caisse' : undefined;
  return openedBy && SPST_ROLES.includes(openedBy.role) && signals[0]?.origin === 'moved' ? 'spst' : undefined;
}
/** The service that followed the person, where it is another one than whoever says that it does now. */
function formerSpstOf(known: CaseView, { openedBy }: CaseView): OrganisationId | undefined {
  const spst = spstOf(known) ?? undefined;
  return spst === openedBy?.organisation ? undefined : spst;
}
const over = ({ fileId, told, formerSpst }: OtherFile): FileTold => ({
  type: 'FileOver',
  data: { fileId, ...(formerSpst !== undefined && { formerSpst }) },
  label: `over ${told}`,
});
