/** Was die Adresse einer Vorschau antwortet, wenn es nicht die App ist. */
export const preview = {
  'The preview is starting …': 'Die Vorschau startet …',
  'Vitrine is starting …': 'Vitrine startet …',
  'The backend of this preview is starting …': 'Das Backend dieser Vorschau startet …',
  'This page loads itself again.': 'Diese Seite lädt sich von selbst neu.',
  'This preview does not exist any more.': 'Diese Vorschau gibt es nicht mehr.',
  'Start it again from the board or the workbench.': 'Starte sie auf dem Board oder in der Werkbank neu.',
  'This preview was not opened with a valid link, or the link was used before.':
    'Diese Vorschau wurde nicht mit einem gültigen Link geöffnet, oder der Link wurde schon benutzt.',
  'Open it from the workbench, or ask `vitrine preview` for a fresh link.':
    'Öffne sie aus der Werkbank, oder lass dir von `vitrine preview` einen neuen Link geben.',
  'There is nothing at {path}.': 'Unter {path} gibt es nichts.',
  'Check the address.': 'Prüfe die Adresse.',
  'The request names no path.': 'Die Anfrage nennt keinen Pfad.',
  'A preview is no proxy: ask for paths that begin with a slash.':
    'Eine Vorschau ist kein Proxy: Frage nach Pfaden, die mit einem Schrägstrich beginnen.',
  'TRACE is not answered.': 'TRACE wird nicht beantwortet.',
  'Look at the request in the workbench’s network view.':
    'Sieh dir die Anfrage in der Netzwerkleiste der Werkbank an.',
  'The origin {origin} may not use this preview.': 'Der Origin {origin} darf diese Vorschau nicht benutzen.',
  'Add it to isolation.preview.allowed_origins in .vibe-kanban/environment.yaml if it should.':
    'Trage ihn in isolation.preview.allowed_origins in .vibe-kanban/environment.yaml ein, wenn er es soll.',
  'The handshake comes from no page of this preview, or without its cookie.':
    'Der Handshake kommt von keiner Seite dieser Vorschau, oder ohne ihr Cookie.',
  'Open the preview with a fresh link; origins of other pages are named in allowed_origins.':
    'Öffne die Vorschau mit einem neuen Link; Origins anderer Seiten werden in allowed_origins genannt.',
  'Only WebSocket connections are taken over.': 'Nur WebSocket-Verbindungen werden übernommen.',
  'A WebSocket is opened with GET.': 'Ein WebSocket wird mit GET geöffnet.',
  'A WebSocket needs HTTP/1.1.': 'Ein WebSocket braucht HTTP/1.1.',
  'A WebSocket handshake has no body.': 'Der Handshake eines WebSockets hat keinen Inhalt.',
  'Sec-WebSocket-Key is missing or not 16 bytes in base64.':
    'Sec-WebSocket-Key fehlt oder ist nicht 16 Bytes in Base64.',
  'Only version 13 of the WebSocket protocol is spoken.':
    'Nur Version 13 des WebSocket-Protokolls wird gesprochen.',
  'Open the connection with a browser’s WebSocket or a client of version 13.':
    'Öffne die Verbindung mit dem WebSocket eines Browsers oder einem Client der Version 13.',
  'This request has come through this preview before, again and again.':
    'Diese Anfrage ist schon durch diese Vorschau gekommen, immer wieder.',
  'Let the backend ask its own port, not the preview’s address.':
    'Lass das Backend seinen eigenen Port fragen, nicht die Adresse der Vorschau.',
  'The backend of this preview did not answer: {reason}':
    'Das Backend dieser Vorschau hat nicht geantwortet: {reason}',
  'Look at its log in the workbench’s console; it is started again when its files change.':
    'Sieh in sein Protokoll in der Konsole der Werkbank; es wird neu gestartet, wenn sich seine Dateien ändern.',
  'The backend of this preview answered something that is not HTTP: {reason}':
    'Das Backend dieser Vorschau hat etwas geantwortet, das kein HTTP ist: {reason}',
  'Check that the port it is asked on is its HTTP port, and look at its log.':
    'Prüfe, ob der Port, auf dem es gefragt wird, sein HTTP-Port ist, und sieh in sein Protokoll.',
  'The backend broke off in the middle of its answer: {reason}':
    'Das Backend hat mitten in seiner Antwort abgebrochen: {reason}',
  'The frontend broke off in the middle of its answer: {reason}':
    'Das Frontend hat mitten in seiner Antwort abgebrochen: {reason}',
  'The backend did not answer the WebSocket handshake.':
    'Das Backend hat den Handshake des WebSockets nicht beantwortet.',
  '{host} broke off in the middle of its answer: {reason}':
    '{host} hat mitten in der Antwort abgebrochen: {reason}',
  'The browser went away.': 'Der Browser ist nicht mehr da.',
  'The browser went away before the response ended.': 'Der Browser ging, ehe die Antwort zu Ende war.',
  'More than {count} requests wait for the backend of this preview.':
    'Mehr als {count} Anfragen warten auf das Backend dieser Vorschau.',
};
