/** What is reached without the proxy: the sandbox itself. */
const DIRECT = ['localhost', '127.0.0.1', '::1'];

/**
 * Variables that lead programs to the egress outlet on `port` of their own loopback interface. `names` are further
 * hosts of the sandbox: its services find each other directly.
 *
 * Lower case as well, because curl takes only that for http:// (a CGI script's HTTP_PROXY may be a request's Proxy
 * header), and Python, wget and Ruby prefer it. npm, pnpm, pip, Go, Cargo and git take these names as they are; Node
 * takes them for `fetch` and `http` when NODE_USE_ENV_PROXY says so (22.21 and 24.5 on); Yarn 2 and later only has
 * its own. ALL_PROXY is left out: it sends protocols here that an HTTP proxy does not speak.
 */
export function egressEnv(port: number, names: readonly string[] = []): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`;
  const direct = [...DIRECT, ...names].join(',');
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    NODE_USE_ENV_PROXY: '1',
    YARN_HTTP_PROXY: proxy,
    YARN_HTTPS_PROXY: proxy,
  };
}
