import { AS, ASSURE, BOOK, directory, party, RESOURCES, supported } from '../../../test/support/story.js';
import { partnerEvents } from '../../access/visible.js';
import { ASIDES } from '../asides.js';
import { caseActs } from '../case/acts.js';
import { takesPart } from '../case/taking-part.js';
import { conditionOf } from '../confidentiality/matrix.js';
import { ZONE_CODES } from '../kernel/fields.js';
import { localDate } from '../kernel/local-date.js';
import { type Role } from '../kernel/roles.js';
import { RULES } from '../rules/index.js';
import { obligations } from '../rules/obligations.js';
import { resourceOf } from './listed.js';
import { ResourceListed } from './resource.js';

const today = localDate('2023-09-15');
const PEERS = {
  resourceId: 'r',
  name: 'Pairs',
  kind: 'patient-partner',
  situations: ['isolation'],
  audiences: ['person'],
} as const;
const listed = { type: 'ResourceListed', data: PEERS };

describe('a resource', () => {
  it('can be reached, at an address that tells nothing of who follows it', () => {
    const asks = { history: [], by: party('OPERATOR', 'exploitant'), today, directory, past: () => [], seen: undefined };
    const codes = (data: object) => ResourceListed.check!({ data: { ...PEERS, ...data }, ...asks }).map((f) => f.code);
    expect([codes({}), codes({ phone: '0800 400 310' }), codes({ url: 'https://pairs.example/' })]).toEqual([['resource.noContact'], [], []]); // prettier-ignore
    const { url: own, sheets } = ResourceListed.fields;
    for (const field of [own, sheets.items['url']!]) {
      const pattern = field.kind === 'pattern' ? field.pattern : /^$/;
      for (const url of ['https://pairs.example', 'https://pairs.example/fiches/retour.pdf']) expect(url).toMatch(pattern);
      for (const url of ['http://pairs.example', 'https://pairs.example/?utm_source=spst', 'https://pairs.example/#c=1', 'https://x@pairs.example/', 'https://pairs.example/;id=1', 'https://pairs.example?x'])
        expect(url).not.toMatch(pattern); // prettier-ignore
    }
  });
  it('retired is no more, until it is listed again', () => {
    const retired = { type: 'ResourceRetired', data: { resourceId: 'r' } };
    expect([[listed], [listed, retired], [listed, retired, listed]].map((h) => resourceOf(h)?.retired)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('a suggestion', () => {
  beforeEach(() => void RESOURCES.splice(0, 9, resourceOf([listed])!));
  const how = { by: AS, on: '2023-06-01' };

  it('names what the directory has; for another one, or once it is retired, it is recorded as irregular', () => {
    const story = supported();
    expect(story.refuses('suggest-resource', { resourceId: 'x', audience: 'person' }, how)).toEqual(['resource.unknown']);
    story.does('suggest-resource', { resourceId: 'r', audience: 'person' }, how);
    expect(story.irregular).toEqual([]);
    RESOURCES.splice(0, 1, { ...PEERS, retired: true });
    story.does('suggest-resource', { resourceId: 'r', audience: 'manager' }, how);
    expect(story.irregular).toEqual(['resource.retired', 'resource.otherAudience']);
  });
  it('is all there is: nothing could say that a resource was used, and nobody is asked to', () => {
    const told = caseActs().filter((a) => Object.values(a.fields).some((f) => f.kind === 'ref' && f.of === 'resource'));
    expect(told.map(({ type, fields }) => [type, Object.keys(fields)])).toEqual([
      ['ResourceSuggested', ['resourceId', 'audience', 'again']],
    ]);
    const named = [...caseActs(), ...ASIDES].filter((a) => /resource/i.test(`${a.type} ${a.command}`)).map((a) => a.type);
    expect(named.sort()).toEqual(['ResourceListed', 'ResourceRetired', 'ResourceSuggested']);
    expect(ASIDES.filter((a) => a.family === 'resource').map((a) => a.by)).toEqual([['OPERATOR'], ['OPERATOR']]);
    expect(RULES.filter((r) => /resource/.test(`${r.code} ${r.nature === 'duty' ? r.resolvedBy.join() : ''}`))).toEqual([]);

    const story = supported();
    const before = obligations(story.view, BOOK);
    story.does('suggest-resource', { resourceId: 'r', audience: 'person' }, how);
    expect(obligations(story.view, BOOK)).toEqual(before);
    expect(resourceOf([listed])).toEqual({ ...PEERS, retired: false });
  });
});

describe.each(['MEDIATEUR_PAIR', 'MEDIATEUR_SANTE', 'INTERVENANT_ETP'] as const satisfies readonly Role[])('%s', (role) => {
  const viewer = { organisation: 'pairs-39', role };
  it('has no right of its own in any zone', () => {
    for (const zone of ZONE_CODES) expect(['C', 'F']).toContain(conditionOf(role, zone, today));
    expect(caseActs().filter((a) => [...a.by, ...a.recorders].includes(role))).toEqual([]);
  });
  it('takes part and sees nothing, until the person gives it something, and then just that', () => {
    const story = supported();
    const gives = (zones: readonly string[]) => story.does('grant-consent', { zones, recipient: 'pairs-39', purpose: 'support', proof: 'form' }, { by: ASSURE, recordedBy: AS, on: '2023-04-01' }); // prettier-ignore
    // An accord lets it in; of the follow-up that it opens there is nothing yet.
    gives(['outcome']);
    story.does('refer-case', { target: 'pairs-39', targetRole: role, motive: 'other' }, { by: AS, on: '2023-04-02' });
    expect(takesPart(story.view, 'pairs-39', localDate('2023-07-01'))).toBe(true);
    const seen = () => {
      const history = story.events.map((e, revision) => ({ ...e, revision, stream: '', position: '', erased: false }));
      return partnerEvents(history, story.view, viewer, localDate('2023-07-01')).map((e) => [e.type, Object.keys(e.data)]);
    };
    expect(seen()).toEqual([]);
    gives(['leave']);
    expect(seen()).toEqual([['SickLeaveRecorded', ['leaveId', 'start', 'expectedEnd', 'risk']]]);
  });
});
