import './device-bar.css';
import { IconButton } from '../design/button.tsx';
import { CloseIcon, RotateIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { DEVICE_NAMES, DEVICES, type DeviceModel, ZOOMS } from './device.ts';

/** Chooses the size the app believes its window to have. Shown while it has one. */
export function DeviceBar({ device }: { device: DeviceModel }) {
  const size = device.size.value;
  if (!size) return null;
  const name = device.name.value;
  return (
    <div class="device-bar" role="toolbar" aria-label={text('device.bar')}>
      <select
        class="select"
        aria-label={text('device.preset')}
        value={name ?? 'free'}
        onChange={(event) => {
          const chosen = DEVICE_NAMES.find((each) => each === event.currentTarget.value);
          if (chosen) device.choose(chosen);
        }}
      >
        {!name && <option value="free">{text('device.free')}</option>}
        {DEVICE_NAMES.map((each) => (
          <option key={each} value={each}>
            {text(`device.${each}`)} {DEVICES[each].width} × {DEVICES[each].height}
          </option>
        ))}
      </select>
      <span class="device-size">
        <Extent
          label={text('device.width')}
          value={size.width}
          onChange={(width) => device.resize({ width })}
        />
        <span aria-hidden="true">×</span>
        <Extent
          label={text('device.height')}
          value={size.height}
          onChange={(height) => device.resize({ height })}
        />
      </span>
      <IconButton label={text('device.rotate')} icon={<RotateIcon />} onClick={() => device.rotate()} />
      <select
        class="select device-zoom"
        aria-label={text('device.zoom')}
        value={String(device.zoom.value)}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          device.zoom.value = ZOOMS.find((zoom) => String(zoom) === chosen) ?? 'fit';
        }}
      >
        <option value="fit">
          {text('device.zoom.fit', { percent: Math.round(device.scale.value * 100) })}
        </option>
        {ZOOMS.map((zoom) => (
          <option key={zoom} value={String(zoom)}>
            {zoom * 100} %
          </option>
        ))}
      </select>
      <IconButton label={text('device.fill')} icon={<CloseIcon />} onClick={() => device.fill()} />
    </div>
  );
}

interface ExtentProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

/** Taken over when it is done, not with each key: 1, 12, 120 are not three sizes somebody wants to see. */
function Extent({ label, value, onChange }: ExtentProps) {
  return (
    <input
      class="field device-extent"
      type="number"
      inputMode="numeric"
      aria-label={label}
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.valueAsNumber);
        event.currentTarget.value = String(value);
      }}
    />
  );
}
