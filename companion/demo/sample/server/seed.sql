INSERT INTO notes (author, text, created_at) VALUES
  ('Ada', 'The window seat, the rain outside, and cinnamon rolls. I will be back.', '2026-03-02T09:12:00.000Z'),
  ('Linus', 'Best flat white on this side of the harbour.', '2026-03-04T15:40:00.000Z'),
  ('Grace', 'My daughter learned to read a menu here today.', '2026-03-08T11:05:00.000Z');
