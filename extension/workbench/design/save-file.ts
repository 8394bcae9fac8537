/** Long enough for a download to have begun before its address is taken back. */
const REVOKE_AFTER_MS = 10_000;

/** Gives a file to the person's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}

/** A foreign text as a file's name: no separators, no controls, nothing hidden, not endless. */
export function fileName(text: string): string {
  const clean = text.replace(/[\p{C}\p{Z}/\\:*?"<>|]+/gu, '-').replace(/^[-.]+|-+$/g, '');
  const [, stem = '', extension = ''] = /^(.*?)(\.[a-z0-9]{1,5})?$/s.exec(clean) ?? [];
  return (stem.slice(0, 80) || 'vitrine') + extension;
}
