import { useEffect, useState } from 'preact/hooks';
import { CheckIcon, CopyIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { IconButton } from './button.tsx';

/** How long the button says that it copied. */
const THANKS_MS = 1_600;

/** Copies a text to the clipboard and says so. */
export function CopyButton({ value }: { value: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), THANKS_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      class="copy-button"
      label={copied ? text('action.copied') : `${text('action.copy')} “${value}”`}
      icon={copied ? <CheckIcon /> : <CopyIcon />}
      onClick={() => {
        // Where the browser refuses, the text beside the button can still be selected.
        navigator.clipboard.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    />
  );
}
