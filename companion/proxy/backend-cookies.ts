/**
 * Makes a backend's cookie work where the preview is shown. The environment's host keeps it whatever domain it
 * names, and a frame under another site only keeps SameSite=None; Secure; Partitioned ones.
 */
export function adaptSetCookie(header: string): string {
  const [pair = '', ...attributes] = header.split(';');
  const kept = attributes
    .map((attribute) => attribute.trim())
    .filter((attribute) => !/^(domain|samesite|secure|partitioned)(=|$)/i.test(attribute));
  return [pair, ...kept, 'Secure', 'SameSite=None', 'Partitioned'].join('; ');
}
