/** Variables for a dev server: no browser to open, nothing told to anybody, sockets to where the page came from. */
export function serverVariables(nodeOptions = ''): Record<string, string> {
  return {
    NODE_ENV: 'development',
    BROWSER: 'none',
    WDS_SOCKET_PORT: '0',
    NEXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    STORYBOOK_DISABLE_TELEMETRY: '1',
    NG_CLI_ANALYTICS: 'false',
    // "localhost" is to mean what the preview connects to first.
    NODE_OPTIONS: `${nodeOptions} --dns-result-order=ipv4first`.trim(),
  };
}
