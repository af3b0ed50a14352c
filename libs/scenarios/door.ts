import { type LocalDate } from '../domain/kernel/local-date.js';
import { type Partner, type PersonOfStory, type Step, type Who } from './scenario.js';
import { type CaseFile } from './sights.js';

/** When a step is played: its day, and its place in the file, so that no two steps share an instant. */
export interface When {
  readonly day: LocalDate;
  readonly step: number;
}
/** The case as it stands after the last act that was recorded. */
export interface Story {
  readonly caseId: string;
  readonly cursor: string;
}
export interface Asked {
  readonly step: Step;
  /** Data with identifiers instead of names. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The case as its partners know it; absent for whoever comes by for the first time, and learns only so whether there is one. */
  readonly story?: Story;
  readonly person: PersonOfStory;
  readonly caisse: string;
  readonly idempotencyKey: string;
  readonly when: When;
}
export interface Recorded {
  readonly kind: 'recorded';
  readonly caseId: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly irregularities: readonly string[];
  readonly cursor: string;
  /** The case has gone further since: this step had been played before. */
  readonly wentOn: boolean;
}
export interface RefusedStep {
  readonly kind: 'refused';
  /** Of the rules and of the problem. */
  readonly codes: readonly string[];
  readonly detail: string;
}
export type Answer = Recorded | RefusedStep;
/** What was recorded beside the cases. */
export interface Noted {
  readonly kind: 'noted';
  readonly ids: Readonly<Record<string, string>>;
}
/** One line of a partner's worklists. */
export interface Listed {
  /** As the list calls it. */
  readonly label: string;
  readonly caseId: string;
  readonly due?: string;
}
export interface FileToJoin extends Pick<Asked, 'idempotencyKey' | 'when'> {
  readonly by: Who;
  readonly openedBy: Who;
  readonly caseId: string;
  readonly fileId: string;
}
/** The public door of an installation, as the player uses it. A read holds the story's last write. */
export interface Door {
  register(partner: Partner, when: When): Promise<void>;
  perform(asked: Asked): Promise<Answer>;
  /** Lets a file that waits beside a case in, once it is found; whoever opened it then sees the case. */
  join(file: FileToJoin): Promise<void>;
  note(asked: Pick<Asked, 'step' | 'data' | 'idempotencyKey' | 'when'>): Promise<Noted | RefusedStep>;
  caseFile(who: Who, story: Story, when: When): Promise<CaseFile>;
  worklists(who: Who, story: Story, when: When): Promise<readonly Listed[]>;
}
