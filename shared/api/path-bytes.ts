/**
 * How the API writes a file name that is not valid UTF-8, as Linux allows: each byte that is no text as NUL and two hex
 * digits. No path holds a NUL, so such a name is taken for no other, and it leads back to its very file.
 */
const ODD_BYTE = /\0([89a-f][0-9a-f])/g;

/** Whether a path names a file by bytes that are no text. */
export function hasOddBytes(path: string): boolean {
  return path.search(ODD_BYTE) >= 0;
}

/** A path as it can be shown: � for each byte that is no text. Several files may be shown alike. */
export function lossyPath(path: string): string {
  return path.replace(ODD_BYTE, '\uFFFD');
}
