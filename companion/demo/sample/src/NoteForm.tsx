import { type FormEvent, useState } from 'react';

export function NoteForm({ onSubmit }: { onSubmit(author: string, text: string): Promise<void> }) {
  const [author, setAuthor] = useState('');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      await onSubmit(author, text);
      setText('');
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <form className="form" onSubmit={submit}>
      <label>
        Your name
        <input name="author" value={author} onChange={(event) => setAuthor(event.target.value)} required />
      </label>
      <label>
        Your note
        <textarea name="text" rows={3} value={text} onChange={(event) => setText(event.target.value)} required />
      </label>
      {problem && <p className="problem" role="alert">{problem}</p>}
      <button type="submit">Sign the guestbook</button>
    </form>
  );
}
