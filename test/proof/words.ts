import { actOfCommand, actOfType } from '../../libs/domain/case/acts.js';
import { type Party, ROLES } from '../../libs/domain/kernel/roles.js';
import { ruleOf } from '../../libs/domain/rules/index.js';
import { type FoundGap, type Step } from './explore.js';

const day = (date: string): string => date.split('-').reverse().join('/');
const who = ({ organisation, role }: Party): string => (organisation ? `${ROLES[role].fr} (${organisation})` : ROLES[role].fr);
const isWord = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-zA-Z][a-zA-Z0-9_-]*$/.test(value) && value.length < 30;

/** What is no act of a case. */
const OTHERS: Readonly<Record<string, string>> = {
  correct: 'Correction',
  withdraw: 'Retrait',
  'confirm-fact': 'Fait confirmé',
  'deny-fact': 'Fait démenti',
  'join-cases': 'Réunion de deux dossiers',
};

/** One step of a path, in French: when, who, what. */
function stepInWords({ deed, state, note }: Step, before: Step | undefined): string {
  const on = day(state.today);
  if (!deed) {
    const told = state.events.slice(before?.state.events.length ?? 0).map(({ data, corrects }) => {
      if (corrects) return ` ; un fait est retiré : ${actOfType(corrects.type)?.label.fr ?? corrects.type}`;
      const rule = ruleOf(String(data['rule']))?.label.fr ?? String(data['rule']);
      return ` ; échéance dépassée chez ${String(data['owner'])}, niveau ${String(data['step'])} : « ${rule} »`;
    });
    return `${on}  le temps passe${told.join('')}`;
  }
  const data = Object.values(deed.data).filter(isWord).join(', ');
  const act = OTHERS[deed.command] ?? actOfCommand(deed.command)?.label.fr ?? deed.command;
  const by = deed.recordedBy ? `${who(deed.by)}, enregistré par ${who(deed.recordedBy)}` : who(deed.by);
  return `${on}  ${by} : ${act}${data && ` (${data})`}${note ? `, ${note}` : ''}  [${deed.command}]`;
}

/** A gap as people read it. */
export interface GapInWords {
  readonly code: string;
  readonly what: string;
  readonly path: readonly string[];
}
export const inWords = ({ code, what, path }: FoundGap): GapInWords => ({
  code,
  what,
  path: path.map((step, i) => stepInWords(step, path[i - 1])),
});
export const printed = ({ code, what, path }: GapInWords): string =>
  [`Trou (${code}) : ${what}`, ...path.map((step, i) => `  ${i + 1}. ${step}`)].join('\n');

/** For each fault one gap: the one with the shortest path. */
export function shortest<G extends { readonly code: string; readonly path: readonly unknown[] }>(gaps: readonly G[]): G[] {
  const best = new Map<string, G>();
  for (const gap of gaps) if (gap.path.length < (best.get(gap.code)?.path.length ?? Infinity)) best.set(gap.code, gap);
  return [...best.values()];
}
