import { z } from 'zod';

/** A companion on this machine answers within milliseconds; one that is busy starting takes longer. */
const HEALTH_DEADLINE_MS = 2_000;

const healthSchema = z.object({ ok: z.literal(true), name: z.literal('vitrine') });

export interface KnownAddress {
  baseUrl: string;
  token: string;
}

/**
 * Whether a companion answers there. With `checkToken` also whether it takes the token: a companion started anew may have
 * the old port and another token. The token is sent only to what calls itself a companion.
 */
export async function isAlive(
  address: KnownAddress,
  { checkToken }: { checkToken: boolean },
): Promise<boolean> {
  try {
    const health = await get(`${address.baseUrl}/healthz`);
    if (!healthSchema.safeParse(await health.json()).success) return false;
    if (!checkToken) return true;
    const answer = await get(`${address.baseUrl}/api/environments`, {
      Authorization: `Bearer ${address.token}`,
    });
    return answer.ok;
  } catch {
    return false; // refused, too late, or no JSON: nothing of ours
  }
}

function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    headers,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.timeout(HEALTH_DEADLINE_MS),
  });
}
