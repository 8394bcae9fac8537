import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHROME_EXTENSION_ID, CHROME_EXTENSION_KEY } from './identity.ts';

describe('the extension’s identity', () => {
  it('is the id Chromium derives from the manifest key', () => {
    const digest = createHash('sha256').update(Buffer.from(CHROME_EXTENSION_KEY, 'base64')).digest('hex');
    const id = digest
      .slice(0, 32)
      .replace(/./g, (digit) => String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16)));
    expect(id).toBe(CHROME_EXTENSION_ID);
  });

  it('rests on a well-formed RSA public key', () => {
    const key = createPublicKey({
      key: Buffer.from(CHROME_EXTENSION_KEY, 'base64'),
      format: 'der',
      type: 'spki',
    });
    expect(key.asymmetricKeyType).toBe('rsa');
  });
});
