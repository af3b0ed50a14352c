import { type LocalDate } from '../kernel/local-date.js';
import { type OrganisationId } from '../kernel/roles.js';
import { type Contradiction, contradictions } from '../person/traits.js';
import { nowWith } from './handshakes.js';
import { type CaseView, type Identity, type PersonTraits } from './view.js';

const tellerOf = ({ by, recordedBy }: Identity): OrganisationId | null => (recordedBy ?? by).organisation;
/** The caisse knows who bears a number. What one said that has passed its part on since was the caisse's word. */
const isOfCaisse = (v: CaseView, identity: Identity): boolean =>
  v.caisse !== undefined && nowWith(v, tellerOf(identity), identity.on) === v.caisse;
/** A NIR or NIA without its key. */
const bare = (nir: string | undefined): string | undefined => nir?.slice(0, 13);

/**
 * Numbers that were told before the one that the caisse told last: it has replaced them. They go on leading to the person, and whoever tells
 * one again says nothing new.
 */
export function formerNumbers(v: CaseView): ReadonlySet<string> {
  const nirs = v.identities.flatMap((identity) => (identity.traits.nir === undefined ? [] : [{ identity, nir: bare(identity.traits.nir)! }]));
  const last = nirs.findLastIndex(({ identity }) => isOfCaisse(v, identity));
  return new Set(nirs.slice(0, Math.max(last, 0)).flatMap(({ nir }) => (nir === nirs[last]?.nir ? [] : nir)));
} // prettier-ignore

/** Who the person is: the last word counts (ADR 0017), but for a number that the caisse has replaced. */
export function personOf(v: CaseView): PersonTraits {
  const former = formerNumbers(v);
  const words = v.identities.map(({ traits: { nir, ...traits } }) => (nir === undefined || former.has(bare(nir)!) ? traits : { ...traits, nir })); // prettier-ignore
  return Object.assign({}, ...words) as PersonTraits;
}

type Differs = Contradiction | 'number';
const SAYS: Readonly<Record<Differs, (traits: PersonTraits) => boolean>> = {
  number: ({ nir }) => nir !== undefined,
  birthDate: ({ birthDate }) => birthDate !== undefined,
  sex: ({ sex }) => sex !== undefined,
  names: ({ familyName, usedName }) => familyName !== undefined || usedName !== undefined,
};
const differ = (what: Differs, a: PersonTraits, b: PersonTraits): boolean =>
  what === 'number' ? bare(a.nir) !== bare(b.nir) : contradictions(a, b).includes(what);

/**
 * Words of partners at home that can't be about one person: the later one of each two. Of each partner its last word counts, and what was
 * told before the caisse's own word is settled by it. What came with another file was compared when that was joined.
 */
export function contradictoryWords(v: CaseView): { readonly eventId: string; readonly on: LocalDate }[] {
  const former = formerNumbers(v);
  const found = (Object.keys(SAYS) as Differs[]).flatMap((what) => {
    const said = v.identities.filter(
      ({ traits, joined }) => !joined && SAYS[what](traits) && !(what === 'number' && former.has(bare(traits.nir)!)),
    );
    const open = said.slice(Math.max(said.findLastIndex((identity) => isOfCaisse(v, identity)), 0)); // prettier-ignore
    const last = open.filter((one, i) => !open.slice(i + 1).some((later) => tellerOf(later) === tellerOf(one)));
    return last.filter((one, i) => last.slice(0, i).some((other) => differ(what, one.traits, other.traits)));
  });
  return v.identities.filter((identity) => found.includes(identity));
}
