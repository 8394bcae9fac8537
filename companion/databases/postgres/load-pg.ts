/** The client, loaded when a database on a server is first needed: most projects need none. */
export async function loadPg() {
  const { default: pg } = await import('pg');
  return pg;
}
