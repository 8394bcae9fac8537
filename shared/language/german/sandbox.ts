/** Runtimes: Docker, einfache Prozesse und was eine Sandbox ausmacht. */
export const sandbox = {
  'The runtime "{name}" cannot be used: {why}': 'Die Runtime „{name}“ ist nicht zu gebrauchen: {why}',
  'this version has none of that name': 'In dieser Version gibt es keine dieses Namens',
  'Set isolation.backend.runtime to auto in .vibe-kanban/environment.yaml.':
    'Setze isolation.backend.runtime in .vibe-kanban/environment.yaml auf auto.',
  'Start Docker, or set isolation.backend.runtime to process in .vibe-kanban/environment.yaml.':
    'Starte Docker, oder setze isolation.backend.runtime in .vibe-kanban/environment.yaml auf process.',
  'Set isolation.backend.runtime to docker or process in .vibe-kanban/environment.yaml.':
    'Setze isolation.backend.runtime in .vibe-kanban/environment.yaml auf docker oder process.',
  'The sandbox could not be started: {reason}': 'Die Sandbox konnte nicht gestartet werden: {reason}',
  'it was not ready within {seconds} s': 'Sie war nach {seconds} s nicht bereit',
  'it said nothing': 'Sie hat nichts gesagt',
  'its door ended and said nothing': 'Ihre Tür hat sich beendet und nichts gesagt',
  'Run "vitrine doctor" to see what this machine lacks.':
    'Führe „vitrine doctor“ aus, um zu sehen, was diesem Rechner fehlt.',
  'The sandbox is gone': 'Die Sandbox ist nicht mehr da',
  'The sandbox did not {what} within {seconds} s':
    'Die Sandbox hat „{what}“ nicht innerhalb von {seconds} s erledigt',
  "The sandbox's gateway cannot be reached: {why}": 'Das Gateway der Sandbox ist nicht erreichbar: {why}',
  'its process is gone': 'Sein Prozess ist nicht mehr da',
  'it closed the connection': 'Es hat die Verbindung geschlossen',
  'it answered something else': 'Es hat etwas anderes geantwortet',
  'it did not answer in time': 'Es hat nicht rechtzeitig geantwortet',
  "The sandbox's gateway refused the connection with status {status}":
    'Das Gateway der Sandbox hat die Verbindung mit Status {status} abgelehnt',
  'Nothing listens on port {port} inside the sandbox': 'In der Sandbox lauscht nichts auf Port {port}',
  'Port {port} inside the sandbox could not be reached ({error})':
    'Port {port} in der Sandbox ist nicht erreichbar ({error})',
  'The client went away': 'Der Client ist nicht mehr da',
  'Timed out': 'Es hat zu lange gedauert',
  'This pod has no outlet {name}': 'Dieser Pod hat keinen Ausgang {name}',
  'The engine published no port': 'Die Engine hat keinen Port veröffentlicht',
  'The service "{name}" could not be started: {why}':
    'Der Dienst „{name}“ konnte nicht gestartet werden: {why}',
  'The service "{name}" could not be started: its command or working directory does not exist in the sandbox':
    'Der Dienst „{name}“ konnte nicht gestartet werden: Seinen Befehl oder sein Arbeitsverzeichnis gibt es in der Sandbox nicht',
  'Check command and directory of the service in .vibe-kanban/environment.yaml.':
    'Prüfe Befehl und Verzeichnis des Dienstes in .vibe-kanban/environment.yaml.',
  '… {count} lines dropped': '… {count} Zeilen weggelassen',

  '{one} and {other} are both mounted at {target}': '{one} und {other} sind beide unter {target} eingehängt',
  'Expected an absolute path inside the sandbox, got "{target}"':
    'Erwartet war ein absoluter Pfad in der Sandbox, gekommen ist „{target}“',
  'Nothing can be mounted at {target}': 'Unter {target} kann nichts eingehängt werden',
  '{source} cannot be shown to the sandbox: it does not exist':
    '{source} kann der Sandbox nicht gezeigt werden: Es existiert nicht',
  '{target} could not be made': '{target} konnte nicht angelegt werden',
  '{source} cannot be mounted at {target}: that is below the mount of {other}, where it does not exist':
    '{source} kann nicht unter {target} eingehängt werden: Das liegt unter {other}, wo es nicht existiert',
  'Mount it at a path that exists on this machine, or outside the worktree.':
    'Hänge es unter einem Pfad ein, den es auf diesem Rechner gibt, oder außerhalb des Worktrees.',
  'No free port was found in {count} attempts': 'In {count} Versuchen wurde kein freier Port gefunden',
  'Stop programs that hold very many ports, or install bubblewrap so that none is needed.':
    'Beende Programme, die sehr viele Ports belegen, oder installiere bubblewrap, dann wird keiner gebraucht.',

  'Plain processes: nothing is kept apart': 'Einfache Prozesse: Nichts ist getrennt',
  'There is no sandbox for plain processes on {platform}':
    'Auf {platform} gibt es keine Sandbox für einfache Prozesse',
  'bubblewrap is not installed (package "bubblewrap"), so nothing is kept apart':
    'bubblewrap ist nicht installiert (Paket „bubblewrap“), also ist nichts getrennt',
  'bubblewrap does not run: {reason}': 'bubblewrap läuft nicht: {reason}',
  '{version} is not allowed to make a sandbox here ({reason}), so nothing is kept apart':
    '{version} darf hier keine Sandbox machen ({reason}), also ist nichts getrennt',
  '{engine} (on cgroup v1 it does not say when a service with an image of its own ran out of memory)':
    '{engine} (mit cgroup v1 sagt es nicht, wenn einem Dienst mit eigenem Image der Speicher ausgeht)',

  'No Docker or Podman was found: DOCKER_HOST is not set and there is no socket in the usual places':
    'Weder Docker noch Podman wurde gefunden: DOCKER_HOST ist nicht gesetzt, und an den üblichen Orten ist kein Socket',
  'Install and start Docker, or set isolation.backend.runtime to process.':
    'Installiere und starte Docker, oder setze isolation.backend.runtime auf process.',
  'it runs {system} containers, and Linux containers are needed':
    'Es führt {system}-Container aus, und Linux-Container sind nötig',
  'paths of Windows do not exist in its containers; run Vitrine in WSL':
    'Pfade von Windows gibt es in seinen Containern nicht; führe Vitrine in WSL aus',
  'Docker could not {what}: {reason}': 'Docker konnte das nicht: {what}. {reason}',
  'Docker did not {what} within {seconds} s': 'Docker hat das nicht innerhalb von {seconds} s getan: {what}',
  'create a container': 'einen Container anlegen',
  'start a container': 'einen Container starten',
  'stop a container': 'einen Container anhalten',
  'pause a container': 'einen Container einfrieren',
  'unpause a container': 'einen Container fortsetzen',
  'remove a container': 'einen Container entfernen',
  'attach to a container': 'sich mit einem Container verbinden',
  'describe a container': 'einen Container beschreiben',
  'measure a container': 'einen Container messen',
  'list containers': 'Container auflisten',
  'report events': 'Ereignisse melden',
  'create a volume': 'ein Volume anlegen',
  'remove a volume': 'ein Volume entfernen',
  'list volumes': 'Volumes auflisten',
  'look for the image {name}': 'das Image {name} suchen',
  'look into an image': 'in ein Image hineinsehen',
  'list images': 'Images auflisten',
  'remove an image': 'ein Image entfernen',
  'import the Node image': 'das Node-Image importieren',
  'Install catatonit, which Podman needs to start containers with an init.':
    'Installiere catatonit, das Podman braucht, um Container mit einem Init zu starten.',
  'Start Docker and see that you may use it ("docker info"), or set isolation.backend.runtime to process.':
    'Starte Docker und sorge dafür, dass du es benutzen darfst („docker info“), oder setze isolation.backend.runtime auf process.',
  'Look at the message above; "docker info" and "vitrine doctor" tell what the engine can do.':
    'Sieh dir die Meldung oben an; „docker info“ und „vitrine doctor“ sagen, was die Engine kann.',
  'See whether "docker ps" answers; if it hangs, restart Docker.':
    'Sieh nach, ob „docker ps“ antwortet; wenn es hängt, starte Docker neu.',

  'Pulling the image {name}': 'Image {name} wird geholt',
  'Building the image of {dockerfile}': 'Image aus {dockerfile} wird gebaut',
  'The image {name} is not here and could not be pulled: {why}':
    'Das Image {name} ist nicht da und konnte nicht geholt werden: {why}',
  'The image {name} is not here and could not be pulled: it took longer than {minutes} minutes':
    'Das Image {name} ist nicht da und konnte nicht geholt werden: Es hätte länger als {minutes} Minuten gedauert',
  'the engine did not say why': 'Die Engine hat nicht gesagt, warum',
  'Try "docker pull {name}", or name another one in isolation.backend.image.':
    'Versuche „docker pull {name}“, oder nenne ein anderes in isolation.backend.image.',
  '"{name}" is not the name of an image': '„{name}“ ist nicht der Name eines Images',
  'Write it as docker pull takes it, such as redis:7 or registry.example.com/team/app:1.2.':
    'Schreibe ihn, wie docker pull ihn nimmt, etwa redis:7 oder registry.example.com/team/app:1.2.',
  'The service {name} has no command, and its image {image} names none either':
    'Der Dienst {name} hat keinen Befehl, und auch sein Image {image} nennt keinen',
  'Give the service a command in .vibe-kanban/environment.yaml.':
    'Gib dem Dienst in .vibe-kanban/environment.yaml einen Befehl.',
  "No image with Node could be made from this machine's own: {why}":
    'Aus dem Node dieses Rechners konnte kein Image gemacht werden: {why}',
  'this machine is not Linux': 'Dieser Rechner hat kein Linux',
  'a static busybox is missing (Debian package busybox-static)':
    'Ein statisches busybox fehlt (Debian-Paket busybox-static)',
  'tar ended with code {code}': 'tar hat sich mit Code {code} beendet',
  'Connect to the internet once so that node:24-slim can be pulled, or name a local image in isolation.backend.image.':
    'Verbinde dich einmal mit dem Internet, damit node:24-slim geholt werden kann, oder nenne ein lokales Image in isolation.backend.image.',
  'The image of {dockerfile} could not be built: {why}':
    'Das Image aus {dockerfile} konnte nicht gebaut werden: {why}',
  'The image of {dockerfile} could not be built ({step}): {why}':
    'Das Image aus {dockerfile} konnte nicht gebaut werden ({step}): {why}',
  'The image of {dockerfile} could not be built: it took longer than {minutes} minutes':
    'Das Image aus {dockerfile} konnte nicht gebaut werden: Es hätte länger als {minutes} Minuten gedauert',
  'The image of {dockerfile} could not be built ({step}): it took longer than {minutes} minutes':
    'Das Image aus {dockerfile} konnte nicht gebaut werden ({step}): Es hätte länger als {minutes} Minuten gedauert',
  'Correct the Dockerfile. What its RUN lines fetch passes the sandbox’s way out: allow the hosts they need. One that needs BuildKit is built by hand and named in isolation.backend.image.':
    'Berichtige das Dockerfile. Was seine RUN-Zeilen holen, geht durch den Ausgang der Sandbox: Erlaube die Hosts, die sie brauchen. Eines, das BuildKit braucht, wird von Hand gebaut und in isolation.backend.image genannt.',
  'There is no {name} in the worktree': 'Im Worktree gibt es {name} nicht',
  'Correct isolation.backend.dockerfile in .vibe-kanban/environment.yaml; the path is relative to the worktree.':
    'Berichtige isolation.backend.dockerfile in .vibe-kanban/environment.yaml; der Pfad ist relativ zum Worktree.',
  '{path} is no file of the worktree': '{path} ist keine Datei des Worktrees',
  'Builds only take files of the worktree, without links that lead out of it.':
    'Ein Build nimmt nur Dateien des Worktrees, ohne Links, die hinausführen.',
  '{path} holds more than {size} GB or {count} files for a build':
    '{path} enthält mehr als {size} GB oder {count} Dateien für einen Build',
  'Name what the image does not need (node_modules, build output) in a .dockerignore file.':
    'Nenne in einer Datei .dockerignore, was das Image nicht braucht (node_modules, Gebautes).',
  '{path} changed while the image’s files were read':
    '{path} hat sich geändert, während die Dateien des Images gelesen wurden',
  '{file} adds something from outside its directory: {instruction}':
    '{file} fügt etwas von außerhalb seines Verzeichnisses hinzu: {instruction}',
  'Use COPY for files, and RUN with curl or wget for addresses: those pass the sandbox’s own way out.':
    'Nimm COPY für Dateien, und RUN mit curl oder wget für Adressen: Die gehen durch den Ausgang der Sandbox.',
};
