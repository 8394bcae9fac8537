import type { ResolvedConfig } from 'vite';
import type { VendorOptions } from '../vendor/bundle.ts';

/** How packages are bundled so that they come out as in this project's own Vite. */
export function vendorOptions(config: ResolvedConfig): VendorOptions {
  return {
    root: config.root,
    define: {
      'process.env.NODE_ENV': JSON.stringify('development'),
      ...expressions(config.define ?? {}),
    },
    conditions: ['module', 'browser', 'development', ...(config.resolve.conditions ?? [])].filter(
      (condition, index, all) => !condition.includes('|') && all.indexOf(condition) === index,
    ),
    aliases: config.resolve.alias.filter(({ find, replacement }) => concernsPackages(find, replacement)),
  };
}

/** esbuild replaces by expressions of its own grammar: JSON and names. */
function expressions(define: Record<string, unknown>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(define)) {
    if (!/^[\w$.]+$/.test(name)) continue;
    result[name] = typeof value === 'string' && isExpression(value) ? value : JSON.stringify(value ?? null);
  }
  return result;
}

function isExpression(value: string): boolean {
  if (/^[A-Za-z_$][\w$.]*$/.test(value)) return true;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function concernsPackages(find: string | RegExp, replacement: string): boolean {
  if (/@vite\/|vite\/dist\/client/.test(`${find}${replacement}`)) return false;
  return typeof find !== 'string' || /^[\w@]/.test(find);
}
