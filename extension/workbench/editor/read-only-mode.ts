import { remembered } from '../layout/remembered.ts';

/** Whether somebody only wants to read: no file is changed by what is typed. */
export const readOnlyMode = remembered('editor.read-only', (stored) => stored === 'true');
