/** Port inside a pod that leads to the database: the one that programs expect. */
export const OUTLET_PORT = 5432;

export interface Login {
  user: string;
  password: string;
  database: string;
}

/** The variables that tell a program where its database is: the common one, and those of libpq. */
export function connectionEnvironment(
  { user, password, database }: Login,
  outletPort: number | null,
): Record<string, string> {
  const host = '127.0.0.1';
  const port = String(outletPort ?? OUTLET_PORT);
  return {
    DATABASE_URL: `postgresql://${user}:${password}@${host}:${port}/${database}`,
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
  };
}
