import './failure-notice.css';
import type { ComponentChildren } from 'preact';
import type { Failure } from '#shared/api/environment.ts';
import { CloseIcon, ErrorIcon, WarningIcon } from '../icons/icons.tsx';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { IconButton } from './button.tsx';
import { Prose } from './prose.tsx';

interface FailureNoticeProps {
  failure: Pick<Failure, 'message' | 'remedy'>;
  /** What failed, where the message alone does not say it. */
  title?: string;
  tone?: 'bad' | 'warn';
  /** Buttons that mend it. */
  actions?: ComponentChildren;
  onDismiss?: () => void;
}

/** A failure in the place where it matters: what happened, what to do about it, and the button that does it. */
export function FailureNotice({ failure, title, tone = 'bad', actions, onDismiss }: FailureNoticeProps) {
  return (
    <div class={`failure-notice ${tone}`} role="alert">
      <span class="failure-mark">{tone === 'bad' ? <ErrorIcon /> : <WarningIcon />}</span>
      <div class="failure-body">
        {title && <strong>{title}</strong>}
        <p>
          <Prose>{said(failure.message)}</Prose>
        </p>
        {failure.remedy && (
          <p class="quiet">
            <Prose>{said(failure.remedy)}</Prose>
          </p>
        )}
        {actions && <div class="failure-actions">{actions}</div>}
      </div>
      {onDismiss && <IconButton label={text('action.dismiss')} icon={<CloseIcon />} onClick={onDismiss} />}
    </div>
  );
}
