/** Wer den Begleiter erreicht und was er von einer Anfrage versteht. */
export const access = {
  'Look at the companion log (companion.log in the state directory) and report it if it persists.':
    'Sieh in das Protokoll des Begleiters (companion.log im Zustandsverzeichnis) und melde den Fehler, wenn er bleibt.',

  'The Vitrine companion is not installed for this browser.':
    'Der Begleiter von Vitrine ist für diesen Browser nicht eingerichtet.',
  'The installed Vitrine companion does not know this extension.':
    'Der eingerichtete Begleiter von Vitrine kennt diese Erweiterung nicht.',
  'The Vitrine companion did not answer in time.':
    'Der Begleiter von Vitrine hat nicht rechtzeitig geantwortet.',
  'The Vitrine companion could not be started.': 'Der Begleiter von Vitrine konnte nicht gestartet werden.',
  'Run `vitrine install` in a terminal.': 'Führe `vitrine install` in einem Terminal aus.',
  'Run `vitrine doctor` in a terminal to see what holds it up.':
    'Führe `vitrine doctor` in einem Terminal aus, um zu sehen, was ihn aufhält.',
  'Run `vitrine doctor` in a terminal; if it finds nothing, run `vitrine install` again.':
    'Führe `vitrine doctor` in einem Terminal aus; findet es nichts, dann `vitrine install` noch einmal.',
  'The native host answered in a way this version of the extension does not know.':
    'Der Native Host hat auf eine Weise geantwortet, die diese Version der Erweiterung nicht kennt.',
  'Bring companion and extension to the same version, then run `vitrine install`.':
    'Bringe Begleiter und Erweiterung auf dieselbe Version und führe dann `vitrine install` aus.',
  'The extension sent a message this companion does not know.':
    'Die Erweiterung hat eine Nachricht gesendet, die dieser Begleiter nicht kennt.',
  'Bring the extension and the companion to the same version.':
    'Bringe Erweiterung und Begleiter auf dieselbe Version.',
  'The extension did not answer: {reason}': 'Die Erweiterung hat nicht geantwortet: {reason}',
  'Reload this page; if it stays, reload the extension.':
    'Lade diese Seite neu; hilft das nicht, dann die Erweiterung.',
  'The companion could not be started: {why}.': 'Der Begleiter konnte nicht gestartet werden: {why}.',
  'The companion could not be started: {why}. Its log ends with: {log}':
    'Der Begleiter konnte nicht gestartet werden: {why}. Sein Protokoll endet so: {log}',
  'it did not answer within {seconds} s': 'Er hat innerhalb von {seconds} s nicht geantwortet',
  'it ended with code {code}': 'Er hat sich mit Code {code} beendet',
  'it ended with {signal}': 'Er wurde durch {signal} beendet',
  'Run "vitrine serve" in a terminal to see what it says; its log is companion.log in the state directory.':
    'Führe „vitrine serve“ in einem Terminal aus, um zu sehen, was er sagt; sein Protokoll ist companion.log im Zustandsverzeichnis.',

  'The companion at {address} does not answer.': 'Der Begleiter unter {address} antwortet nicht.',
  'The companion at {address} did not answer within {seconds} s.':
    'Der Begleiter unter {address} hat innerhalb von {seconds} s nicht geantwortet.',
  'Start it with `vitrine serve`; this page connects by itself.':
    'Starte ihn mit `vitrine serve`; diese Seite verbindet sich von selbst.',
  'This page is not signed in to the companion.': 'Diese Seite ist beim Begleiter nicht angemeldet.',
  'Run `vitrine open` for a fresh link.': 'Führe `vitrine open` aus, um einen neuen Link zu bekommen.',
  "The companion's answer to {path} is not one this version understands.":
    'Die Antwort des Begleiters auf {path} versteht diese Version nicht.',
  'Update the extension and the companion to the same version, then reload this page.':
    'Bringe Erweiterung und Begleiter auf dieselbe Version und lade diese Seite neu.',

  'This link was used before, or is older than a minute.':
    'Dieser Link wurde schon benutzt oder ist älter als eine Minute.',
  'Run `vitrine open` for a fresh one.': 'Führe `vitrine open` aus, um einen neuen zu bekommen.',
  'The bearer token is not this companion’s.': 'Das Bearer-Token ist nicht das dieses Begleiters.',
  'The token is not this companion’s.': 'Das Token ist nicht das dieses Begleiters.',
  'The request carries neither the bearer token nor the workbench’s session.':
    'Die Anfrage trägt weder das Bearer-Token noch die Sitzung der Werkbank.',
  'The handshake has no Origin.': 'Der Handshake hat keinen Origin.',
  'Programs read the token from companion.json in the state directory; browsers open the link that `vitrine open` prints.':
    'Programme lesen das Token aus companion.json im Zustandsverzeichnis; Browser öffnen den Link, den `vitrine open` ausgibt.',
  'The origin {origin} may not use the control API.':
    'Der Origin {origin} darf die Steuer-API nicht benutzen.',
  'Use the workbench or the extension; previews have no right on the control API.':
    'Benutze die Werkbank oder die Erweiterung; Vorschauen haben kein Recht auf die Steuer-API.',
  'The host name {host} is not one of this companion’s.': 'Der Hostname {host} ist keiner dieses Begleiters.',
  'Use localhost, 127.0.0.1 or a preview’s own address, with the companion’s port.':
    'Benutze localhost, 127.0.0.1 oder die eigene Adresse einer Vorschau, mit dem Port des Begleiters.',

  'The request’s body could not be read: {reason}.':
    'Der Inhalt der Anfrage konnte nicht gelesen werden: {reason}.',
  'Send JSON of at most {size}.': 'Sende JSON von höchstens {size}.',
  'The task {task} has no preview.': 'Die Aufgabe {task} hat keine Vorschau.',
  'Start it from the board or the workbench.': 'Starte sie auf dem Board oder in der Werkbank.',
  'There is no {method} {path}.': 'Es gibt kein {method} {path}.',
  'The README lists the API.': 'Die README führt die API auf.',
  'The README’s API section lists the parameters.':
    'Der Abschnitt der README über die API führt die Parameter auf.',
  'The query is not valid: {faults}.': 'Die Abfrage ist nicht gültig: {faults}.',
  'The request is not valid: {faults}.': 'Die Anfrage ist nicht gültig: {faults}.',
  'the body: {fault}': 'der Inhalt: {fault}',
  'Correct what is named; the README says what each command and route takes.':
    'Berichtige, was genannt ist; die README sagt, was jeder Befehl und jede Adresse der API nimmt.',
  'The path parameter was given more than once.': 'Der Parameter path wurde mehrmals angegeben.',
  'The path parameter is missing, or was given more than once.':
    'Der Parameter path fehlt oder wurde mehrmals angegeben.',
  'Give one path, relative to the worktree.': 'Gib einen Pfad an, relativ zum Worktree.',
  'The worktree parameter is missing.': 'Der Parameter worktree fehlt.',
  'Ask with ?worktree= and the absolute path of one.':
    'Frage mit ?worktree= und dem absoluten Pfad eines Worktrees.',
  'The search has no text, or one that is too long.': 'Die Suche hat keinen Text oder einen zu langen.',
  'Give a text of 1 to 500 characters.': 'Gib einen Text von 1 bis 500 Zeichen an.',
  'The caller went away.': 'Wer gefragt hat, ist nicht mehr da.',

  'The request {id} is not kept, or not any more.': 'Die Anfrage {id} ist nicht aufgehoben, oder nicht mehr.',
  'The request is not kept any more.': 'Die Anfrage ist nicht mehr aufgehoben.',
  'Only the newest requests are kept; ask for the list again.':
    'Nur die neuesten Anfragen werden aufgehoben; lass dir die Liste noch einmal geben.',
  'This request cannot be sent again as it was: not all of it was kept, or no page sent it.':
    'Diese Anfrage kann nicht noch einmal so gesendet werden, wie sie war: Sie ist nicht ganz aufgehoben, oder keine Seite hat sie gesendet.',
  'Requests of pages with a text body up to 64 kB can be. Copy it as cURL and complete it for others.':
    'Bei Anfragen von Seiten mit einem Text von bis zu 64 kB geht es. Kopiere andere als cURL und ergänze sie.',
  'The request was sent again and not answered: {reason}.':
    'Die Anfrage wurde noch einmal gesendet und nicht beantwortet: {reason}.',
  'Look at the backend’s log in the console.': 'Sieh in das Protokoll des Backends in der Konsole.',
  'The preview does not run, so there is no page to evaluate in.':
    'Die Vorschau läuft nicht, also gibt es keine Seite, in der ausgewertet werden könnte.',
  'Start or resume it first.': 'Starte sie oder setze sie erst fort.',

  'Port {port} is used by another program.': 'Port {port} wird von einem anderen Programm benutzt.',
  'Set VITRINE_PORT to another port, or to 0 for any that is free.':
    'Setze VITRINE_PORT auf einen anderen Port, oder auf 0 für irgendeinen freien.',
  'VITRINE_PORT is "{value}", which is not a port.': 'VITRINE_PORT ist „{value}“, und das ist kein Port.',
  'Give a number from 1 to 65535, or 0 for any that is free.':
    'Gib eine Zahl von 1 bis 65535 an, oder 0 für irgendeinen freien.',
  '{path}, where the companion keeps which previews there are, is damaged: {reason}':
    '{path}, worin der Begleiter vermerkt, welche Vorschauen es gibt, ist beschädigt: {reason}',
  'Put a copy of it back; or move it away to begin anew: the previews of before are then forgotten and their databases removed.':
    'Spiele eine Kopie davon ein; oder verschiebe sie, um neu zu beginnen: Die bisherigen Vorschauen sind dann vergessen und ihre Datenbanken entfernt.',
  'The registry was written by a newer Vitrine (schema {version}, this one knows {known}).':
    'Das Verzeichnis der Umgebungen stammt von einem neueren Vitrine (Schema {version}, dieses kennt {known}).',
  'Update Vitrine, or set VITRINE_HOME to another directory.':
    'Aktualisiere Vitrine, oder setze VITRINE_HOME auf ein anderes Verzeichnis.',
};
