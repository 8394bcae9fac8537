import { viteConfigText } from './vite-root.ts';

/** Where Vite listens unless it is told. */
const VITE_PORT = 5_173;

/** The port at which a frontend is developed without a preview: what its backend takes for its address. */
export async function frontendPort(root: string): Promise<number> {
  const text = (await viteConfigText(root)) ?? '';
  const told = /\bserver\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?\bport\s*:\s*(\d{4,5})\b/.exec(text)?.[1];
  return told === undefined ? VITE_PORT : Number(told);
}
