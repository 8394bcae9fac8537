/** Was zod an einer Konfiguration beanstandet, klein geschrieben, wie es hinter einem Schlüssel steht. */
export const configFaults = {
  'invalid input: expected {expected}, received {received}':
    'erwartet ist {expected}, angegeben ist {received}',
  'invalid input: expected {expected}': 'erwartet ist {expected}',
  'expected a host without scheme and path, such as api.example.org, *.example.org or localhost:9000':
    'erwartet ist ein Host ohne Schema und Pfad, wie api.example.org, *.example.org oder localhost:9000',
  'invalid option: expected one of {options}': 'erwartet ist eines von {options}',
  'too big: expected {kind} to have {limit} characters': 'zu lang, erlaubt sind {limit} Zeichen ({kind})',
  'too small: expected {kind} to have {limit} characters': 'zu kurz, nötig sind {limit} Zeichen ({kind})',
  'too big: expected {kind} to have {limit} items': 'zu viele, erlaubt sind {limit} Einträge ({kind})',
  'too small: expected {kind} to have {limit} items': 'zu wenige, nötig sind {limit} Einträge ({kind})',
  'too big: expected {kind} to be {limit}': 'zu groß, erlaubt ist {limit} ({kind})',
  'too small: expected {kind} to be {limit}': 'zu klein, nötig ist {limit} ({kind})',
  'invalid string: must start with "{start}"': 'muss mit „{start}“ beginnen',
  'invalid string: must match pattern {pattern}': 'muss dem Muster {pattern} entsprechen',
};
