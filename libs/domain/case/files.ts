import { type OrganisationId, type Party, SPST_ROLES } from '../kernel/roles.js';
import { answersFor, type Viewer } from '../confidentiality/redact.js';
import { impossible } from '../kernel/errors.js';
import { t } from '../kernel/text.js';
import { contradictions } from '../person/traits.js';
import { spstOf } from '../rules/owners.js';
import { type CaseView, type OtherFile } from './view.js';

/** Still under way, by the case's own word: the person's stream hears of an end only when the next case opens. */
export const isUnderWay = (view: CaseView): boolean => view.status === 'signal' || view.status === 'supported';
/**
 * Whether a file stands beside a case until this one, that answers for the case, says what becomes of it: it need take no part in it. One that
 * was joined may be parted again.
 */
export const waitsFor = (known: CaseView, fileId: string, viewer: Viewer): boolean =>
  known.files.some((f) => f.fileId === fileId && (!f.end || f.end.kind === 'joined')) && answersFor(known, viewer);
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
  (organisation === file.formerSpst || answersFor(v, { organisation, role }));

/**
 * How firmly a case stands, by what others than its opener did: 2 where the caisse that pays has acted in it, 1 where anybody else has, or a
 * support is open. A file that nobody but its author ever touched receives no case that stands more firmly, however old it is.
 */
function standing({ caisse, support, openedBy, toldBy }: CaseView): number {
  if (caisse !== undefined && toldBy.includes(caisse)) return 2;
  return support !== undefined || toldBy.some((organisation) => organisation !== openedBy?.organisation) ? 1 : 0;
}
const waitsIn = (v: CaseView, fileId: string): boolean => v.files.some((f) => f.fileId === fileId && !f.end);
/**
 * The files that a case is told of, among those that are open on its person in the order in which they were opened: those that stand less
 * firmly, and the later ones of those that stand alike. Once told it stays so: nothing that is done in a file turns it round. Were it the first
 * case alone that is told, a file without a line would tell that there is a case before it.
 */
export const filesBeside = (open: readonly CaseView[], known: CaseView): readonly CaseView[] =>
  open.filter((other) => {
    if (other === known || waitsIn(other, known.caseId)) return false;
    if (waitsIn(known, other.caseId)) return true;
    const [one, two] = [standing(known), standing(other)];
    return one > two || (one === two && open.indexOf(known) < open.indexOf(other));
  });

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
  const changed = file && !file.end && (asked || file.differs.join() !== differs.join());
  const supported = other.status === 'supported' && file?.supportedOn === undefined;
  const { organisation: openedBy, role } = other.openedBy ?? {};
  return [
    ...(!file || file.end?.kind === 'over' || changed
      ? [{ type: 'FileFound', data: { fileId, ...(openedBy && { openedBy }), ...(role && { role }), ...(claim && { claim }), ...(formerSpst !== undefined && { formerSpst }), ...(differs.length > 0 && { differs }) }, label: `found ${file?.told ?? 0}` }]
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
