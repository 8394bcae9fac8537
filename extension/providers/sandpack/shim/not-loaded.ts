/** The console's line about something that the content policy did not let load. */
export function notLoaded({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): string {
  return `${blockedURI || 'Something'} was not loaded: the preview’s content policy forbids it (${effectiveDirective}). See security.csp_policy in .vibe-kanban/environment.yaml.`;
}
