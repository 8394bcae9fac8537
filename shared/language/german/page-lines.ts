/** Was Vitrine in der Konsole einer Seite unter die Zeilen der Seite schreibt. */
export const pageLines = {
  'Blocked by the content policy: {directive} does not allow {address}. To let it through, add {origin} to {name} in isolation.security.csp_policy of .vibe-kanban/environment.yaml.':
    'Von der Inhaltsrichtlinie verhindert: {directive} erlaubt {address} nicht. Um es durchzulassen, füge {origin} bei {name} in isolation.security.csp_policy in .vibe-kanban/environment.yaml an.',
  '{address} was not loaded: the preview’s content policy forbids it ({directive}). See security.csp_policy in .vibe-kanban/environment.yaml.':
    '{address} wurde nicht geladen: Die Inhaltsrichtlinie der Vorschau verbietet es ({directive}). Siehe security.csp_policy in .vibe-kanban/environment.yaml.',
};
