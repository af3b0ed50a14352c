import { LogDigest } from './digest.js';

const FIRST = {
  stream: 'case-1',
  revision: 0,
  id: '0B7F2A3E-0000-5000-8000-00000000000A',
  type: 'CaseOpened',
  schemaVersion: 1,
  data: '{"refs":{}, "é":"🧵"}',
  metadata: '{}',
};
const SECOND = {
  stream: 'person-1',
  revision: 41,
  id: '0b7f2a3e-0000-5000-8000-00000000000b',
  type: 'PersonKnown',
  schemaVersion: 2,
  data: 'null',
  metadata: '{"a":1}',
};
const digest = (...events: (typeof FIRST)[]) => {
  const made = new LogDigest();
  made.add(events);
  return made.result().sha256;
};

describe('the digest of a log', () => {
  it('is that of its definition (computed by another program)', () => {
    const made = new LogDigest();
    expect(made.result()).toEqual({ count: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' });
    made.add([FIRST]);
    expect(made.result()).toEqual({ count: 1, sha256: '07aed223f0ab264475e941d1c8366bc2f66267327c10b8c07dd5123ebc9b80ca' });
    made.add([SECOND]);
    expect(made.result()).toEqual({ count: 2, sha256: 'e7c1f2559d024eca36b4ef2ea4d932226be0242529e963756f3fb1525f34f2c3' });
  });

  it('changes with any field, with the order, and with where a field ends', () => {
    const changed = [
      { ...FIRST, stream: 'case-2' },
      { ...FIRST, revision: 1 },
      { ...FIRST, id: SECOND.id },
      { ...FIRST, type: 'CaseClosed' },
      { ...FIRST, schemaVersion: 2 },
      { ...FIRST, data: '{"refs":{},"é":"🧵"}' },
      { ...FIRST, metadata: '{ }' },
      { ...FIRST, stream: 'case-10', revision: 0 },
      { ...FIRST, stream: 'case-', revision: 10 },
    ].map((event) => digest(event));
    expect(new Set([digest(FIRST), ...changed]).size).toBe(10);
    expect(digest(FIRST, SECOND)).not.toBe(digest(SECOND, FIRST));
  });
});
