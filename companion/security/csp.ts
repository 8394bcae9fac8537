/** Sources a provider cannot work without, by directive. */
export type CspSources = Record<string, readonly string[]>;

/**
 * The project's `security.csp_policy` with what the preview itself needs added, and with the frame's allowed
 * ancestors. A directive the policy leaves to default-src starts from default-src's sources.
 */
export function mergeCsp(policy: string, needs: CspSources, ancestors: readonly string[]): string {
  const directives = new Map<string, string[]>();
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  const fallback = directives.get('default-src');
  for (const [name, sources] of Object.entries(needs)) {
    const current = directives.get(name) ?? fallback;
    if (!current) continue; // nothing restricts it
    const kept = current.filter((source) => source !== "'none'");
    directives.set(name, [...new Set([...kept, ...sources])]);
  }
  directives.set('frame-ancestors', [...ancestors]);
  return [...directives].map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
}
