/** Builder, Dev-Server und die Seiten der Vorschau. */
export const frontend = {
  'The directory of the frontend, {root}, does not exist.':
    'Das Verzeichnis {root} des Frontends gibt es nicht.',
  'Set isolation.frontend.root in .vibe-kanban/environment.yaml.':
    'Setze isolation.frontend.root in .vibe-kanban/environment.yaml.',
  'There is no index.html in {root}.': 'In {root} gibt es keine index.html.',
  'The project’s Vite is not installed. Install its packages, or set isolation.provider to devserver in .vibe-kanban/environment.yaml.':
    'Das Vite des Projekts ist nicht installiert. Installiere die Pakete des Projekts, oder setze isolation.provider in .vibe-kanban/environment.yaml auf devserver.',
  'The Vite configuration does not export an object.': 'Die Konfiguration von Vite exportiert kein Objekt.',
  'More than {count} source files: this project needs its own dev server.':
    'Mehr als {count} Quelldateien: Dieses Projekt braucht seinen eigenen Dev-Server.',
  'The build failed.': 'Der Build ist fehlgeschlagen.',
  'This file does not build.': 'Diese Datei lässt sich nicht bauen.',

  'The builder of the frontend ran out of memory.': 'Dem Builder des Frontends ist der Speicher ausgegangen.',
  'The builder of the frontend ended ({signal}).': 'Der Builder des Frontends hat sich beendet ({signal}).',
  'The builder of the frontend ended (exit code {code}).':
    'Der Builder des Frontends hat sich beendet (Exit-Code {code}).',
  'It is started again.': 'Er wird neu gestartet.',
  'Raise isolation.frontend.memory_mb in .vibe-kanban/environment.yaml.':
    'Setze isolation.frontend.memory_mb in .vibe-kanban/environment.yaml herauf.',
  'Look at the environment’s console for what it printed before. It is started again when a file changes.':
    'Sieh in der Konsole der Umgebung nach, was er vorher ausgegeben hat. Er wird neu gestartet, wenn sich eine Datei ändert.',
  'The builder of the frontend does not answer.': 'Der Builder des Frontends antwortet nicht.',
  'Look at the environment’s console, and restart the environment.':
    'Sieh in die Konsole der Umgebung, und starte die Umgebung neu.',
  'The builder answered {status}.': 'Der Builder hat mit {status} geantwortet.',
  'The builder answered {status}: {reason}.': 'Der Builder hat mit {status} geantwortet: {reason}.',
  'an event too large to take': 'mit einem zu großen Ereignis',
  'Look at the environment’s console for what the build says.':
    'Sieh in der Konsole der Umgebung nach, was der Build sagt.',
  "The builder's events broke off: {reason}": 'Die Ereignisse des Builders brachen ab: {reason}',
  'Bundled packages could not be kept: {reason}':
    'Gebündelte Pakete konnten nicht aufgehoben werden: {reason}',
  'The answers broke off.': 'Die Antworten brachen ab.',
  'The answer broke off.': 'Die Antwort brach ab.',
  'A block of {head} and {body} bytes.': 'Ein Block von {head} und {body} Bytes.',
  'An answer of more than {size} bytes.': 'Eine Antwort von mehr als {size} Bytes.',
  'Nobody waits for it any more.': 'Niemand wartet mehr darauf.',
  'There is no builder that knows the sources.': 'Es gibt keinen Builder, der die Quellen kennt.',
  "The bundler's file {path} does not contain what Vitrine expects: {what}":
    'Die Datei {path} des Bundlers enthält nicht, was Vitrine erwartet: {what}',
  'all of its files': 'alle seine Dateien',
  'Install the version of @codesandbox/sandpack-client that package-lock.json names.':
    'Installiere die Version von @codesandbox/sandpack-client, die package-lock.json nennt.',
  "The preview page's script {name} is not there.": 'Das Skript {name} der Vorschauseite fehlt.',
  'Run `npm run build`.': 'Führe `npm run build` aus.',

  'No command that starts the project’s dev server was found.':
    'Es wurde kein Befehl gefunden, der den Dev-Server des Projekts startet.',
  'Set isolation.frontend.command in .vibe-kanban/environment.yaml, for example to npm run dev.':
    'Setze isolation.frontend.command in .vibe-kanban/environment.yaml, zum Beispiel auf npm run dev.',
  'The project’s dev server ran out of memory.{lines}':
    'Dem Dev-Server des Projekts ist der Speicher ausgegangen.{lines}',
  'The project’s dev server used up its disk space.{lines}':
    'Der Dev-Server des Projekts hat seinen Platz auf der Platte verbraucht.{lines}',
  'The project’s dev server ended ({signal}).{lines}':
    'Der Dev-Server des Projekts hat sich beendet ({signal}).{lines}',
  'The project’s dev server ended (exit code {code}).{lines}':
    'Der Dev-Server des Projekts hat sich beendet (Exit-Code {code}).{lines}',
  'It printed last:': 'Zuletzt hat er ausgegeben:',
  'Raise {limit} in .vibe-kanban/environment.yaml.': 'Setze {limit} in .vibe-kanban/environment.yaml herauf.',
  'Correct what it complains about; it is started again when a file changes. Another command goes into isolation.frontend.command.':
    'Berichtige, was er beanstandet; er wird neu gestartet, wenn sich eine Datei ändert. Ein anderer Befehl kommt in isolation.frontend.command.',
  'The project’s dev server did not listen on port {port} or on one it printed within {seconds} s.{lines}':
    'Der Dev-Server des Projekts hat innerhalb von {seconds} s weder auf Port {port} noch auf einem ausgegebenen gelauscht.{lines}',
  'Let it take its port from the PORT variable, or print the address it listens on.':
    'Lass ihn seinen Port aus der Variablen PORT nehmen, oder die Adresse ausgeben, auf der er lauscht.',
  'The project’s dev server does not run.': 'Der Dev-Server des Projekts läuft nicht.',
  'The project’s dev server is starting.': 'Der Dev-Server des Projekts startet.',
  'Ask again in a moment.': 'Frage gleich noch einmal.',
  'A dev server needs to know where its preview is.': 'Ein Dev-Server muss wissen, wo seine Vorschau ist.',
  'Open a WebSocket as RFC 6455 has it.': 'Öffne einen WebSocket, wie RFC 6455 es vorsieht.',

  'The page in the preview is not connected.': 'Die Seite in der Vorschau ist nicht verbunden.',
  'Reload the preview, then try again.': 'Lade die Vorschau neu und versuche es dann noch einmal.',
  'The page was left before it answered.': 'Die Seite wurde verlassen, ehe sie geantwortet hat.',
  'Try again in the page that is open now.': 'Versuche es noch einmal in der Seite, die jetzt offen ist.',
  'The page has not answered {count} earlier questions.':
    'Die Seite hat {count} frühere Fragen nicht beantwortet.',
  'Wait for them, or reload the preview if its code runs without end.':
    'Warte darauf, oder lade die Vorschau neu, wenn ihr Code ohne Ende läuft.',
  'The page did not answer in time.': 'Die Seite hat nicht rechtzeitig geantwortet.',
  'Its code may still run, or wait for something. Reload the preview to end it.':
    'Vielleicht läuft ihr Code noch oder wartet auf etwas. Lade die Vorschau neu, um ihn zu beenden.',
  'The page prints more than {count} lines a second; the rest is left out.':
    'Die Seite gibt mehr als {count} Zeilen in der Sekunde aus; der Rest wird weggelassen.',
  'The page is larger than {size} bytes.': 'Die Seite ist größer als {size} Bytes.',
  'A request of more than {size} bytes.': 'Eine Anfrage von mehr als {size} Bytes.',
  'The page has loaded, or something changed.': 'Die Seite ist geladen, oder etwas hat sich geändert.',
  'A file changed.': 'Eine Datei hat sich geändert.',
  'The configuration changed.': 'Die Konfiguration hat sich geändert.',
  'The packages in use changed.': 'Die benutzten Pakete haben sich geändert.',
  'The page missed too much.': 'Die Seite hat zu viel verpasst.',
  'The project’s own dev server shows it now.': 'Sie wird jetzt vom eigenen Dev-Server des Projekts gezeigt.',
  'Vitrine’s builder shows it now.': 'Sie wird jetzt vom Builder von Vitrine gezeigt.',

  'The sources took too long.': 'Die Quellen haben zu lange gebraucht.',
  'It was given up.': 'Die Anfrage wurde aufgegeben.',
  'It took too long.': 'Es hat zu lange gedauert.',
  'It could not be loaded.': 'Es konnte nicht geladen werden.',
  'The host did not answer.': 'Der Host hat nicht geantwortet.',
  'The browser did not take it.': 'Der Browser hat es nicht angenommen.',
  'The connection failed ({code}).': 'Die Verbindung ist gescheitert ({code}).',
  'The stream ended.': 'Der Strom ist zu Ende.',
  'The content policy does not allow it ({policy}).': 'Die Inhaltsrichtlinie erlaubt es nicht ({policy}).',
};
