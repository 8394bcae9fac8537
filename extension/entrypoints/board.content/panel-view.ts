import { browser } from 'wxt/browser';

export const PANEL_ELEMENT = 'vitrine-panel';
const SEPARATOR_WIDTH_PX = 6;

/** Looks only; layout is set from script, because a board's policy may forbid style elements. */
const STYLE = `
  .separator { background: light-dark(#e2e5ea, #2b3038); transition: background-color 120ms; }
  .separator::after {
    content: ''; position: absolute; inset: 0; margin: auto; width: 2px; height: 28px; border-radius: 1px;
    background: light-dark(#8a93a1, #6d7684);
  }
  .separator:hover, .separator:focus-visible, .dragging .separator { background: light-dark(#2d58de, #86a9ff); }
  .separator:is(:hover, :focus-visible)::after, .dragging .separator::after { background: light-dark(#ffffff, #15171c); }
  @media (prefers-reduced-motion: reduce) { .separator { transition: none; } }
`;

/** The panel's elements: a host on the document's element, out of the board's reach, with separator and frame. */
export interface PanelView {
  host: HTMLElement;
  separator: HTMLElement;
  frame: HTMLIFrameElement;
  setDragging(dragging: boolean): void;
  /** Whether the frame takes the pointer. */
  setFrameOpen(open: boolean): void;
}

export function createPanelView(document: Document, address: string): PanelView {
  const host = document.createElement(PANEL_ELEMENT);
  setStyle(host, {
    all: 'initial',
    direction: 'ltr', // which `all` leaves alone
    position: 'fixed',
    inset: '0 0 0 auto',
    'z-index': '2147483647',
    display: 'flex',
    'color-scheme': 'light dark',
  });
  const root = host.attachShadow({ mode: 'closed' });

  const separator = document.createElement('div');
  separator.className = 'separator';
  separator.tabIndex = 0;
  separator.role = 'separator';
  separator.ariaOrientation = 'vertical';
  separator.ariaLabel = browser.i18n.getMessage('panel_resize');
  setStyle(separator, {
    position: 'relative',
    flex: `0 0 ${SEPARATOR_WIDTH_PX}px`,
    cursor: 'col-resize',
    'touch-action': 'none',
    'user-select': 'none',
    outline: 'none',
  });

  const frame = document.createElement('iframe');
  frame.title = browser.i18n.getMessage('panel_title');
  frame.allow = 'clipboard-write';
  // An isolated page takes no other frames: neither ours nor the app in it says that it may be embedded there.
  if (crossOriginIsolated) Object.assign(frame, { credentialless: true });
  frame.src = address;
  setStyle(frame, {
    flex: '1 1 0',
    'min-width': '0',
    height: '100%',
    border: 'none',
    background: 'light-dark(#ffffff, #15171c)',
  });

  const style = document.createElement('style');
  style.textContent = STYLE;
  const layout = document.createElement('div');
  setStyle(layout, { display: 'flex', flex: '1 1 0', 'min-width': '0' });
  layout.append(separator, frame);
  root.append(style, layout);
  return {
    host,
    separator,
    frame,
    setDragging(dragging) {
      layout.classList.toggle('dragging', dragging);
    },
    setFrameOpen(open) {
      setStyle(frame, { 'pointer-events': open ? 'auto' : 'none' });
    },
  };
}

/** Sets properties against whatever the board's style sheets say. */
export function setStyle(element: HTMLElement, properties: Record<string, string>): void {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value, 'important');
}
