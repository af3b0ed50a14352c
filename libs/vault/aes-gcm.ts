import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** nonce | ciphertext | tag, AES-256-GCM under a random nonce. `bound` is authenticated, not stored: whoever decrypts has to know it. */
export function encrypt(key: Buffer, bound: string, plaintext: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws when the bytes, the key or `bound` are not those of `encrypt` */
export function decrypt(key: Buffer, bound: string, sealed: Buffer): Buffer {
  if (sealed.length < NONCE + TAG) throw new RangeError('too short to be a ciphertext');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(-TAG));
  const plaintext = decipher.update(sealed.subarray(NONCE, -TAG));
  // Gives no more bytes in this mode, and throws when those before are not authentic.
  decipher.final();
  return plaintext;
}
