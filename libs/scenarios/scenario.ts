import { type Fields } from '../domain/kernel/fields.js';
import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Evidence, type Role } from '../domain/kernel/roles.js';
import { type Text } from '../domain/kernel/text.js';

/** What a file needs to know of an act to be checked before it is played. The registry of the domain is one. */
export interface KnownAct {
  readonly command: string | null;
  readonly label: Text;
  readonly fields: Fields;
  readonly opens: boolean;
  readonly guarded: boolean;
  /** Its address under `/v1/`, for what is recorded beside the cases. */
  readonly path?: string;
}
export type ActOfCommand = (command: string) => KnownAct | undefined;

/** A partner of the story, in one of its roles; without organisation, somebody who has no account. */
export interface Who {
  readonly organisation: string | null;
  readonly role: Role;
}
/** An organisation of the story; its key in the file is its id in the directory. */
export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly territory: string;
  readonly spstCode?: string;
  readonly siret?: string;
}
export interface PersonOfStory {
  readonly familyName: string;
  readonly givenNames: string;
  readonly birthDate: LocalDate;
  readonly sex?: 'F' | 'M';
  readonly nir?: string;
}
/** Something that a partner must see, or must not see, after a step. */
export interface Sight {
  readonly who: Who;
  readonly what: string;
  readonly visible: boolean;
  readonly line: number;
}
export interface Expectations {
  /** Code of the rule or problem that refuses the step. */
  readonly refusal?: string;
  /** Exactly these codes; none when the file says nothing. */
  readonly irregularities: readonly string[];
  /** Partner whose move it is; null for nobody; absent when the file does not say. */
  readonly turn?: string | null;
  readonly status?: string;
  readonly sights: readonly Sight[];
  readonly line: number;
}
export interface Step {
  /** From 1, as people count. */
  readonly number: number;
  readonly line: number;
  /** The words of the source that this step carries. */
  readonly says?: string;
  readonly on: LocalDate;
  readonly recordedOn: LocalDate;
  readonly actor: Who;
  /** Whoever records the act of somebody else. */
  readonly recorder?: Who;
  readonly evidence?: Evidence['kind'];
  /** Whoever lets in the file that this opening act made beside the case. */
  readonly joiner?: Who;
  readonly act: KnownAct & { readonly command: string };
  /** Key of the person whose case it is about, or is looked at after it; absent for what is beside the cases. */
  readonly dossier?: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Name given to each thing that the act makes, by its field: `{ measureId: 'essai-1' }`. */
  readonly names: Readonly<Record<string, string>>;
  readonly expects: Expectations;
}
export interface Scenario {
  readonly file: string;
  readonly title: string;
  readonly source: string;
  readonly partners: readonly Partner[];
  /** The fund that answers for the case. */
  readonly caisse: string;
  /** By their keys in the file; the only one of a file that has one is `personne`. */
  readonly persons: ReadonlyMap<string, PersonOfStory>;
  readonly steps: readonly Step[];
}

/** Faults of a file, each with its line. */
export class ScenarioErrors extends Error {
  constructor(
    readonly file: string,
    readonly faults: readonly { readonly line: number; readonly message: string }[],
  ) {
    super(faults.map((f) => `${file}:${f.line} ${f.message}`).join('\n'));
  }
}
