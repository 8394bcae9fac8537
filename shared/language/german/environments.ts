/** Das Leben von Umgebungen: ihre Dienste, ihre Grenzen und was sie hinauslässt. */
export const environments = {
  'There is no environment {id}.': 'Es gibt keine Umgebung {id}.',
  'It may have been terminated. List the environments, or start the preview again.':
    'Vielleicht wurde sie beendet. Lass dir die Umgebungen auflisten, oder starte die Vorschau neu.',
  'This version has no {kind} "{name}", and {why}.':
    'In dieser Version gibt es „{name}“ ({kind}) nicht, aber {why}.',
  'the configuration or the project asks for it': 'die Konfiguration oder das Projekt verlangt es',
  'Choose another in .vibe-kanban/environment.yaml; the README lists what works.':
    'Wähle etwas anderes in .vibe-kanban/environment.yaml; die README führt auf, was geht.',
  'The preview was stopped.': 'Die Vorschau wurde beendet.',
  'The preview ended.': 'Die Vorschau ist zu Ende.',
  'The companion stops': 'Der Begleiter hört auf',
  'Start it again.': 'Starte sie neu.',
  'Restart the environment.': 'Starte die Umgebung neu.',
  'Start the environment again.': 'Starte die Umgebung neu.',
  'more than max_instances ({limit}) would run': 'es liefen sonst mehr als max_instances ({limit})',
  'The lock file changed: the preview starts anew with its packages':
    'Die Lock-Datei hat sich geändert: Die Vorschau startet mit ihren Paketen neu',
  'snapshot {name}': 'Schnappschuss {name}',
  'restore {name}': '{name} zurückgespielt',
  'The sandbox of this preview ended unexpectedly.':
    'Die Sandbox dieser Vorschau hat sich unerwartet beendet.',
  'Restart the preview; if it happens again, look at `vitrine doctor`.':
    'Starte die Vorschau neu; passiert es wieder, dann sieh dir `vitrine doctor` an.',
  'The sandbox of this preview was lost, and the runtime {runtime} does not answer.':
    'Die Sandbox dieser Vorschau ist verloren, und die Runtime {runtime} antwortet nicht.',
  'Start it again; the preview comes back by itself then.':
    'Starte sie wieder; dann kommt die Vorschau von selbst zurück.',
  'The template of the database is not built yet, and this preview does not run.':
    'Die Vorlage der Datenbank ist noch nicht gebaut, und diese Vorschau läuft nicht.',
  'Restart the preview first.': 'Starte erst die Vorschau neu.',
  'The sandbox ended': 'Die Sandbox ist zu Ende',
  'The sandbox is not wanted any more': 'Die Sandbox wird nicht mehr gebraucht',

  'The service "{name}" ({command})': 'Der Dienst „{name}“ ({command})',
  'Running {command}': '{command} wird ausgeführt',
  '{service} exited with code {code}.{lines}': '{service} hat sich mit Code {code} beendet.{lines}',
  '{service} was ended by {signal}.{lines}': '{service} wurde durch {signal} beendet.{lines}',
  'Its last lines: {lines}': 'Die letzten Zeilen: {lines}',
  'It printed nothing.': 'Ausgegeben wurde nichts.',
  '{problem} It ended {times} times within {seconds} s and is left alone now.':
    '{problem} Er hat sich innerhalb von {seconds} s {times}-mal beendet und bleibt vorerst aus.',
  'Correct what its log names; it is started again as soon as its files change.':
    'Berichtige, was sein Protokoll nennt; er wird neu gestartet, sobald sich seine Dateien ändern.',
  'Correct what its log names, then restart the preview.':
    'Berichtige, was sein Protokoll nennt, und starte dann die Vorschau neu.',
  '{service} did not answer on port {port} within {seconds} s.{lines}':
    '{service} hat auf Port {port} innerhalb von {seconds} s nicht geantwortet.{lines}',
  '{service} did not answer on port {port} at {path} within {seconds} s.{lines}':
    '{service} hat auf Port {port} unter {path} innerhalb von {seconds} s nicht geantwortet.{lines}',
  'Make it listen on the port in the PORT variable, or set isolation.backend.port to the one it uses.':
    'Lass ihn auf dem Port in der Variablen PORT lauschen, oder setze isolation.backend.port auf den, den er benutzt.',
  '{service} runs, but did not answer {path} below 500 three times in a row: it gets no requests until it does.':
    '{service} läuft, hat aber {path} dreimal nacheinander nicht mit weniger als 500 beantwortet: Er bekommt keine Anfragen, bis er es tut.',
  'Look at its log in the console, or restart the preview.':
    'Sieh in sein Protokoll in der Konsole, oder starte die Vorschau neu.',
  '{service} could not be started: {reason}': '{service} konnte nicht gestartet werden: {reason}',
  'Check isolation.backend.command and that the program is installed.':
    'Prüfe isolation.backend.command und ob das Programm installiert ist.',
  'The service "{name}" was not ready within {seconds} s.':
    'Der Dienst „{name}“ war nach {seconds} s nicht bereit.',
  'Look at its log in the console; it may still be starting.':
    'Sieh in sein Protokoll in der Konsole; vielleicht startet er noch.',
  '{count} requests wait already for services that are not ready, "{name}" among them.':
    '{count} Anfragen warten schon auf Dienste, die nicht bereit sind, darunter „{name}“.',
  'Try again when it is ready; its log is in the console.':
    'Versuche es noch einmal, wenn er bereit ist; sein Protokoll steht in der Konsole.',
  'The plan names no service {name}': 'Der Plan nennt keinen Dienst {name}',

  'A process of the sandbox was ended: the sandbox used more than its {size} MB of memory.':
    'Ein Prozess der Sandbox wurde beendet: Die Sandbox hat mehr als ihre {size} MB Speicher gebraucht.',
  'The service "{name}" was ended: the sandbox used more than its {size} MB of memory.':
    'Der Dienst „{name}“ wurde beendet: Die Sandbox hat mehr als ihre {size} MB Speicher gebraucht.',
  'The sandbox reached its {size} MB of memory.': 'Die Sandbox hat ihre {size} MB Speicher erreicht.',
  'Raise isolation.backend.resource_limits.{key}': 'Setze isolation.backend.resource_limits.{key} herauf',
  'Raise isolation.backend.resource_limits.disk_mb in .vibe-kanban/environment.yaml.':
    'Setze isolation.backend.resource_limits.disk_mb in .vibe-kanban/environment.yaml herauf.',
  'Raise isolation.backend.resource_limits.{key}, or look for what grows.':
    'Setze isolation.backend.resource_limits.{key} herauf, oder suche, was wächst.',
  'Raise isolation.frontend.memory_mb, or look for what grows.':
    'Setze isolation.frontend.memory_mb herauf, oder suche, was wächst.',
  'A process of the sandbox was ended: the sandbox wrote more than its {size} MB of disk.':
    'Ein Prozess der Sandbox wurde beendet: Die Sandbox hat mehr als ihre {size} MB auf die Platte geschrieben.',
  'The service "{name}" was ended: the sandbox wrote more than its {size} MB of disk.':
    'Der Dienst „{name}“ wurde beendet: Die Sandbox hat mehr als ihre {size} MB auf die Platte geschrieben.',
  'The sandbox used up its {size} MB of disk: what is written beyond is refused.':
    'Die Sandbox hat ihre {size} MB auf der Platte verbraucht: Was darüber hinaus geschrieben wird, wird abgelehnt.',
  '{remedy}, or look for what is written (logs, uploads, caches).':
    '{remedy}, oder suche, was geschrieben wird (Protokolle, Uploads, Caches).',
  'A process of the sandbox was ended: the sandbox had more than its {count} processes and threads.':
    'Ein Prozess der Sandbox wurde beendet: Die Sandbox hatte mehr als ihre {count} Prozesse und Threads.',
  'The service "{name}" was ended: the sandbox had more than its {count} processes and threads.':
    'Der Dienst „{name}“ wurde beendet: Die Sandbox hatte mehr als ihre {count} Prozesse und Threads.',
  'The sandbox reached its {count} processes and threads: more are refused.':
    'Die Sandbox hat ihre {count} Prozesse und Threads erreicht: Weitere werden abgelehnt.',
  '{remedy}, or look for what starts them.': '{remedy}, oder suche, was sie startet.',

  'Vitrine did not let this out to {host}: {reason}.':
    'Vitrine hat das nicht zu {host} hinausgelassen: {reason}.',
  'nothing leaves this sandbox: isolation.backend.egress is none':
    'Aus dieser Sandbox geht nichts hinaus, isolation.backend.egress ist none',
  'the host is not on the allow-list': 'Der Host steht nicht auf der Liste der erlaubten',
  'port {port} has to be named on the allow-list':
    'Port {port} muss in der Liste der erlaubten Hosts genannt sein',
  'it has no address': 'Er hat keine Adresse',
  'it leads to this machine, which only an entry of its address and port allows':
    'Er führt zu diesem Rechner, und das erlaubt nur ein Eintrag mit Adresse und Port',
  'it leads into a local network, which only an entry with host and port allows':
    'Er führt in ein lokales Netz, und das erlaubt nur ein Eintrag mit Host und Port',
  'Allow {host} in the workbench’s network view, or under isolation.backend.allow in .vibe-kanban/environment.yaml with egress: allowlist.':
    'Erlaube {host} in der Netzwerkleiste der Werkbank, oder unter isolation.backend.allow in .vibe-kanban/environment.yaml mit egress: allowlist.',
  '{host} could not be reached: {reason}': '{host} ist nicht erreichbar: {reason}',
  'Check the host’s name and this machine’s network.':
    'Prüfe den Namen des Hosts und das Netz dieses Rechners.',
  'No connection within {seconds} s.': 'Keine Verbindung innerhalb von {seconds} s.',
  'Nobody wants the connection any more.': 'Niemand braucht die Verbindung mehr.',
  'The name was not resolved in time.': 'Der Name wurde nicht rechtzeitig aufgelöst.',
  'Too many names are being looked up.': 'Es werden zu viele Namen zugleich aufgelöst.',
  'The host is not allowed any more.': 'Der Host ist nicht mehr erlaubt.',
  'The sandbox went away.': 'Die Sandbox ist nicht mehr da.',
  'This request has come through Vitrine before, again and again.':
    'Diese Anfrage ist schon durch Vitrine gekommen, immer wieder.',
  'Ask the service itself, without a proxy.': 'Frage den Dienst selbst, ohne Proxy.',
  'A connection is not switched to another protocol here.':
    'Hier wird keine Verbindung auf ein anderes Protokoll umgestellt.',
  'An https:// address cannot be asked for in plain text.':
    'Nach einer https://-Adresse kann nicht im Klartext gefragt werden.',
  'The request names no absolute http:// address.': 'Die Anfrage nennt keine absolute http://-Adresse.',
  'The request’s address cannot be read.': 'Die Adresse der Anfrage ist nicht lesbar.',
  'The request’s address has a user name in it.': 'In der Adresse der Anfrage steht ein Benutzername.',
  'CONNECT needs host:port.': 'CONNECT braucht host:port.',
  'Send absolute http:// addresses, and CONNECT host:port for everything else, as to any HTTP proxy.':
    'Sende absolute http://-Adressen, und CONNECT host:port für alles andere, wie an jeden HTTP-Proxy.',
};
