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

/** What a viewer may see on a day: the zones of the facts to which it is a party, and of all others. */
export interface Sight {
  readonly asParty: ZoneSet;
  readonly otherwise: ZoneSet;
}
export function sightOf(viewer: Viewer, facts: AccessFacts, on: LocalDate): Sight {
  const zones = (isParty: boolean): ZoneSet =>
    ZONE_CODES.reduce(
      (set, zone) => (maySee(viewer, zone, facts, isParty, on) ? set | BITS[zone] : set),
      mayUseNir(viewer.role, on) ? NUMBER : 0,
    );
  return { asParty: zones(true), otherwise: zones(false) };
}

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
export const seenOf = (zones: ZoneSet, sight: ZoneSet, own: boolean): ZoneSet =>
  own && (zones & sight) !== zones ? (zones & sight) | OWN : zones & sight;

/** An event as it is told to whoever sees these zones; undefined when they may not even know that it exists. */
export const told = <E extends DomainEvent>(event: E, act: ActDefinition, zones: ZoneSet): E | undefined =>
  inZones(event, act, (zone) => (zones & BITS[zone]) !== 0, (zones & NUMBER) !== 0, (zones & OWN) !== 0);
