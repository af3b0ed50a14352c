import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countInWords, DELAYS, type DelayName } from './delays.js';
import { RULES } from './index.js';
import { ACCOUNTABLE } from './rule.js';

const PAGE = readFileSync(join(__dirname, '../../../docs/duties.md'), 'utf8');
const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;
/** `7 jours (referral.answer)`: how it is counted is in the table of delays. */
const short = (name: DelayName | undefined): string => {
  const delay = DELAYS.find((d) => d.name === name);
  return delay ? `${countInWords(delay).fr.replace(/, .*/, '')} (\`${delay.name}\`)` : '–';
};

it('docs/duties.md has every rule, in the order of the registry, as the registry says it', () => {
  const rows = RULES.map((rule) => {
    const { code, label, whose = ACCOUNTABLE, article, from } = rule;
    const when = from ? ` ; depuis ${from}` : '';
    const common = [`\`${code}\``, label.fr, whose.fr];
    if (rule.nature !== 'duty') return row(...common, article + when);
    const { delay, grace, resolvedBy } = rule;
    const counted = delay === grace ? '–' : short(delay);
    return row(...common, counted, short(grace), article, resolvedBy.map((command) => `\`${command}\``).join(', '));
  });
  const ofRules = PAGE.split('\n').filter((line) => RULES.some(({ code }) => line.startsWith(`| \`${code}\` |`)));
  expect(ofRules).toEqual(rows);
});

it('and every delay as it ships', () => {
  const rows = DELAYS.map((delay) => row(`\`${delay.name}\``, countInWords(delay).fr, delay.source));
  const ofDelays = PAGE.split('\n').filter((line) => DELAYS.some(({ name }) => line.startsWith(`| \`${name}\` |`)));
  expect(ofDelays).toEqual(rows);
});
