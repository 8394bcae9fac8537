import { describe, expect, it } from 'vitest';
import { DEVICES, DeviceModel, fitScale, formatDevice, parseDevice } from './device.ts';

describe('a device', () => {
  it('is drawn as large as fits, never larger than it is', () => {
    expect(fitScale({ width: 400, height: 800 }, { width: 1_000, height: 432 })).toBe(0.5);
    expect(fitScale({ width: 400, height: 300 }, { width: 1_000, height: 1_000 })).toBe(1);
    expect(fitScale({ width: 400, height: 300 }, { width: 0, height: 0 })).toBeGreaterThan(0);
  });

  it('knows its preset either way up', () => {
    const device = new DeviceModel();
    device.choose('tablet');
    device.rotate();
    expect(device.size.value).toEqual({ width: 1180, height: 820 });
    expect(device.name.value).toBe('tablet');
    device.resize({ width: 500 });
    expect(device.name.value).toBeUndefined();
  });

  it('keeps sizes within bounds, whatever is typed', () => {
    const device = new DeviceModel();
    device.resize({ width: Number.NaN, height: 1e9 });
    expect(device.size.value).toEqual({ width: 120, height: 4096 });
  });

  it('holds the zoom while an edge is dragged', () => {
    const device = new DeviceModel();
    device.stage.value = { width: 432, height: 432 };
    device.resize({ width: 800, height: 800 });
    expect(device.scale.value).toBe(0.5);
    device.heldZoom.value = 0.5;
    device.resize({ width: 1_600 });
    expect(device.scale.value).toBe(0.5);
  });

  it('comes back from an address as it was, and ignores nonsense', () => {
    expect(parseDevice(formatDevice({ width: 500, height: 900 }))).toEqual({ width: 500, height: 900 });
    expect(parseDevice('phone')).toEqual(DEVICES.phone);
    for (const text of ['', 'x', '1x1x1', '<b>', '99999x1', 'toString'])
      expect(parseDevice(text)).toBeUndefined();
  });
});
