/** Was in einem Worktree gefunden wurde, warum es so läuft und woher seine Pakete kommen. */
export const detection = {
  'frontend: {reason}': 'Frontend: {reason}',
  'database: {engine}, {reason}': 'Datenbank: {engine}, {reason}',
  'no frontend': 'kein Frontend',
  'no backend': 'kein Backend',
  'the worktree': 'dem Worktree',
  '{what} in the worktree': '{what} im Worktree',
  '{what} in {place}': '{what} in {place}',
  'script "{script}" in the worktree': 'Skript „{script}“ im Worktree',
  'script "{script}" in {place}': 'Skript „{script}“ in {place}',
  'server package with script "{script}" in {place}': 'Serverpaket mit dem Skript „{script}“ in {place}',
  'started by script "{script}" in {place}': 'vom Skript „{script}“ in {place} gestartet',
  'process "{name}" in {file}': 'Prozess „{name}“ in {file}',
  'manage.py in the worktree': 'manage.py im Worktree',
  'manage.py in {place}': 'manage.py in {place}',
  'script "{script}" ({command})': 'Skript „{script}“ ({command})',
  '{name} is among the packages': '{name} ist unter den Paketen',
  'index.html in {place}': 'index.html in {place}',
  'Vite and index.html': 'Vite und index.html',
  '{file} and index.html': '{file} und index.html',
  'a script that starts Vite': 'ein Skript, das Vite startet',
  'index.html beside package.json': 'index.html neben package.json',
  'isolation.frontend.root is {root}': 'isolation.frontend.root ist {root}',
  '{file} says {word}': '{file} sagt {word}',
  'no client of a database was found': 'kein Client einer Datenbank wurde gefunden',
  'a PostgreSQL client was found': 'ein PostgreSQL-Client wurde gefunden',
  'an SQLite client was found': 'ein SQLite-Client wurde gefunden',
  'the default': 'die Vorgabe',
  'image {name}': 'Image {name}',
  'image of its Dockerfile': 'Image aus seinem Dockerfile',
  '{reason} (its Dockerfile is used once isolation.backend.dockerfile names it)':
    '{reason} (sein Dockerfile wird benutzt, sobald isolation.backend.dockerfile es nennt)',

  'chosen by you': 'von dir gewählt',
  'the default for browser apps': 'die Vorgabe für Apps im Browser',
  'isolation.provider in the configuration': 'isolation.provider in der Konfiguration',
  'isolation.frontend.command names a dev server': 'isolation.frontend.command nennt einen Dev-Server',
  '{name} renders on a server of its own': '{name} rendert auf einem eigenen Server',
  '{name} builds the app in a server of its own': '{name} baut die App in einem eigenen Server',
  '{server} serves the app with Vite inside': '{server} liefert die App mit eingebautem Vite aus',
  'script "{script}" runs {before} before Vite': 'Skript „{script}“ führt vor Vite {before} aus',
  'Vite {version} is older than {oldest}': 'Vite {version} ist älter als {oldest}',
  'Vite {version} is older than the {oldest} that the builder can run':
    'Vite {version} ist älter als die {oldest}, die der Builder ausführen kann',
  'there is no index.html: what Vite serves here, its plugins make':
    'es gibt keine index.html: Was Vite hier ausliefert, machen seine Plugins',
  'there is no index.html: the script "{script}" makes the pages':
    'es gibt keine index.html: Die Seiten macht das Skript „{script}“',
  '{file} changes how the app is built': '{file} ändert, wie die App gebaut wird',
  'src/setupProxy is a part of its own server': 'src/setupProxy ist ein Teil ihres eigenen Servers',
  '{file} is read by its own server': '{file} wird von ihrem eigenen Server gelesen',
  'its own server has the app at {path}': 'ihr eigener Server hat die App unter {path}',
  'a plugin cannot do without a server of its own: {reason}':
    'ein Plugin kommt nicht ohne eigenen Server aus: {reason}',
  'the bundler cannot run it: {reason}': 'der Bundler kann sie nicht ausführen: {reason}',
  'The project’s own dev server takes over: {why}': 'Der eigene Dev-Server des Projekts übernimmt: {why}',

  'Neither a frontend (index.html, or a script that starts a dev server) nor a backend (a server script) was found in {worktree}.':
    'In {worktree} wurde weder ein Frontend (index.html oder ein Skript, das einen Dev-Server startet) noch ein Backend (ein Serverskript) gefunden.',
  'Name them in .vibe-kanban/environment.yaml: isolation.frontend.root and isolation.backend.command.':
    'Nenne sie in .vibe-kanban/environment.yaml: isolation.frontend.root und isolation.backend.command.',
  '{path} is not valid JSON: {reason}.': '{path} ist kein gültiges JSON: {reason}.',
  'Correct the file; the preview can be started again then.':
    'Berichtige die Datei; dann kann die Vorschau neu gestartet werden.',
  'isolation.frontend.root names "{root}", which is not a directory of the worktree.':
    'isolation.frontend.root nennt „{root}“, und das ist kein Verzeichnis des Worktrees.',
  'Correct the path in .vibe-kanban/environment.yaml; it is relative to the worktree.':
    'Berichtige den Pfad in .vibe-kanban/environment.yaml; er ist relativ zum Worktree.',

  'isolation.backend.{key} says nothing: the services have commands of their own. Move it to one of them.':
    'isolation.backend.{key} bewirkt nichts: Die Dienste haben eigene Befehle. Verschiebe es zu einem von ihnen.',
  'isolation.backend.services.{name} has neither a command nor an image.':
    'isolation.backend.services.{name} hat weder einen Befehl noch ein Image.',
  'Give it a command, an image or a dockerfile, or remove it.':
    'Gib ihm einen Befehl, ein Image oder ein Dockerfile, oder entferne ihn.',
  '{key} names both an image and a dockerfile.': '{key} nennt ein Image und ein Dockerfile.',
  'Keep one of them.': 'Behalte eines davon.',
  '{key}.dockerfile names "{file}", which is not a file of the worktree.':
    '{key}.dockerfile nennt „{file}“, und das ist keine Datei des Worktrees.',
  '{key}.directory names "{directory}", which is outside the worktree.':
    '{key}.directory nennt „{directory}“, und das liegt außerhalb des Worktrees.',
  'Give a directory relative to the worktree.': 'Gib ein Verzeichnis relativ zum Worktree an.',
  '{key}.port is {port}, which {holder} has already: all services of a preview share one network.':
    '{key}.port ist {port}, und den hat schon {holder}: Alle Dienste einer Vorschau teilen ein Netzwerk.',
  'the builder of the frontend': 'der Builder des Frontends',
  'another service': 'ein anderer Dienst',
  'Give each service a port of its own.': 'Gib jedem Dienst einen eigenen Port.',
  'isolation.backend.command and isolation.backend.services.backend are two services of one name.':
    'isolation.backend.command und isolation.backend.services.backend sind zwei Dienste mit einem Namen.',
  'Keep one of them, or call the one under services something else.':
    'Behalte einen davon, oder nenne den unter services anders.',
  'The service "{name}" runs in an image, and the runtime "process" has none.':
    'Der Dienst „{name}“ läuft in einem Image, und die Runtime „process“ hat keine.',
  'Start Docker and set isolation.backend.runtime to docker in .vibe-kanban/environment.yaml, or run {name} yourself and give the others its address in env.':
    'Starte Docker und setze isolation.backend.runtime in .vibe-kanban/environment.yaml auf docker, oder starte {name} selbst und gib den anderen seine Adresse in env.',
  'Start Docker and set isolation.backend.runtime to docker in .vibe-kanban/environment.yaml, or remove the image of {name}, so that its command runs without one.':
    'Starte Docker und setze isolation.backend.runtime in .vibe-kanban/environment.yaml auf docker, oder entferne das Image von {name}, dann läuft sein Befehl ohne eines.',

  'none needed': 'keine nötig',
  'the worktree’s own': 'die eigenen des Worktrees',
  'those of {directory}': 'die von {directory}',
  'the main checkout’s, shared read-only': 'die des Haupt-Checkouts, nur lesbar geteilt',
  'installing with {name}': 'wird mit {name} installiert',
  'installed by {name}, {count} package': 'von {name} installiert, {count} Paket',
  'installed by {name}, {count} packages': 'von {name} installiert, {count} Pakete',
  'Installing the packages of {root} with {name}': 'Die Pakete von {root} werden mit {name} installiert',
  'The packages of {root} are not installed.': 'Die Pakete von {root} sind nicht installiert.',
  'The packages of {root} are not installed: {why}.': 'Die Pakete von {root} sind nicht installiert: {why}.',
  'the main checkout’s were installed for another lock file':
    'Die des Haupt-Checkouts wurden für eine andere Lock-Datei installiert',
  'without a sandbox the main checkout’s cannot be shown to it':
    'Ohne Sandbox können ihm die des Haupt-Checkouts nicht gezeigt werden',
  'Run the project’s install command there (for example npm install), or in the main checkout when the lock file is the same; then start the preview again.':
    'Führe dort den Installationsbefehl des Projekts aus (zum Beispiel npm install), oder im Haupt-Checkout, wenn die Lock-Datei dieselbe ist; starte dann die Vorschau neu.',
  '{file} has Yarn load packages from its cache (Plug’n’Play), which previews do not know.':
    '{file} lässt Yarn Pakete aus seinem Cache laden (Plug’n’Play), und das kennen Vorschauen nicht.',
  'Put `nodeLinker: node-modules` into .yarnrc.yml and run `yarn install`; or, on a branch of your own, remove .pnp.cjs: then a preview installs the packages itself.':
    'Schreibe `nodeLinker: node-modules` in .yarnrc.yml und führe `yarn install` aus; oder entferne .pnp.cjs auf einem eigenen Branch: Dann installiert eine Vorschau die Pakete selbst.',
  'The packages of {root} could not be installed: {name} {how}.':
    'Die Pakete von {root} konnten nicht installiert werden: {name} {how}.',
  'The packages of {root} could not be installed: {name} {how}. Its last lines: {lines}':
    'Die Pakete von {root} konnten nicht installiert werden: {name} {how}. Die letzten Zeilen: {lines}',
  'the {size} MB of an installation': 'die {size} MB einer Installation',
  'did not end within {minutes} minutes': 'war nach {minutes} Minuten nicht fertig',
  'was ended by {signal}': 'wurde durch {signal} beendet',
  'exited with code {code}': 'hat sich mit Code {code} beendet',
  'Correct what it names and start the preview again, or run the project’s install command in {root} yourself. An installation reaches the registries alone: hosts it was refused are in the network view.':
    'Berichtige, was dort steht, und starte die Vorschau neu, oder führe den Installationsbefehl des Projekts selbst in {root} aus. Eine Installation erreicht nur die Registrys: Abgelehnte Hosts stehen in der Netzwerkleiste.',
  'The packages of {root} are installed with {name}, which is not on this machine.':
    'Die Pakete von {root} werden mit {name} installiert, und das gibt es auf diesem Rechner nicht.',
  'Install {name}, or npm, which fetches it; or run the project’s install command in {root} yourself.':
    'Installiere {name}, oder npm, das es holt; oder führe den Installationsbefehl des Projekts selbst in {root} aus.',
  'The packages of the preview are not installed, and git does not ignore {target}.':
    'Die Pakete der Vorschau sind nicht installiert, und git ignoriert {target} nicht.',
  'Add node_modules to .gitignore, or run the project’s install command yourself; then start the preview again.':
    'Trage node_modules in .gitignore ein, oder führe den Installationsbefehl des Projekts selbst aus; starte dann die Vorschau neu.',
};
