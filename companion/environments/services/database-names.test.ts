import { expect, test } from 'vitest';
import { connectionEnvironment } from '../../databases/postgres/connection-environment.ts';
import { databaseNames } from './database-names.ts';

const postgres = connectionEnvironment({ user: 'own', password: 'secret', database: 'mine' }, 5432);
const OWN = 'own:secret@127.0.0.1:5432/mine';
const sqlite = { DATABASE_URL: 'file:/data/database.sqlite', DATABASE_PATH: '/data/database.sqlite' };

test.each([
  ['POSTGRES_URL', 'postgres://app:app@localhost:5433/app', `postgres://${OWN}`],
  ['DATABASE_URL', 'postgresql+psycopg://app@db/app', `postgresql+psycopg://${OWN}`],
  [
    'DIRECT_URL',
    'postgresql://a:b@eu.example.org/a?schema=app&sslmode=require',
    `postgresql://${OWN}?schema=app`,
  ],
])('%s leads to the environment’s database in the project’s own form', (name, value, expected) => {
  expect(databaseNames(postgres, { [name]: value })).toMatchObject({ [name]: expected });
});

test('names that say the parts of a connection lead there, whatever stands before them, and without TLS', () => {
  expect(
    databaseNames(postgres, { SHOP_DB_HOST: 'db', SHOP_DB_PORT: '5433', SHOP_DB_SSL: 'true' }),
  ).toMatchObject({
    SHOP_DB_HOST: '127.0.0.1',
    SHOP_DB_PORT: '5432',
    SHOP_DB_USERNAME: 'own',
    SHOP_DB_PASS: 'secret',
    SHOP_DB_NAME: 'mine',
    SHOP_DB_SSL: 'false',
  });
});

test('the usual names are there also where no file says them', () => {
  expect(databaseNames(postgres, {})).toMatchObject({
    DB_HOST: '127.0.0.1',
    DB_USER: 'own',
    POSTGRES_DB: 'mine',
    DATABASE_PASSWORD: 'secret',
  });
});

test('what is no PostgreSQL database of the project’s work is left alone', () => {
  const project = {
    TEST_DATABASE_URL: 'postgres://localhost/test',
    MYSQL_URL: 'mysql://localhost/app',
    DB_HOST: 'localhost',
    DB_PORT: '3306',
  };
  const names = databaseNames(postgres, project);
  for (const name of Object.keys(project)) expect(names).not.toHaveProperty(name);
});

test.each([
  ['file:./dev.db', 'file:/data/database.sqlite'],
  ['local.db', '/data/database.sqlite'],
  ['sqlite:///app.db', 'sqlite:////data/database.sqlite'],
  ['sqlite+aiosqlite:///./app.sqlite3', 'sqlite+aiosqlite:////data/database.sqlite'],
  ['sqlite:./data.sqlite', 'sqlite:/data/database.sqlite'],
])('an SQLite database known as %s is the environment’s as %s', (value, expected) => {
  expect(databaseNames(sqlite, { DATABASE_URL: value })).toEqual({ DATABASE_URL: expected });
  expect(databaseNames(sqlite, { DB_FILE_NAME: value })).toEqual({ DB_FILE_NAME: expected });
});

test('of several SQLite files only the one of DATABASE_URL is the environment’s', () => {
  const others = { JOBS_FILE: 'jobs.db', ANALYTICS: './analytics.db' };
  expect(databaseNames(sqlite, others)).toEqual({});
  expect(databaseNames(sqlite, { ...others, DATABASE_URL: 'app.db', STORAGE: './app.db' })).toEqual({
    DATABASE_URL: '/data/database.sqlite',
    STORAGE: '/data/database.sqlite',
  });
});

test('without a database there is nothing to name', () => {
  expect(databaseNames({}, { DATABASE_URL: 'postgres://localhost/app' })).toEqual({});
});
