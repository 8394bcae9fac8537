import { expect, test } from 'vitest';
import { addCounts, countReport, summaryLine } from './count-results.ts';

function report(change: object = {}): string {
  const base = { success: true, numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  return JSON.stringify({ ...base, testResults: [], ...change });
}

test('the counts of several runs are added up in one line', () => {
  const failing = report({ success: false, numPassedTests: 3, numFailedTests: 1 });
  expect(summaryLine(addCounts([countReport(report()), countReport(failing)]))).toBe('5 passed, 1 failed');
});

test('a file that failed before its tests ran counts as a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(countReport(report({ success: false, testResults })).failed).toBe(1);
});

test('a run that failed outside its tests counts as a failure', () => {
  expect(countReport(report({ success: false })).failed).toBe(1);
});

test('skipped tests are named', () => {
  expect(summaryLine(countReport(report({ numPendingTests: 1, numTodoTests: 1 })))).toBe(
    '2 passed, 0 failed, 2 skipped',
  );
});
