import { spokenOf } from '#shared/language/languages.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import { OVERLAY_STYLE } from './overlay-style.ts';

const TEXTS = {
  en: { heading: 'This does not build', hide: 'Hide' },
  de: { heading: 'Das lässt sich nicht bauen', hide: 'Verbergen' },
};

/** The error of the build, over the app as it last worked. */
export class Overlay {
  #host: HTMLElement | null = null;

  show({ message, file, line, column, frame }: BuildError): void {
    this.hide();
    const host = document.createElement('vitrine-error');
    const root = host.attachShadow({ mode: 'open' });
    const style = element('style', OVERLAY_STYLE);
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    const panel = element('section', '');
    panel.setAttribute('role', 'alert');
    const texts = TEXTS[spokenOf(navigator.languages)];
    const close = element('button', texts.hide);
    close.addEventListener('click', () => this.hide());
    panel.append(close, element('h1', texts.heading));
    if (place !== '') panel.append(element('p', place));
    panel.append(element('pre', message));
    if (frame !== undefined && !message.includes(frame.trim())) panel.append(element('pre', frame));
    root.append(style, panel);
    host.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide();
    });
    document.documentElement.append(host);
    this.#host = host;
  }

  hide(): void {
    this.#host?.remove();
    this.#host = null;
  }
}

/** Text, never markup: it may come from an attempt's sources. */
function element(name: string, text: string): HTMLElement {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}
