import { type DeviceSize, formatDevice, parseDevice } from '../preview/device.ts';
import { DOCK_PANELS, type DockPanel } from './panels.ts';

/** What an address says of a preview beside which one it is. */
export interface DeepLink {
  /** Route the app begins at. */
  path?: string | undefined;
  device?: DeviceSize | undefined;
  /** Panels below the preview, and whether the editor stands beside it; undefined where the address does not say. */
  dock?: readonly DockPanel[] | undefined;
  editor?: boolean | undefined;
}

const LONGEST_PATH = 2_000;

/**
 * Reads `path=/cart&device=phone&panel=console,editor`, or instead of `panel` the specification's `showEditor`,
 * `showConsole` and `showNetwork`. What is not understood is left out.
 */
export function readDeepLink(parameters: URLSearchParams): DeepLink {
  const path = parameters.get('path');
  const panels = parameters.get('panel')?.split(',') ?? shownPanels(parameters);
  return {
    path: path?.startsWith('/') && path.length <= LONGEST_PATH ? path : undefined,
    device: parseDevice(parameters.get('device') ?? ''),
    dock: panels && DOCK_PANELS.filter((panel) => panels.includes(panel)),
    editor: panels?.includes('editor'),
  };
}

/** Undefined where none of the three is named. */
function shownPanels(parameters: URLSearchParams): string[] | undefined {
  const names = { showNetwork: 'network', showConsole: 'console', showEditor: 'editor' };
  const named = Object.entries(names).filter(([name]) => parameters.has(name));
  if (named.length === 0) return undefined;
  return named.flatMap(([name, panel]) => (parameters.get(name) === 'false' ? [] : [panel]));
}

/** The parameters of an address that would show the same. */
export function writeDeepLink({ path, device, dock, editor }: DeepLink): URLSearchParams {
  const parameters = new URLSearchParams();
  if (path && path !== '/') parameters.set('path', path);
  if (device) parameters.set('device', formatDevice(device));
  const panels = [...(dock ?? []), ...(editor ? ['editor'] : [])];
  if (panels.length > 0) parameters.set('panel', panels.join(','));
  return parameters;
}
