import { createCipheriv, hkdfSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { checkKeyring } from './keyring.js';
import { PersonKey, Tampered } from './person-key.js';

const secret = Buffer.from('0123456789abcdef0123456789abcdef');
const key = new PersonKey('person-1', secret);
const at = { eventId: 'event-1', zone: 'capacity', keyVersion: 1 };

describe('the key of a person', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(JSON.parse(key.open(at, key.seal(at, json)))).toEqual(JSON.parse(json));
      }),
    );
  });

  it('seals under the key that HKDF-SHA256 derives from the secret for the zone', () => {
    const [nonce, text] = [Buffer.alloc(12, 1), '{"a":1}'];
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', secret, '', at.zone, 32)), nonce);
    cipher.setAAD(Buffer.from(JSON.stringify([at.keyVersion, at.eventId, 'person-1', at.zone])));
    const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    expect(key.open(at, sealed)).toBe(text);
  });

  it('never seals two things under one nonce, not even the same thing twice', () => {
    const sealed = Array.from({ length: 200 }, () => key.seal(at, '{}'));
    expect(new Set(sealed.map((text) => text.slice(0, 16))).size).toBe(200);
  });

  it.each([
    ['event', { ...at, eventId: 'event-2' }],
    ['zone', { ...at, zone: 'job' }],
  ])('opens nothing moved to another %s', (_, elsewhere) => {
    expect(() => key.open(elsewhere, key.seal(at, '{}'))).toThrow(Tampered);
  });

  it('opens nothing of another person, even under the same bytes', () => {
    expect(() => new PersonKey('person-2', secret).open(at, key.seal(at, '{}'))).toThrow(Tampered);
    expect(() => new PersonKey('person-1', Buffer.alloc(32)).open(at, key.seal(at, '{}'))).toThrow(Tampered);
  });

  it('notices every changed bit and every cut', () => {
    const bytes = Buffer.from(key.seal(at, '{"code":"noRestriction"}'), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => key.open(at, altered.toString('base64url'))).toThrow(Tampered);
    }
    for (let length = 0; length < bytes.length; length++)
      expect(() => key.open(at, bytes.subarray(0, length).toString('base64url'))).toThrow(Tampered);
  });

  it('names the event and the zone when it refuses, and no content', () => {
    expect(() => key.open({ ...at, zone: 'job' }, key.seal(at, '{"a":1}'))).toThrow(
      'event event-1, zone job: the ciphertext does not belong here or was altered',
    );
  });

  it('hides short codes: their ciphertexts have one length', () => {
    const codes = ['{"outcome":"fit"}', '{"outcome":"unfitForTheJob"}', '{"outcome":"fitWithAdaptation"}'];
    expect(new Set(codes.map((json) => key.seal(at, json).length)).size).toBe(1);
    expect(key.seal(at, `{"text":"${'é'.repeat(60)}"}`).length).toBeGreaterThan(key.seal(at, codes[0]!).length);
  });

  it('refuses a format from a newer program', () => {
    expect(() => key.open({ ...at, keyVersion: 2 }, key.seal(at, '{}'))).toThrow(/unknown format, version 2/);
  });

  it('shows its bytes to no log', () => {
    key.seal(at, '{}');
    for (const text of [JSON.stringify(key), inspect(key, { depth: 9, showHidden: true })])
      for (const encoding of ['hex', 'base64', 'latin1'] as const)
        expect(text).not.toContain(secret.toString(encoding).slice(0, 12));
  });

  it('opens for ever what version 1 sealed', () => {
    expect(
      new PersonKey('0d6d5a1e-2ad4-4b6e-8a43-7a6b3a3f1c01', secret).open(
        at,
        'R0iCoZZQVaXk1HW7nX6u0_4iOxbHNP4YwhkR0E4wHNbozUk8c0C9AqqrfBGn5PFnmVDK-VcF1rdBbmtwlRJJlMlT5jEVYs9SLnV651cn-oOiqAdWvDTApPNH5_s',
      ),
    ).toMatch(/^{"code":"noRestriction"} *$/);
  });
});

describe('a keyring', () => {
  const good = Buffer.alloc(32);
  it.each([
    [{ master: {}, index: { 1: good } }, 'no master key'],
    [{ master: { 1: good }, index: {} }, 'no index key'],
    [{ master: { 1: Buffer.alloc(16) }, index: { 1: good } }, 'master key 1 is not 32 bytes long'],
    [{ master: { 0: good }, index: { 1: good } }, 'master version 0'],
  ])('is refused when a key is missing or short (%#)', (keyring, message) => {
    expect(() => checkKeyring(keyring)).toThrow(message);
  });
});
