import './status-mark.css';
import type { EnvironmentStatus } from '#shared/api/environment.ts';
import { text } from '../text/text.ts';

const DRAWINGS = {
  none: <circle cx="6" cy="6" r="3.25" stroke-width="1.25" />,
  initializing: <path d="M6 2a4 4 0 1 1-4 4" />,
  running: <circle cx="6" cy="6" r="4" fill="currentColor" stroke="none" />,
  suspended: <path d="M4.25 3v6M7.75 3v6" stroke-width="2" />,
  stopped: <rect x="2.75" y="2.75" width="6.5" height="6.5" rx="1" />,
  failed: <path d="m3 3 6 6M9 3 3 9" stroke-width="2" />,
};

interface StatusMarkProps {
  status: EnvironmentStatus | 'none';
  /** For where the words are said elsewhere. */
  silent?: boolean;
}

/** An environment's state as a small sign: told apart by its shape, not by colour alone. */
export function StatusMark({ status, silent = false }: StatusMarkProps) {
  const label = text(`status.${status}`);
  return (
    <span class={`status-mark ${status}`} title={label}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <g fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round">
          {DRAWINGS[status]}
        </g>
      </svg>
      {!silent && <span class="visually-hidden">{label}</span>}
    </span>
  );
}
