import { randomBytes } from 'node:crypto';

const MAX_SLUG_LENGTH = 32;

/** A new environment's id: readable, a DNS label, and never used before, so its origin starts with empty storage. */
export function createEnvironmentId(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '');
  return `${slug || 'attempt'}-${randomBytes(4).toString('hex')}`;
}
