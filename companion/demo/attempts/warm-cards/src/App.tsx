import { NoteForm } from './NoteForm.tsx';
import { NoteList } from './NoteList.tsx';
import { useNotes } from './notes.ts';

export function App() {
  const { notes, problem, post } = useNotes();
  return (
    <main>
      <header>
        <h1>Harbour Café, by candlelight</h1>
        <p className="tagline">{notes.length} guests have left a word</p>
      </header>
      <NoteForm onSubmit={post} />
      {problem && <p className="problem" role="alert">{problem}</p>}
      <NoteList notes={notes} />
    </main>
  );
}
