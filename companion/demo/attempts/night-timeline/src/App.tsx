import { useState } from 'react';
import { NoteForm } from './NoteForm.tsx';
import { NoteList } from './NoteList.tsx';
import { useNotes } from './notes.ts';

export function App() {
  const { notes, problem, post } = useNotes();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = notes.filter(({ author, text }) => `${author} ${text}`.toLowerCase().includes(wanted));
  return (
    <main>
      <header>
        <h1>Harbour Café after dark</h1>
        <p className="tagline">A timeline of our guests</p>
      </header>
      <NoteForm onSubmit={post} />
      {problem && <p className="problem" role="alert">{problem}</p>}
      <label className="search">
        Search the notes
        <input name="query" type="search" value={query} onChange={(event) => setQuery(event.target.value)} />
      </label>
      <NoteList notes={found} />
    </main>
  );
}
