import { type LocalDate } from './local-date.js';
import { type Text, t } from './text.js';

/**
 * The confidentiality zones of docs/domain.md. `coordination` is ours: who is in charge of what, without which
 * nobody could say whose move it is (ADR 0006); so is `waiting`: another organisation's file on the same person, a matter for whoever
 * answers for the case alone (ADR 0014). There is no zone for a diagnosis or a cause of leave, because no field holds one.
 */
export const ZONES = {
  coordination: t('coordination', 'coordination'),
  identity: t('identité', 'identity'),
  leave: t("dates d'arrêt", 'leave dates'),
  capacity: t('capacités, restrictions', 'capacity, restrictions'),
  job: t('poste et conditions de travail', 'job and working conditions'),
  social: t('situation sociale', 'social situation'),
  measure: t('mesure et dates', 'measure and dates'),
  decision: t('décision', 'decision'),
  outcome: t('devenir', 'outcome'),
  waiting: t('rapprochement à décider', 'file waiting to be joined'),
} as const satisfies Record<string, Text>;
export type Zone = keyof typeof ZONES;
export const ZONE_CODES = Object.keys(ZONES) as Zone[];

/** What a reference points at. */
export type RefTo =
  | 'organisation' | 'person' | 'case' | 'consent' | 'leave' | 'signal' | 'handshake' | 'handover' | 'transfer' | 'appointment' | 'measure' | 'aid' | 'event' | 'group' | 'forum' | 'meeting' | 'convention' | 'resource' | 'activity' | 'liaison' | 'visit'; // prettier-ignore

interface Common<Z extends Zone | null> {
  readonly zone: Z;
  readonly required: boolean;
  readonly label: Text;
  readonly example: unknown;
  /** The program alone fills it in, when the act is decided or an event of before is read. No body has it, and no correction changes it. */
  readonly byProgram?: true;
}
/**
 * One field of an act: its type, its zone, what people call it and an example. From this one declaration come the TypeScript type,
 * the request body that class-validator checks, the OpenAPI schema, the encryption by zone and the redaction by partner.
 */
export type Field =
  | (Common<null> & { readonly kind: 'newId'; readonly of: RefTo })
  | (Common<null> & { readonly kind: 'ref'; readonly of: RefTo })
  | (Common<Zone> & { readonly kind: 'date' })
  | (Common<Zone> & { readonly kind: 'code'; readonly codes: readonly string[] })
  | (Common<Zone> & { readonly kind: 'codes'; readonly codes: readonly string[] })
  | (Common<Zone> & { readonly kind: 'text'; readonly maxLength: number })
  | (Common<Zone> & { readonly kind: 'pattern'; readonly pattern: RegExp; readonly opaque?: 'reference' | 'person' })
  | (Common<Zone> & { readonly kind: 'int'; readonly min: number; readonly max: number })
  | (Common<Zone> & { readonly kind: 'bool' })
  | (Common<Zone> & { readonly kind: 'siret' })
  | (Common<Zone> & { readonly kind: 'nir' })
  | (Common<Zone> & { readonly kind: 'list'; readonly items: Fields; readonly min: number; readonly max: number })
  | (Common<Zone> & { readonly kind: 'group'; readonly items: Fields });
export type Fields = { readonly [name: string]: Field };

type Typed<F extends Field, T, R extends boolean> = F & {
  readonly __type?: T;
  readonly required: R;
  optional(): Typed<F, T, false>;
};
type ValueOf<F> = F extends { readonly __type?: infer T } ? Exclude<T, undefined> : never;
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K]['required'] extends true ? K : never }[keyof F];
type Flat<T> = { [K in keyof T]: T[K] };
/** The payload that fields describe. */
export type DataOf<F extends Fields> = Flat<
  { readonly [K in RequiredKeys<F>]: ValueOf<F[K]> } & { readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: ValueOf<F[K]> }
>;
/**
 * What is left of a payload after redaction or erasure: every field may be missing. Only this type reaches `apply`, so that
 * replaying what a partner may see, or an erased person, can't fail (decision 8).
 */
export type SeenOf<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> };

function field<T>() {
  return <F extends Field>(spec: Omit<F, 'required'>): Typed<F, T, true> => {
    const make = (required: boolean): Typed<F, T, boolean> =>
      ({ ...spec, required, optional: () => make(false) as Typed<F, T, false> }) as unknown as Typed<F, T, boolean>;
    return make(true) as Typed<F, T, true>;
  };
}
type Of<K extends Field['kind']> = Extract<Field, { kind: K }>;

export interface Slot {
  /** The day of presence. */
  readonly date: LocalDate;
  /** Which part of the day; a day counts once against a cap, whatever its slots. */
  readonly part: 'day' | 'morning' | 'afternoon' | 'hours';
  /** Minutes of presence, for part-time days. */
  readonly minutes?: number;
}

/** A field that nobody gives: `complete` fills it in, or an upcaster does in events of before. */
export const byProgram = <F extends Field>(of: F): F => ({ ...of, byProgram: true });
/** Those that a caller gives. */
export const givenFields = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, f]) => f.byProgram === undefined));

/** An identifier of something that this act creates. The caller may leave it out; it then derives from the command id. */
export const newId = (of: RefTo, label: Text) =>
  field<string>()<Of<'newId'>>({ kind: 'newId', of, zone: null, label, example: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11' });
/** A reference to something that exists already (an organisation by its directory id, anything else by UUID). Never encrypted. */
export const ref = (
  of: RefTo,
  label: Text,
  example = of === 'organisation' ? 'spst-39' : '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11',
) =>
  field<string>()<Of<'ref'>>({
    kind: 'ref',
    of,
    zone: null,
    label,
    example,
  });
export const date = (zone: Zone, label: Text, example = '2023-03-14') =>
  field<LocalDate>()<Of<'date'>>({ kind: 'date', zone, label, example });
export const code = <const C extends readonly string[]>(zone: Zone, label: Text, codes: C, example: C[number] = codes[0]!) =>
  field<C[number]>()<Of<'code'>>({ kind: 'code', zone, label, codes, example });
export const codes = <const C extends readonly string[]>(
  zone: Zone,
  label: Text,
  of: C,
  example: readonly C[number][] = [of[0]!],
) => field<readonly C[number][]>()<Of<'codes'>>({ kind: 'codes', zone, label, codes: of, example });
/** Free text. It lives in a zone, and must not hold a diagnosis or a cause of leave. */
export const text = (zone: Zone, label: Text, example: string, maxLength = 2000) =>
  field<string>()<Of<'text'>>({ kind: 'text', zone, label, example, maxLength });
export const pattern = (zone: Zone, label: Text, of: RegExp, example: string) =>
  field<string>()<Of<'pattern'>>({ kind: 'pattern', zone, label, pattern: of, example });
/** The reference of a document, or the identifier of a professional: `person/opaque.ts` says what it may be, which is less than its shape. */
export const opaque = (of: 'reference' | 'person', zone: Zone, label: Text, shape: RegExp, example: string) =>
  field<string>()<Of<'pattern'>>({ kind: 'pattern', zone, label, pattern: shape, example, opaque: of });
export const int = (zone: Zone, label: Text, min: number, max: number, example = min) =>
  field<number>()<Of<'int'>>({ kind: 'int', zone, label, min, max, example });
export const bool = (zone: Zone, label: Text, example = true) =>
  field<boolean>()<Of<'bool'>>({ kind: 'bool', zone, label, example });
/** SIRET of an establishment: 14 digits with a valid key. */
export const siret = (zone: Zone, label: Text, example = '77567227221138') =>
  field<string>()<Of<'siret'>>({ kind: 'siret', zone, label, example });
/** NIR with its key: 15 characters (2A and 2B for Corsica), of which `isNir` (person/nir.ts) says whether they are possible. */
export const nir = (zone: Zone, label: Text, example = '279053930000123') =>
  field<string>()<Of<'nir'>>({ kind: 'nir', zone, label, example });
/** A list of small records, all of one zone. */
export const list = <F extends Fields>(zone: Zone, label: Text, items: F, { min = 0, max = 200, example = Array.from({ length: Math.max(1, min) }, () => exampleOf(items)) }: { min?: number; max?: number; example?: unknown[] } = {}) =>
  field<readonly DataOf<F>[]>()<Of<'list'>>({ kind: 'list', zone, label, items, min, max, example }); // prettier-ignore
/** A small record, all of one zone. */
export const group = <F extends Fields>(zone: Zone, label: Text, items: F) =>
  field<DataOf<F>>()<Of<'group'>>({ kind: 'group', zone, label, items, example: exampleOf(items) });
/** Presence slots: which days, and which part of them. */
export const slots = (label: Text) =>
  list(
    'measure',
    label,
    {
      date: date('measure', t('jour de présence', 'day of presence')),
      part: code('measure', t('partie de la journée', 'part of the day'), ['day', 'morning', 'afternoon', 'hours']),
      minutes: int('measure', t('minutes de présence', 'minutes of presence'), 1, 720, 120).optional(),
    },
    { min: 1, max: 400 },
  );

/** An example payload, built from the fields' own examples; what it could name only in a case of its own is left out. */
export const exampleOf = (fields: Fields, { optional = true } = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(givenFields(fields))
      .filter(([, f]) => f.kind !== 'newId' && (f.required || (optional && (f.kind !== 'ref' || f.of === 'organisation'))))
      .map(([name, f]) => [name, f.example]),
  );
