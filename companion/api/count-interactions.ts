import type { RequestHandler } from 'express';
import type { MeasurementStore } from '../storage/measurement-store.ts';

/** Counts what people did to environments: every call that changes something and succeeds. */
export function countInteractions(measurements: Pick<MeasurementStore, 'countInteraction'>): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.once('finish', () => {
        if (response.statusCode >= 400) return;
        measurements
          .countInteraction()
          .catch((error) => console.error('An interaction could not be counted:', error));
      });
    }
    next();
  };
}
