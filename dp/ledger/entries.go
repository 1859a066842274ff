package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// The SQL of this file is common to all dialects.

const (
	selectEntries = `SELECT seq, time, kind, dataset, payload, prev, hash FROM entries WHERE seq > $1 ORDER BY seq`
	selectHead    = `SELECT seq, hash FROM head`
	insertEntry   = `INSERT INTO entries (seq, time, kind, dataset, payload, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	updateHead    = `UPDATE head SET seq = $1, hash = $2`
)

// Entries returns the entries of a dataset, the newest last; "" stands for all datasets. It reads and checks the whole
// ledger. A dataset without an account is ErrNoAccount, so that a misspelt name does not look like one that never
// spent.
func (s *Store) Entries(ctx context.Context, dataset string) ([]Entry, error) {
	var out []Entry
	err := s.replay(ctx, func(e Entry) {
		if dataset == "" || e.Dataset == dataset {
			out = append(out, e)
		}
	})
	if err == nil && dataset != "" && len(out) == 0 {
		err = fmt.Errorf("dataset %.40q: %w", dataset, ErrNoAccount)
	}
	if err != nil {
		return nil, s.failed("list the entries", err)
	}
	return out, nil
}

// Verify checks the database's own structure and recomputes the chain from the first entry. It fails with ErrDamaged,
// naming the first entry that does not follow.
func (s *Store) Verify(ctx context.Context) error {
	err := s.dialect.checkSchema(ctx, s.db)
	if err == nil {
		err = s.replay(ctx, func(Entry) {})
	}
	if err == nil {
		err = s.dialect.checkStorage(ctx, s.db)
	}
	if err != nil {
		return s.failed("verify the chain", err)
	}
	return nil
}

// replay reads the ledger from its first entry, whatever was read before.
func (s *Store) replay(ctx context.Context, each func(Entry)) error {
	tx, err := s.dialect.begin(ctx, s.db, false)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return newBook(s.now).read(ctx, tx, each)
}

// view brings the book up to date and shows it to look, which must not keep it.
func (s *Store) view(ctx context.Context, look func(*book) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx, err := s.dialect.begin(ctx, s.db, false)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := s.book.read(ctx, tx, func(Entry) {}); err != nil {
		return err
	}
	return look(s.book)
}

// append writes one entry: lock the ledger against all other writers, bring the book up to date, decide, write, commit to
// disk, unlock. The book takes the entry in when it is next read back, so it never holds what the disk does not.
func (s *Store) append(ctx context.Context, decide func(*book) (Entry, error)) (Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for try := 1; ; try++ {
		e, err := s.appendOnce(ctx, decide)
		if err == nil || try == maxTries || !s.dialect.passing(err) {
			return e, err
		}
	}
}

// maxTries is how often a transaction is tried that fails because of others. Writers queue for a lock, so that it takes
// somebody who works on the tables without it for one to fail at all.
const maxTries = 8

func (s *Store) appendOnce(ctx context.Context, decide func(*book) (Entry, error)) (Entry, error) {
	tx, err := s.dialect.begin(ctx, s.db, true)
	if err != nil {
		return Entry{}, err
	}
	defer tx.Rollback()
	if err := s.book.read(ctx, tx, func(Entry) {}); err != nil {
		return Entry{}, err
	}
	e, err := decide(s.book)
	if err != nil {
		return Entry{}, err
	}
	if err := write(ctx, tx, e); err != nil {
		return Entry{}, err
	}
	return e, tx.Commit()
}

func write(ctx context.Context, tx *sql.Tx, e Entry) error {
	err := execOne(ctx, tx, insertEntry,
		e.Seq, e.Time.Format(timeLayout), string(e.Kind), e.Dataset, e.Payload, e.Prev, e.Hash)
	if err != nil {
		return err
	}
	return execOne(ctx, tx, updateHead, e.Seq, e.Hash)
}

// execOne insists that a statement did what it says: a rule of the database could have it do nothing, and report success.
func execOne(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	result, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("%w: a statement changed %d rows, not one", ErrDamaged, n), err)
	}
	return nil
}

// read adds the entries that the database has after the book's last, and checks that the last of them is the one the
// head names: rows cut off the end would leave a shorter chain that is still a chain.
func (b *book) read(ctx context.Context, tx *sql.Tx, each func(Entry)) error {
	if err := b.readEntries(ctx, tx, each); err != nil {
		return err
	}
	var seq number
	var hash text
	err := tx.QueryRowContext(ctx, selectHead).Scan(&seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: it has no head", ErrDamaged)
	}
	if err != nil {
		return err
	}
	if int64(seq) != b.seq || string(hash) != b.hash {
		return fmt.Errorf("%w: entry %d: the ledger's head names entry %d as the last", ErrDamaged, b.seq+1, seq)
	}
	return nil
}

func (b *book) readEntries(ctx context.Context, tx *sql.Tx, each func(Entry)) error {
	rows, err := tx.QueryContext(ctx, selectEntries, b.seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return fmt.Errorf("entry %d: %w", b.seq+1, err)
		}
		if err := b.add(e); err != nil {
			return err
		}
		each(e)
	}
	return rows.Err()
}

func scanEntry(rows *sql.Rows) (Entry, error) {
	var seq number
	var stamp, kind, dataset, payload, prev, hash text
	if err := rows.Scan(&seq, &stamp, &kind, &dataset, &payload, &prev, &hash); err != nil {
		return Entry{}, err
	}
	at, err := parseTime(string(stamp))
	return Entry{
		Seq: int64(seq), Time: at, Kind: Kind(kind), Dataset: string(dataset),
		Payload: string(payload), Prev: string(prev), Hash: string(hash),
	}, err
}

// text and number are columns read strictly: a value of another type is damage, not something to convert.
type (
	text   string
	number int64
)

// Scan implements sql.Scanner.
func (t *text) Scan(value any) error {
	s, ok := value.(string)
	if !ok {
		return fmt.Errorf("%w: a column that holds text does not", ErrDamaged)
	}
	*t = text(s)
	return nil
}

// Scan implements sql.Scanner.
func (n *number) Scan(value any) error {
	i, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%w: a column that holds a number does not", ErrDamaged)
	}
	*n = number(i)
	return nil
}
