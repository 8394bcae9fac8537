import { browser } from 'wxt/browser';
import type messages from '../public/_locales/en/messages.json';

/** A text of `_locales` in the browser's language. */
export function i18n(name: keyof typeof messages, ...substitutions: string[]): string {
  return browser.i18n.getMessage(name, substitutions);
}
