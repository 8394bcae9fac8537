/** A page that plays the app of an environment: it speaks the frame's side of shared/frame/messages.ts. */
export function fakePreviewPage(title: string, controlOrigin: string): string {
  const data = JSON.stringify({ title, controlOrigin }).replaceAll('<', '\\u003c');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>App</title>
<style>
  body { margin: 0; font: 15px/1.5 "DejaVu Serif", Georgia, serif; color: #222; background: #fff }
  header { padding: 14px 24px; background: #1d3b34; color: #fff; display: flex; gap: 20px; align-items: baseline }
  header b { font-size: 18px } main { padding: 28px 24px; max-width: 720px }
  a { color: inherit } .card { border: 1px solid #ddd; border-radius: 6px; padding: 12px 16px; margin: 12px 0 }
</style>
<header><b>Corner Shop</b><a href="/">Home</a><a href="/cart">Cart</a></header>
<main><h1></h1><p>Route <code id="route"></code></p>
<div class="card">Coffee beans, 250 g</div><div class="card">Filter papers, 100</div></main>
<script>
  const { title, controlOrigin } = ${data};
  const frameId = Math.random().toString(36).slice(2);
  const visited = [];
  let at = -1;
  document.querySelector('h1').textContent = title;
  function tell(message) { if (parent !== window) parent.postMessage(message, '*'); }
  function show(route) {
    document.getElementById('route').textContent = route;
    tell({ type: 'vitrine:route', route, canGoBack: at > 0, canGoForward: at < visited.length - 1 });
  }
  function go(route) {
    visited.splice(++at, Infinity, route);
    history.pushState(null, '', route);
    show(route);
  }
  addEventListener('message', (event) => {
    if (event.source !== parent || event.origin !== controlOrigin) return;
    const message = event.data;
    if (message.type === 'vitrine:go') go(message.route);
    if (message.type !== 'vitrine:navigate') return;
    if (message.action === 'reload') location.reload();
    if (message.action === 'back' && at > 0) show(visited[--at]);
    if (message.action === 'forward' && at < visited.length - 1) show(visited[++at]);
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link) return;
    event.preventDefault();
    go(new URL(link.href).pathname);
  });
  tell({ type: 'vitrine:hello', frameId });
  go(location.pathname + location.search);
  requestAnimationFrame(() => tell({ type: 'vitrine:painted' }));
</script></html>`;
}
