import './device-frame.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import type { DeviceModel, DeviceSize } from './device.ts';

/** Pixels an arrow key moves an edge by. */
const KEY_STEP_PX = 10;

interface DeviceFrameProps {
  device: DeviceModel;
  children: ComponentChildren;
}

/** Gives the app's frame the chosen size, drawn to scale, with edges to drag; else all of the stage. */
export function DeviceFrame({ device, children }: DeviceFrameProps) {
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = view.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const known = device.stage.peek();
      if (known.width !== width || known.height !== height) device.stage.value = { width, height };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [device]);

  const size = device.size.value;
  const scale = device.scale.value;
  const outer = size && { width: `${size.width * scale}px`, height: `${size.height * scale}px` };
  const inner = size && {
    width: `${size.width}px`,
    height: `${size.height}px`,
    transform: `scale(${scale})`,
  };
  // The same elements with and without a size: a frame that moves in the page loads anew.
  return (
    <div class={size ? 'stage-view sized' : 'stage-view'} ref={view}>
      <div class="device" style={outer ?? {}}>
        <div class="device-window" key="window" style={inner ?? {}}>
          {children}
        </div>
        {size && <Edge key="width" device={device} edge="width" />}
        {size && <Edge key="height" device={device} edge="height" />}
      </div>
    </div>
  );
}

function Edge({ device, edge }: { device: DeviceModel; edge: keyof DeviceSize }) {
  const start = useRef<{ at: number; extent: number }>(undefined);
  const position = (event: PointerEvent) => (edge === 'width' ? event.clientX : event.clientY);
  // A device stands in the middle: what its right edge moves, its left one moves too.
  const gain = edge === 'width' ? 2 : 1;
  const end = () => {
    start.current = undefined;
    device.heldZoom.value = undefined;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an edge that can be moved is no <hr>
    <div
      class={`device-edge ${edge}`}
      role="separator"
      tabIndex={0}
      aria-label={text(edge === 'width' ? 'device.width' : 'device.height')}
      aria-orientation={edge === 'width' ? 'vertical' : 'horizontal'}
      aria-valuenow={device.size.value?.[edge] ?? 0}
      aria-valuemin={120}
      aria-valuemax={4096}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: position(event), extent: device.size.peek()?.[edge] ?? 0 };
        device.heldZoom.value = device.scale.peek();
      }}
      onPointerMove={(event) => {
        if (!start.current) return;
        const moved = (gain * (position(event) - start.current.at)) / device.scale.peek();
        device.resize({ [edge]: start.current.extent + moved });
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={(event) => {
        const [less, more] = edge === 'width' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
        if (event.key !== less && event.key !== more) return;
        event.preventDefault();
        const step = event.key === more ? KEY_STEP_PX : -KEY_STEP_PX;
        device.resize({ [edge]: (device.size.peek()?.[edge] ?? 0) + step });
      }}
    />
  );
}
