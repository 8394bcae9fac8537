import { remembered } from '../layout/remembered.ts';

/** How consoles are shown, the same in every preview. */
export const showTimes = remembered('console.times', (stored) => stored !== 'false');
export const groupRepeats = remembered('console.group', (stored) => stored !== 'false');
/** Keep what was printed when the app's page is loaded anew or the environment restarts. */
export const preserveLog = remembered('console.preserve', (stored) => stored !== 'false');
