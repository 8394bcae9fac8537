import { installReports } from '../frame-state.ts';
import { captureConsole } from '../shim/capture-console.ts';
import { captureErrors } from '../shim/capture-errors.ts';
import { watchWorkerRequests } from '../shim/requests/watch-requests.ts';
import { ReportSocket } from './report-socket.ts';

// Loaded by a worker's script before anything of its own runs. What it imports may load this once more.

const socket = new ReportSocket();
if (installReports({ reports: [], onReport: (report) => socket.report(report) })) {
  captureConsole();
  captureErrors();
  watchWorkerRequests();
}
