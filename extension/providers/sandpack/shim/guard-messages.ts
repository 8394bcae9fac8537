/**
 * Window messages in the bundler's protocol never reach it (the served bundler listens to none), and from anywhere
 * but this page they reach nobody: `compile` and `evaluate` run code.
 */
export function guardMessages(): void {
  addEventListener(
    'message',
    (event) => {
      if (event.source !== window && speaksBundler(event.data)) event.stopImmediatePropagation();
    },
    true,
  );
}

function speaksBundler(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return 'codesandbox' in data || '$type' in data || ('type' in data && data.type === 'register-frame');
}
