import { NoteForm } from './NoteForm.tsx';
import { NoteList } from './NoteList.tsx';
import { useNotes } from './notes.ts';

export function App() {
  const { notes, problem, post } = useNotes();
  return (
    <main>
      <header>
        <h1>Harbour Café</h1>
        <p className="tagline">Leave a word before you go</p>
      </header>
      <NoteForm onSubmit={post} />
      {problem && <p className="problem" role="alert">{problem}</p>}
      <NoteList notes={notes} />
    </main>
  );
}
