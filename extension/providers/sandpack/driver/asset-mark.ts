/** Begins the text of a module that stands for a binary file; the rest is its path. Set by the builder. */
export const ASSET_MARK = 'vitrine-asset:';
