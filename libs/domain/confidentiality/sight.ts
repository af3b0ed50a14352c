import { type Source } from '../case/accord.js';
import { type ActDefinition } from '../case/act.js';
import { type DomainEvent } from '../case/event.js';
import { type Field, type Zone, ZONE_CODES } from '../kernel/fields.js';
import { type LocalDate } from '../kernel/local-date.js';
import { mayUseNir, restsOnNumber } from './nir-use.js';
import { type AccessFacts, inZones, maySee, type Viewer } from './redact.js';

/** Zones, one bit each, and one for the person's number: for whoever compares what many viewers see of many events. */
export type ZoneSet = number;
/** Beside the zones: the fact is the viewer's own, and told whole. */
const OWN: ZoneSet = 1 << (ZONE_CODES.length + 1);
const BITS = Object.fromEntries(ZONE_CODES.map((zone, i) => [zone, 1 << i])) as Readonly<Record<Zone, ZoneSet>>;
const NUMBER: ZoneSet = 1 << ZONE_CODES.length;

/** Zones that are seen of a fact since its own teller let it go: beside the others, since what was found about it may rest on more. */
const LET_GO = ZONE_CODES.length + 2;

/** What a viewer may see on a day: the zones of the facts to which it is a party, and of all others; and more of what some tell. */
export interface Sight {
  readonly asParty: ZoneSet;
  readonly otherwise: ZoneSet;
  readonly from: readonly { readonly source: Source; readonly zones: ZoneSet }[];
}
export function sightOf(viewer: Viewer, facts: AccessFacts, on: LocalDate): Sight {
  const zones = (isParty: boolean): ZoneSet =>
    ZONE_CODES.reduce(
      (set, zone) => (maySee(viewer, zone, facts, isParty, on) ? set | BITS[zone] : set),
      mayUseNir(viewer.role, on) ? NUMBER : 0,
    );
  const vouching = new Map(
    facts.consents.flatMap((c) =>
      c.confirmations.flatMap(({ means, by }) => (means === 'source' ? [[`${by.organisation} ${by.role}`, by]] : [])),
    ),
  );
  const from = [...vouching.values()].map((source) => ({
    source,
    zones: ZONE_CODES.reduce((set, zone) => (maySee(viewer, zone, facts, false, on, [source]) ? set | BITS[zone] : set), 0),
  }));
  return { asParty: zones(true), otherwise: zones(false), from };
}
/** What is seen of a fact of these sources because each of them let it go. */
export const letGo = ({ from }: Pick<Sight, 'from'>, sources: readonly Source[]): ZoneSet =>
  sources.reduce<ZoneSet>(
    (set, { organisation, role }) =>
      set & (from.find(({ source }) => source.organisation === organisation && source.role === role)?.zones ?? 0),
    -1,
  );

/** The zones on which it depends what is told of an event: whoever sees the same of these is told the same. */
export function zonesOf({ data, irregularities }: DomainEvent, { zone, fields, veiledAs }: ActDefinition): ZoneSet {
  let zones = BITS[zone];
  for (const name of Object.keys(veiledAs === undefined ? data : fields)) zones |= bitsOf(fields[name], zone);
  for (const irregularity of irregularities) {
    for (const more of irregularity.zones ?? []) zones |= BITS[more];
    if (restsOnNumber(irregularity)) zones |= NUMBER;
  }
  return zones;
}

const bitsOf = (field: Field | undefined, zone: Zone): ZoneSet =>
  BITS[field?.zone ?? zone] | (field?.kind === 'nir' ? NUMBER : 0);

/** What somebody is told of an event that depends on these zones, having the sight that it has: all of it, where the fact is its own. */
export const seenOf = (zones: ZoneSet, sight: ZoneSet, own: boolean, more: ZoneSet = 0): ZoneSet => {
  if (own) return (zones & sight) !== zones ? (zones & sight) | OWN : zones & sight;
  return (zones & sight) | ((zones & more & ~sight) << LET_GO);
};

/** An event as it is told to whoever sees these zones; undefined when they may not even know that it exists. */
export const told = <E extends DomainEvent>(event: E, act: ActDefinition, zones: ZoneSet): E | undefined =>
  inZones(
    event,
    act,
    (zone) => (zones & BITS[zone]) !== 0,
    (zones & NUMBER) !== 0,
    (zone) => (zones & (OWN | BITS[zone] | (BITS[zone] << LET_GO))) !== 0,
  );
