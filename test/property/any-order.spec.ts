import fc from 'fast-check';
import { AS, ASSURE, CPAM, LEAVE, MC, MT, MTR, SLOTS, type Story, supported, uuidOf } from '../support/story.js';

/** Facts about one case, as they reach us: late, by letter, in any order. Each keeps its key, hence its ids, whatever the order. */
const measureId = uuidOf('essai');
const attested = { recordedBy: AS, today: '2024-03-01' };
const FACTS: [command: string, data: Record<string, unknown>, how: Parameters<Story['does']>[2]][] = [
  ['request-measure', { measureId, type: 'essaiEncadre', slots: SLOTS('2023-06-05', 10) }, { by: ASSURE, on: '2023-05-02', ...attested }],
  ['give-medical-opinion', { measureId, opinion: 'yes' }, { by: MTR, on: '2023-05-04', ...attested }],
  ['give-medical-opinion', { measureId, opinion: 'no' }, { by: MC, on: '2023-05-05', ...attested }],
  ['give-medical-opinion', { measureId, opinion: 'yes' }, { by: MC, on: '2023-05-09', ...attested }],
  ['give-medical-opinion', { measureId, opinion: 'conditions' }, { by: MT, on: '2023-05-06', ...attested }],
  ['approve-measure', { measureId }, { by: CPAM, on: '2023-05-10', ...attested }],
  ['sign-agreement', { measureId, signatories: ['ASSURE', 'HOST'] }, { by: ASSURE, on: '2023-05-12', ...attested }],
  ['start-measure', { measureId }, { by: AS, on: '2023-06-05', today: '2024-03-01' }],
  ['record-presence', { measureId, slots: SLOTS('2023-06-05', 9) }, { by: AS, on: '2023-06-14', today: '2024-03-01' }],
  ['close-measure', { measureId, result: 'conclusive', endedOn: '2023-06-14' }, { by: AS, on: '2023-06-20', today: '2024-03-01' }],
  ['deliver-report', { measureId, toRole: 'MT' }, { by: AS, on: '2023-06-21', today: '2024-03-01' }],
  ['record-interview', { mode: 'telephone' }, { by: AS, on: '2023-05-01', today: '2024-03-01' }],
  ['complete-social-assessment', { fit: 'suited', timing: 'now' }, { by: AS, on: '2023-05-03', today: '2024-03-01' }],
  ['end-sick-leave', { leaveId: '', lastDay: '2023-09-30' }, { by: CPAM, on: '2023-09-30', today: '2024-03-01' }],
  ['extend-sick-leave', { leaveId: '', expectedEnd: '2024-02-01' }, { by: CPAM, on: '2023-08-01', today: '2024-03-01' }],
  ['hold-pre-return-visit', { riskOfUnfitness: true, opposed: false }, { by: MT, on: '2023-06-25', today: '2024-03-01' }],
  ['record-activity', { status: 'salarie', from: '2010-01-01' }, { by: AS, on: '2023-03-22', today: '2024-03-01' }],
  ['grant-consent', { consentId: uuidOf('k'), zones: ['job'], recipientRole: 'CPAM', purpose: 'support', proof: 'form' }, { by: ASSURE, on: '2023-04-02', ...attested }],
  ['start-new-job', { contract: 'permanent' }, { by: AS, on: '2023-11-02', today: '2024-03-01' }],
]; // prettier-ignore

const told = (order: readonly number[]) => {
  const story = supported();
  const leaveId = story.view.leaves[0]!.id;
  for (const i of order) {
    const [command, data, how] = FACTS[i]!;
    story.does(command, 'leaveId' in data ? { ...data, leaveId } : data, { ...how, key: `fact ${i}` });
  }
  return story.view;
};
const inOrder = FACTS.map((_, i) => i);

describe('any order of arrival of the same facts', () => {
  const expected = told(inOrder);

  it('tells a case that amounts to something', () => {
    expect(LEAVE.start).toBe(expected.leaves[0]?.start);
    expect(expected.measures).toMatchObject([{ status: 'closed', startedOn: '2023-06-05' }]);
    expect(expected.irregularities).toEqual([]);
  });
  it('gives the same case', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (order) => {
        expect(told(order)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
  it('gives the same irregular case, when some of the facts never arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder), (some) => {
        expect(told(some)).toEqual(told([...some].sort((a, b) => a - b)));
      }),
      { numRuns: 150 },
    );
  });
});
