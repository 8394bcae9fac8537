import sqlite3 from 'sqlite3';

type Value = string | number | null;

/** A promise view of one sqlite3 connection. Statements run in the order they were called. */
export class Sqlite {
  readonly #connection: sqlite3.Database;

  private constructor(connection: sqlite3.Database) {
    this.#connection = connection;
  }

  static open(path: string): Promise<Sqlite> {
    return new Promise((resolve, reject) => {
      const connection = new sqlite3.Database(path, (error) => {
        if (error) return reject(error);
        connection.configure('busyTimeout', 5_000);
        connection.serialize();
        resolve(new Sqlite(connection));
      });
    });
  }

  run(sql: string, ...parameters: Value[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#connection.run(sql, parameters, function (error) {
        if (error) reject(error);
        else resolve(this.changes);
      });
    });
  }

  /** Rows are unknown until the caller's schema has parsed them. */
  all(sql: string, ...parameters: Value[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#connection.all(sql, parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.close((error) => (error ? reject(error) : resolve()));
    });
  }
}
