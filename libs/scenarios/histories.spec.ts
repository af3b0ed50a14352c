import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readingOf, seesZone, visibleEvents } from '../access/visible.js';
import { type Context, type Directory, type Organisation } from '../domain/case/act.js';
import { commandOf } from '../domain/asides.js';
import { actOfCommand, actOfType } from '../domain/case/acts.js';
import { decide } from '../domain/case/decide.js';
import { deriveCase } from '../domain/case/derive.js';
import { BOOK } from '../../test/support/story.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { Refused, tellingOnly } from '../domain/kernel/errors.js';
import { type Instant } from '../domain/kernel/local-date.js';
import { type Role } from '../domain/kernel/roles.js';
import { caisseIn, spstOf } from '../domain/organisation/organisation.js';
import { type Answer, type Asked, type Door } from './door.js';
import { presentCase } from '../read-models/queries/present.js';
import { parseScenario } from './parse.js';
import { playAt } from './player.js';
import { type Scenario, type Who } from './scenario.js';
import { SIGHT_WORDS } from './sights.js';

const FOLDER = join(__dirname, '../../test/scenarios');
const read = (file: string): Scenario => parseScenario(readFileSync(join(FOLDER, file), 'utf8'), file, commandOf);
const ALL = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
/** Here is one case, and nothing beside it: the other files are played over HTTP (test/e2e/histories.spec.ts). */
const FILES = ALL.filter(
  (file) => read(file).persons.size === 1 && read(file).steps.every((step) => step.act.path === undefined),
);

const CASE = '00000000-0000-5000-8000-000000000001';
const idOf = (label: string): string =>
  createHash('sha1')
    .update(label)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5');

/** The domain itself behind the player's door: one case, the rules and the redaction of every installation, no transport. */
function rehearsal(): Door {
  const organisations = new Map<string, Organisation>();
  const directory: Directory = {
    all: () => [...organisations.values()],
    find: (id) => organisations.get(id),
    bySpstCode: (code) => spstOf(code, [...organisations.values()]),
    caisseOf: (territory) => caisseIn(territory, [...organisations.values()]),
    conventions: () => [],
    groupAction: () => undefined,
    resource: () => undefined,
  };
  const log: RecordedEvent[] = [];
  const fullView = () => deriveCase(CASE, log, actOfType);
  const viewerOf = (who: Who) => ({ organisation: who.organisation ?? '', role: who.role });
  const seenBy = (who: Who, on: Asked['when']['day']) => {
    const viewer = viewerOf(who);
    const full = fullView();
    const reading = readingOf(CASE, log, full, viewer, on);
    return reading && presentCase({ rulebook: BOOK, directory }, { full, ...reading }, viewer, on);
  };
  const party = (who: Who) => ({ organisation: who.organisation, role: who.role, person: null });
  const refused = (...codes: string[]): Answer => ({ kind: 'refused', codes, detail: '' });

  return {
    async register({ id, name, roles, territory, spstCode, siret }) {
      organisations.set(id, { id, name, roles, territory, ...(spstCode && { spstCode }), ...(siret && { siret }) });
    },
    async perform({ step, data, story, person, caisse, idempotencyKey, when }) {
      const act = actOfCommand(step.act.command)!;
      if (story && !seenBy(step.recorder ?? step.actor, when.day)) return refused('case-not-found');
      const ctx: Context = {
        now: `${when.day}T08:00:00.000Z` as Instant,
        today: when.day,
        commandId: idOf(idempotencyKey),
        newId: (label) => idOf(`${idempotencyKey} ${label}`),
        directory,
        rulebook: BOOK,
        earlier: [],
      };
      const { nir: _, ...traits } = person;
      const opening =
        log.length === 0
          ? [
              { type: 'CaseOpened', data: { caisse } },
              { type: 'PersonIdentified', data: traits },
            ]
          : [];
      try {
        const decideOn = (known: readonly RecordedEvent[]) => decide(act, {
          actor: party(step.actor), recordedBy: step.recorder ? party(step.recorder) : null, evidence: step.evidence ? { kind: step.evidence } : null,
          caseId: CASE, personId: null, data: data as never, occurredOn: step.on, source: 'api', correlationId: ctx.commandId, opening,
        }, known, ctx, actOfType); // prettier-ignore
        const viewer = viewerOf(step.recorder ?? step.actor);
        const seen = (): readonly RecordedEvent[] => visibleEvents(log, fullView(), viewer, when.day);
        const events = tellingOnly(
          seesZone(fullView(), viewer, when.day),
          () => decideOn(log),
          () => decideOn(seen()),
        );
        for (const e of events)
          log.push({ ...e, stream: CASE, revision: log.length, position: String(log.length), erased: false });
        const ids = events.flatMap((e) =>
          Object.entries(e.data).filter(([name]) => actOfType(e.type)?.fields[name]?.kind === 'newId'),
        );
        const told = seen().find((e) => e.id === events.at(-1)?.id);
        const irregularities = told?.irregularities.map((i) => i.code) ?? [];
        return {
          kind: 'recorded',
          caseId: CASE,
          ids: Object.fromEntries(ids) as Record<string, string>,
          irregularities,
          cursor: String(log.length),
          wentOn: false,
        };
      } catch (error) {
        if (error instanceof Refused) return refused(...error.findings.map((f) => f.code));
        throw error;
      }
    },
    // In this door there is one case from the start.
    join: async () => undefined,
    note: () => Promise.reject(new Error('nothing is beside this case')),
    async caseFile(who, _story, { day }) {
      return seenBy(who, day) ?? null;
    },
    async worklists(who, { caseId }, { day }) {
      const items = (seenBy(who, day)?.['items'] ?? []) as { kind: string; nature: string; role: Role; due?: string }[];
      return items
        .filter(({ role, nature }) => role === who.role && nature === 'duty')
        .map(({ kind, due }) => ({ label: kind, caseId, ...(due && { due }) }));
    },
  };
}

describe('the histories', () => {
  it.each(FILES)('%s is carried from its first fact to its last', async (file) => {
    const scenario = read(file);
    const { failure, played } = await playAt(scenario, rehearsal(), { print: () => undefined });
    expect(failure).toBeUndefined();
    expect(played).toBe(scenario.steps.length);
  });
  it.each(FILES.filter((file) => /^0[1-6]/.test(file)))(
    '%s invents no actor that a rule wants: no accord is granted and no opinion chosen',
    (file) => {
      const chosen = read(file).steps.map((step) => step.act.command);
      expect(chosen).not.toContain('grant-consent');
      expect(chosen).not.toContain('sign-agreement');
    },
  );
  it('print whose move it is and what each partner’s lists hold, in French', async () => {
    const lines: string[] = [];
    await playAt(read('00-chemin-complet.yaml'), rehearsal(), { print: (line) => lines.push(line) });
    expect(lines).toContain('   à qui le tour : spst-39 ; statut : signal');
    expect(lines).toContain('   spst-39 (CPDP) : transmission-to-triage × 1 (dont ce dossier, pour le 2023-03-21)');
    expect(lines).toContain('   scierie-39 (HOST) : rien');
    expect(lines.at(-1)).toMatch(/^✓ \d+ étapes/);
  });

  const edited = (edit: (text: string) => string): Scenario =>
    parseScenario(edit(readFileSync(join(FOLDER, '00-chemin-complet.yaml'), 'utf8')), 'essai.yaml', actOfCommand);
  it.each([
    [
      'an act that is refused',
      (t: string) => t.replace(/attend:\n\s+refus: referral.consentMissing/, 'attend:'),
      'accepté',
      /^refusé : referral.consentMissing/,
    ],
    [
      'a refusal for another reason',
      (t: string) => t.replace('refus: referral.consentMissing', 'refus: referral.pending'),
      'refus referral.pending',
      /consentMissing/,
    ],
    [
      'somebody else’s move',
      (t: string) => t.replace('à qui le tour: spst-39', 'à qui le tour: cpam-39'),
      'à qui le tour : cpam-39',
      /^spst-39$/,
    ],
    ['another status', (t: string) => t.replace('statut: signal', 'statut: supported'), 'statut : supported', /^signal$/],
    [
      'something that is hidden',
      (t: string) => t.replace('cpam-39 CPAM: [dossier] }', 'carsat-bfc AS: [dossier] }'),
      'carsat-bfc (AS) voit « dossier »',
      /^invisible$/,
    ],
    [
      'an irregularity that is not there',
      (t: string) => t.replace('attend: { à qui le tour: spst-39 }', 'attend: { irrégularités: [fact.recordedLate] }'),
      'irrégularités fact.recordedLate',
      /^enregistré$/,
    ],
  ])('stop at %s, and name its line', async (_what, edit, expected, got) => {
    const { failure, exitCode } = await playAt(edited(edit), rehearsal(), { print: () => undefined });
    expect(exitCode).toBe(1);
    expect(failure).toMatchObject({ file: 'essai.yaml', expected, got: expect.stringMatching(got) as string });
    expect(failure?.line).toBeGreaterThan(10);
  });
});

it('the guide’s example is a history that plays', async () => {
  const guide = readFileSync(join(__dirname, '../../docs/scenarios.md'), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const { failure, played } = await playAt(parseScenario(example, 'scenarios.md', actOfCommand), rehearsal(), {
    print: () => undefined,
  });
  expect({ failure, played }).toEqual({ failure: undefined, played: 5 });
});
it('the guide names every word by which a file says what a partner sees', () => {
  const guide = readFileSync(join(__dirname, '../../docs/scenarios.md'), 'utf8');
  for (const word of SIGHT_WORDS) expect(guide).toContain(`\`${word}\``);
});
