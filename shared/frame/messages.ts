import { z } from 'zod';

/** Between the preview frame and the workbench around it (postMessage). The frame checks the parent's origin. */
export const frameToWorkbenchSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vitrine:hello'), frameId: z.string().max(64) }),
  z.object({
    type: z.literal('vitrine:route'),
    route: z.string(),
    canGoBack: z.boolean(),
    canGoForward: z.boolean(),
  }),
  z.object({ type: z.literal('vitrine:painted') }),
]);
export type FrameToWorkbench = z.infer<typeof frameToWorkbenchSchema>;

export const workbenchToFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vitrine:connect') }),
  z.object({ type: z.literal('vitrine:navigate'), action: z.enum(['back', 'forward', 'reload']) }),
  z.object({ type: z.literal('vitrine:go'), route: z.string().startsWith('/') }),
]);
export type WorkbenchToFrame = z.infer<typeof workbenchToFrameSchema>;
