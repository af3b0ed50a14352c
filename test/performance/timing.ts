import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Role } from '../../libs/domain/kernel/roles.js';
import { AS, CPAM, CPDP, ORGANISATIONS, personOf, TestInstance, TRANSMISSION, type Who } from '../support/instance.js';

/** Events of the case that is hidden: what would take the longest to be read. */
const EVENTS = 120;
const WARM = 100;
const STRANGER = (role: Role): Who => ({ organisation: 'dehors', role });

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
const in_ = (ms: number): string => `${ms.toFixed(2)} ms`;

/** How long an answer takes about what is hidden, and about what is not there, one after the other, whichever first (ADR 0018). */
async function measure(pairs: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'fil-rouge-timing-'));
  chmodSync(folder, 0o755);
  const it_ = await TestInstance.embedded(folder);
  try {
    const hidden = await hiddenThings(it_);
    let alike = true;
    for (const [name, ask] of Object.entries(waysTo(it_, hidden))) {
      const times = { hidden: [] as number[], nobody: [] as number[] };
      const answers = new Set<string>();
      for (let i = -WARM; i < pairs; i++)
        for (const kind of Math.random() < 0.5 ? (['hidden', 'nobody'] as const) : (['nobody', 'hidden'] as const)) {
          const begun = performance.now();
          const { status, text } = await ask(kind === 'hidden');
          if (i >= 0) times[kind].push(performance.now() - begun);
          answers.add(`${status} ${text}`);
        }
      // Two halves of one kind differ by chance alone.
      const halves = (of: readonly number[]) => Math.abs(median(of.filter((_, i) => i % 2 === 0)) - median(of.filter((_, i) => i % 2 === 1))); // prettier-ignore
      const [one, other] = [median(times.hidden), median(times.nobody)];
      const chance = Math.max(halves(times.hidden), halves(times.nobody));
      alike &&= answers.size === 1;
      process.stdout.write(`${name.padEnd(28)} hidden ${in_(one)}, nobody’s ${in_(other)}: ${in_(Math.abs(one - other))} apart; two halves of one kind: ${in_(chance)}${answers.size > 1 ? '  ANSWERS DIFFER' : ''}\n`); // prettier-ignore
    }
    return alike;
  } finally {
    await it_.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Hidden {
  readonly caseId: string;
  readonly ownCaseId: string;
  readonly meetingId: string;
  readonly conventionId: string;
}
async function hiddenThings(it_: TestInstance): Promise<Hidden> {
  const done = async (path: string, who: Who, body: object) => {
    const reply = await it_.act(path, who, body);
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.body;
  };
  const idOf = ({ ids }: Record<string, unknown>): string => Object.values(ids as Record<string, string>)[0]!;
  await it_.register(...ORGANISATIONS, { id: 'dehors', roles: ['CPAM', 'AS', 'CPDP'], territory: '75' });
  const opened = await done('/v1/cases/transmit-sick-leave', CPAM, { person: personOf(1), data: TRANSMISSION });
  const caseId = opened['caseId'] as string;
  for (let i = 0; i < EVENTS; i++)
    await done(`/v1/cases/${caseId}/record-contact-attempt`, CPDP, { data: { channel: 'telephone', outcome: 'no-answer' } });
  const own = await done('/v1/cases/record-signal', STRANGER('CPAM'), { person: personOf(2), caisse: 'dehors', data: { origin: 'person' } }); // prettier-ignore
  const seats = [{ organisation: AS.organisation, role: AS.role }];
  const forumId = idOf(await done('/v1/forums', CPAM, { name: 'ILCO', type: 'ilcoPdp', territory: '39', meetingsPerYear: 2, chair: 'cpam-39', chairRole: 'CPAM', seats })); // prettier-ignore
  const meetingId = idOf(await done('/v1/meetings', CPAM, { forumId, date: '2099-01-05' }));
  const parties = ['cpam-39', 'ast-39'].map((organisation) => ({ organisation, tasks: 'oriente' }));
  const conventionId = idOf(await done('/v1/conventions', CPAM, { title: 'P', territory: '39', publics: ['salarie'], from: '2023-01-01', to: '2098-12-31', parties })); // prettier-ignore
  return { caseId, ownCaseId: own['caseId'] as string, meetingId, conventionId };
}
function waysTo(it_: TestInstance, h: Hidden) {
  const who = STRANGER('CPAM');
  const named = (id: string) => (hidden: boolean) => (hidden ? id : randomUUID());
  const [caseId, meetingId, conventionId] = [named(h.caseId), named(h.meetingId), named(h.conventionId)];
  return {
    'an act': (x: boolean) => it_.act(`/v1/cases/${caseId(x)}/record-contact-attempt`, who, { data: { channel: 'email', outcome: 'no-answer' } }), // prettier-ignore
    'a correction': (x: boolean) => it_.act(`/v1/cases/${caseId(x)}/withdraw-fact`, who, { event: h.ownCaseId }),
    'the case': (x: boolean) => it_.get(`/v1/cases/${caseId(x)}`, who),
    'its events': (x: boolean) => it_.get(`/v1/cases/${caseId(x)}/events`, who),
    'joining with one’s own': (x: boolean) => it_.act('/v1/duplicates/join', who, { caseId: h.ownCaseId, otherCaseId: caseId(x) }), // prettier-ignore
    'a meeting': (x: boolean) => it_.get(`/v1/meetings/${meetingId(x)}`, who),
    'moving a meeting': (x: boolean) => it_.act('/v1/meetings/moved', who, { meetingId: meetingId(x), date: '2099-01-06' }),
    'renewing a convention': (x: boolean) => it_.act('/v1/conventions/renewed', who, { conventionId: conventionId(x), to: '2099-12-31' }), // prettier-ignore
  };
}

void new Command('npm run timing --')
  .description('Whether the time of an answer tells what is hidden from what is not there.')
  .option('--pairs <n>', 'how many of each', '2000')
  .action(async ({ pairs }: { pairs: string }) => {
    if (!(await measure(Number(pairs)))) process.exitCode = 1;
  })
  .parseAsync();
