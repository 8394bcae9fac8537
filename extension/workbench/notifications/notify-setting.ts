import { remembered } from '../layout/remembered.ts';

/** Whether the system tells of previews while somebody looks elsewhere. Off until it is asked for. */
export const notifyOutside = remembered('notifications', (stored) => stored === 'true');
