import { computed, signal } from '@preact/signals';

/** A size of the app's window, CSS pixels. */
export interface DeviceSize {
  width: number;
  height: number;
}

const LEAST_PX = 120;
const MOST_PX = 4096;
/** Room around a device in the stage, for its shadow and handles. */
const MARGIN_PX = 16;

export const DEVICES = {
  phone: { width: 390, height: 844 },
  'phone-small': { width: 360, height: 640 },
  tablet: { width: 820, height: 1180 },
  laptop: { width: 1366, height: 768 },
  desktop: { width: 1920, height: 1080 },
} as const satisfies Record<string, DeviceSize>;
export type DeviceName = keyof typeof DEVICES;
export const DEVICE_NAMES = Object.keys(DEVICES) as DeviceName[]; // the keys of that very object

/** Zooms that can be chosen beside `fit`. */
export const ZOOMS = [0.5, 0.75, 1] as const;
export type Zoom = 'fit' | (typeof ZOOMS)[number];

/** The size a preview pretends its window to have; without one the app fills the stage. */
export class DeviceModel {
  readonly size = signal<DeviceSize | undefined>(undefined);
  readonly zoom = signal<Zoom>('fit');
  /** Held while an edge is dragged: a zoom that followed would run away from the pointer. */
  readonly heldZoom = signal<number | undefined>(undefined);
  readonly stage = signal<DeviceSize>({ width: 0, height: 0 });
  /** How large the device is drawn. */
  readonly scale = computed(() => {
    const size = this.size.value;
    if (!size) return 1;
    if (this.heldZoom.value !== undefined) return this.heldZoom.value;
    return this.zoom.value === 'fit' ? fitScale(size, this.stage.value) : this.zoom.value;
  });
  /** The preset that has this size, either way up. */
  readonly name = computed(() => {
    const size = this.size.value;
    return size && DEVICE_NAMES.find((name) => isSame(DEVICES[name], size));
  });

  choose(name: DeviceName): void {
    this.size.value = DEVICES[name];
  }

  resize(size: Partial<DeviceSize>): void {
    const { width, height } = { ...(this.size.peek() ?? DEVICES.phone), ...size };
    this.size.value = { width: bounded(width), height: bounded(height) };
  }

  rotate(): void {
    const size = this.size.peek();
    if (size) this.size.value = { width: size.height, height: size.width };
  }

  fill(): void {
    this.size.value = undefined;
  }
}

/** The largest scale, at most 1, at which the whole device is in sight. */
export function fitScale(device: DeviceSize, stage: DeviceSize): number {
  const room = (extent: number) => Math.max(LEAST_PX / 2, extent - 2 * MARGIN_PX);
  return Math.min(1, room(stage.width) / device.width, room(stage.height) / device.height);
}

/** `390x844`, as addresses carry it; undefined for anything else. */
export function parseDevice(text: string): DeviceSize | undefined {
  const known = DEVICE_NAMES.find((name) => name === text);
  if (known) return DEVICES[known];
  const match = /^(\d{2,4})x(\d{2,4})$/.exec(text);
  return match ? { width: bounded(Number(match[1])), height: bounded(Number(match[2])) } : undefined;
}

export function formatDevice({ width, height }: DeviceSize): string {
  return `${width}x${height}`;
}

function bounded(extent: number): number {
  return Number.isFinite(extent) ? Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, extent))) : LEAST_PX;
}

function isSame(a: DeviceSize, b: DeviceSize): boolean {
  return (a.width === b.width && a.height === b.height) || (a.width === b.height && a.height === b.width);
}
