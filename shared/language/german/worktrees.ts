/** Boards, Versuche, Worktrees, ihre Dateien und ihre Konfiguration. */
export const worktrees = {
  '"{address}" is not the address of a board.': '„{address}“ ist nicht die Adresse eines Boards.',
  'Give the address that the browser shows for the board, for instance http://localhost:3000.':
    'Gib die Adresse an, die der Browser für das Board zeigt, zum Beispiel http://localhost:3000.',
  'The board {origin} is not on this machine, and nobody added it.':
    'Das Board {origin} ist nicht auf diesem Rechner, und niemand hat es hinzugefügt.',
  'Add the board in the workbench first, if you trust it.':
    'Füge das Board erst in der Werkbank hinzu, wenn du ihm vertraust.',
  'The board at {origin} could not be reached.': 'Das Board unter {origin} ist nicht erreichbar.',
  'The board at {origin} did not answer within {seconds} seconds.':
    'Das Board unter {origin} hat innerhalb von {seconds} Sekunden nicht geantwortet.',
  'Start the board, or check its address.': 'Starte das Board, oder prüfe seine Adresse.',
  'The board answered {where} with {what}.': 'Das Board hat {where} so beantwortet: {what}.',
  'more than {size} MB': 'mehr als {size} MB',
  'broken JSON': 'fehlerhaftes JSON',
  'JSON of another shape': 'JSON von anderer Form',
  'data of another shape': 'Daten von anderer Form',
  'status {status} and {type}': 'Status {status} und {type}',
  'status {status} and no content type': 'Status {status} und kein Inhaltstyp',
  'no content type': 'kein Inhaltstyp',
  '{status} no content type': '{status} kein Inhaltstyp',
  '{status} JSON': '{status} JSON',
  'HTTP {status}': 'HTTP {status}',
  'Check that the address is the board’s own, and whether its version is a known one.':
    'Prüfe, ob die Adresse die des Boards selbst und seine Version eine bekannte ist.',
  'The site at {origin} is no board that Vitrine knows.':
    'Die Seite unter {origin} ist kein Board, das Vitrine kennt.',
  'Known kinds: {kinds}. Check the address, or add the repository itself.':
    'Bekannte Arten: {kinds}. Prüfe die Adresse, oder füge das Repository selbst hinzu.',
  'The board at {origin} answers like Vibe Kanban, but not like a known version: /api/health {health}, /api/workspaces {workspaces}, /api/task-attempts {attempts}.':
    'Das Board unter {origin} antwortet wie Vibe Kanban, aber nicht wie eine bekannte Version: /api/health {health}, /api/workspaces {workspaces}, /api/task-attempts {attempts}.',
  'Known versions: 0.0.71 to 0.1.26 (task attempts), 0.1.27 to 0.1.44 (workspaces). Add the repository itself meanwhile: its worktrees are the attempts.':
    'Bekannte Versionen: 0.0.71 bis 0.1.26 (Task Attempts), 0.1.27 bis 0.1.44 (Workspaces). Füge solange das Repository selbst hinzu: Seine Worktrees sind die Versuche.',
  'The board refused {where}: {reason}': 'Das Board hat {where} abgelehnt: {reason}',
  'no reason given': 'ohne Angabe von Gründen',
  'Look at the board: the task may be gone, or the board may want a sign-in.':
    'Sieh auf dem Board nach: Vielleicht gibt es die Aufgabe nicht mehr, oder das Board will eine Anmeldung.',
  'The board at {url} has no task {task}.': 'Das Board unter {url} hat keine Aufgabe {task}.',
  'Reload the board: the task may have been deleted.':
    'Lade das Board neu: Vielleicht wurde die Aufgabe gelöscht.',
  'No connected board knows the task {task}.': 'Kein verbundenes Board kennt die Aufgabe {task}.',
  'Name the board (board.url) or the worktree in the request, or connect the board first.':
    'Nenne das Board (board.url) oder den Worktree in der Anfrage, oder verbinde das Board erst.',
  'This task has no attempt with a worktree yet.':
    'Diese Aufgabe hat noch keinen Versuch mit einem Worktree.',
  'Start an attempt on the board; the preview works as soon as its worktree exists.':
    'Starte einen Versuch auf dem Board; die Vorschau geht, sobald es seinen Worktree gibt.',
  'There is no {kind} {location} in the list.': '{location} ({kind}) steht nicht in der Liste.',
  'List the attempts to see the sources there are.':
    'Lass dir die Versuche auflisten, um zu sehen, welche Quellen es gibt.',

  'There is no directory at {path}.': 'Unter {path} gibt es kein Verzeichnis.',
  'The attempt’s worktree was removed or moved. Start the attempt again on the board, or give another path.':
    'Der Worktree des Versuchs wurde entfernt oder verschoben. Starte den Versuch auf dem Board neu, oder gib einen anderen Pfad an.',
  'The worktree path "{path}" is relative.': 'Der Pfad „{path}“ des Worktrees ist relativ.',
  'Give the absolute path of a git worktree.': 'Gib den absoluten Pfad eines Git-Worktrees an.',
  'The git command was not found.': 'Der Befehl git wurde nicht gefunden.',
  'Install git and make sure it is on the PATH of the companion.':
    'Installiere git und sorge dafür, dass es im PATH des Begleiters liegt.',
  '{directory} is not inside a git worktree.': '{directory} liegt nicht in einem Git-Worktree.',
  'Give a directory that git knows: run `git init` there, or `git worktree list` in the repository to see its worktrees.':
    'Gib ein Verzeichnis an, das git kennt: Führe dort `git init` aus, oder `git worktree list` im Repository, um seine Worktrees zu sehen.',
  'The worktree {worktree} was removed or moved while its preview ran.':
    'Der Worktree {worktree} wurde entfernt oder verschoben, während seine Vorschau lief.',
  'Preview the attempt where it is now, or start it again on the board; this preview can be closed.':
    'Öffne die Vorschau des Versuchs dort, wo er jetzt ist, oder starte ihn auf dem Board neu; diese Vorschau kann geschlossen werden.',
  'The system has no file watches left, so changes are looked for about once a second, in a large repository less often. Raise fs.inotify.max_user_watches for instant updates.':
    'Das System kann keine weiteren Dateien beobachten, also wird etwa einmal in der Sekunde nach Änderungen gesehen, in einem großen Repository seltener. Setze fs.inotify.max_user_watches herauf, damit Änderungen sofort ankommen.',

  'There is no file {path} in the worktree.': 'Im Worktree gibt es keine Datei {path}.',
  'It may have been moved or deleted. Look at the list of files.':
    'Vielleicht wurde sie verschoben oder gelöscht. Sieh in die Liste der Dateien.',
  '{path} is not a text file.': '{path} ist keine Textdatei.',
  'Open it with a program made for its format.': 'Öffne sie mit einem Programm, das ihr Format kennt.',
  '{path} is larger than {size} MB.': '{path} ist größer als {size} MB.',
  'Edit it with your own editor.': 'Bearbeite sie mit deinem eigenen Editor.',
  '{path} could not be written: {reason}.': '{path} konnte nicht geschrieben werden: {reason}.',
  'Check that its directory exists, is writable and has space left. The file is as it was.':
    'Prüfe, ob es ihr Verzeichnis gibt, ob es beschreibbar ist und noch Platz hat. Die Datei ist, wie sie war.',
  'The name of this file is not valid UTF-8, so it is not written from here.':
    'Der Name dieser Datei ist kein gültiges UTF-8, also wird sie von hier aus nicht geschrieben.',
  'Rename it in a terminal (`git mv`), then edit it.':
    'Benenne sie in einem Terminal um (`git mv`) und bearbeite sie dann.',
  '{path} was changed by somebody else meanwhile.': '{path} wurde inzwischen von jemand anderem geändert.',
  'Read it again and bring both changes together. Nothing was written.':
    'Lies die Datei noch einmal und führe beide Änderungen zusammen. Es wurde nichts geschrieben.',
  'The path "{path}" does not lie inside the worktree.': 'Der Pfad „{path}“ liegt nicht im Worktree.',
  'Give a path relative to the worktree, without .. and without links that lead out of it.':
    'Gib einen Pfad relativ zum Worktree an, ohne .. und ohne Links, die hinausführen.',
  'The files could not be searched: {reason}': 'Die Dateien konnten nicht durchsucht werden: {reason}',
  'Mend the expression, or search for plain text.':
    'Berichtige den Ausdruck, oder suche nach einfachem Text.',

  '{file} cannot be read: {reason}.': '{file} ist nicht lesbar: {reason}.',
  'Make it a readable file of the worktree, or remove it to use the defaults.':
    'Mache daraus eine lesbare Datei des Worktrees, oder entferne sie, dann gelten die Vorgaben.',
  'it is a link that leads out of the worktree': 'Sie ist ein Link, der aus dem Worktree hinausführt',
  'it is not a regular file': 'Sie ist keine gewöhnliche Datei',
  '{file} is not valid: {faults}.': '{file} ist nicht gültig: {faults}.',
  'it is larger than {size} kB': 'sie ist größer als {size} kB',
  'line {line}: {fault}': 'Zeile {line}: {fault}',
  'line {line}: {key}: {fault}': 'Zeile {line}: {key}: {fault}',
  'line {line}: the document: {fault}': 'Zeile {line}: das Dokument: {fault}',
  'line {line}: unknown key {key}': 'Zeile {line}: unbekannter Schlüssel {key}',
  'expected an absolute path': 'erwartet ist ein absoluter Pfad',
  'expected one path segment': 'erwartet ist ein einzelner Teil eines Pfads',
  'expected an origin, without a path': 'erwartet ist ein Origin, ohne Pfad',
  'Expected 1 to 64 letters, digits, dots, underscores or hyphens':
    'Erwartet sind 1 bis 64 Buchstaben, Ziffern, Punkte, Unterstriche oder Bindestriche',
  'expected text: put the value in quotes': 'erwartet ist Text: Setze den Wert in Anführungszeichen',
  'expected a duration such as 30m, 90s, 500ms or 2h': 'erwartet ist eine Dauer wie 30m, 90s, 500ms oder 2h',
  'Correct the named lines; the README lists every key and shared/config/environment.schema.json checks them in editors.':
    'Berichtige die genannten Zeilen; die README führt alle Schlüssel auf, und shared/config/environment.schema.json prüft sie in Editoren.',
  'Look at the changes again. Nothing was written.':
    'Sieh dir die Änderungen noch einmal an. Es wurde nichts geschrieben.',
  '{file} cannot be changed here: it is {obstacle}.': '{file} kann hier nicht geändert werden: {obstacle}.',
  'Make it a writable UTF-8 text file.': 'Mache daraus eine beschreibbare Textdatei in UTF-8.',
  '{file} cannot be changed at {key}: an alias, or something that is no mapping, stands there.':
    '{file} kann bei {key} nicht geändert werden: Dort steht ein Alias oder etwas, das kein Mapping ist.',
  'Change it in the editor.': 'Ändere sie im Editor.',
};
