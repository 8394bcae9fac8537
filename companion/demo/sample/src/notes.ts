import { useCallback, useEffect, useState } from 'react';

export interface Note {
  id: number;
  author: string;
  text: string;
  createdAt: string;
}

const API = `${import.meta.env.VITE_API_URL ?? ''}/api`;

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(API + path, init);
  // A proxy that finds no server answers in its own words.
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Error(body?.error ?? `The server answered ${response.status}.`);
  return body;
}

/** The guestbook's notes, newest first, kept up to date while the page is open. */
export function useNotes() {
  const [notes, setNotes] = useState<Note[]>([]);
  const [problem, setProblem] = useState<string>();

  const add = useCallback((note: Note) => {
    setNotes((known) => (known.some(({ id }) => id === note.id) ? known : [note, ...known]));
  }, []);

  useEffect(() => {
    let left = false;
    const load = () =>
      call<Note[]>('/notes').then(
        (list) => {
          if (left) return;
          setNotes(list);
          setProblem(undefined);
        },
        (error: Error) => left || setProblem(error.message),
      );
    load();
    const events = new EventSource(`${API}/events`);
    events.onopen = load;
    events.onmessage = ({ data }) => add(JSON.parse(data));
    return () => {
      left = true;
      events.close();
    };
  }, [add]);

  const post = useCallback(
    async (author: string, text: string) => {
      const body = JSON.stringify({ author, text });
      add(await call<Note>('/notes', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
    },
    [add],
  );

  return { notes, problem, post };
}
