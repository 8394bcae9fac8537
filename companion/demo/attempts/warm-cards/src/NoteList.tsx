import { Applause } from './Applause.tsx';
import type { Note } from './notes.ts';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

export function NoteList({ notes }: { notes: Note[] }) {
  if (notes.length === 0) return <p className="empty">No notes yet. Be the first.</p>;
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li className="note" key={note.id}>
          <p>{note.text}</p>
          <footer>
            <strong>{note.author}</strong>
            <time dateTime={note.createdAt}>{DAY.format(new Date(note.createdAt))}</time>
          </footer>
          <Applause />
        </li>
      ))}
    </ul>
  );
}
