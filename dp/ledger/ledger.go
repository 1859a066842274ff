// Package ledger is the memory of what has been spent: one account per dataset, in a database that only grows.
//
//  1. [Create] makes a ledger, [Open] opens one. Both read it from its first entry to its last and believe none of
//     it that does not follow from the entry before: every [Entry] carries a SHA-256 hash of itself and of its
//     predecessor's hash.
//  2. [Store.OpenAccountWith] opens a dataset's account with a cap (ε, δ) for its whole life, and, if wanted, caps for days,
//     weeks and months. The first run fixes the unit that the account protects. [Store.Raise] puts a larger cap in the
//     place of one, on record for ever.
//  3. [Store.Reserve] sets an [Amount] aside before anything is drawn. The entry is on disk when it returns, and no other
//     process can have spent the same budget in between. What the caps do not hold is a [RefusedError]; a run whose key
//     was committed before is a [DoneError].
//  4. [Store.Commit] ties a reservation to the digest of the artefact made with it, and to every release that was charged. A
//     reservation that is never committed stays spent: a crash wastes budget and refunds none.
//  5. [Store.Account], [Store.Find], [Store.Entries] and [Store.Verify] answer what was spent, on what, and whether the
//     record is whole. [Account.Grants], [Account.RunsLeft] and [Account.Exhausted] look ahead.
//
// A ledger is an SQLite file, for one machine, or a schema in PostgreSQL, for many. Both hold the same entries.
//
// An entry's time is the clock's of the machine that wrote it, but never before the entry before it; a clock that is
// minutes behind is refused, as it would spend in a window that is over.
//
// Accounts and totals are never stored; they are the entries added up, so there is nothing for the entries to disagree
// with. What cannot be understood is refused ([ErrDamaged]), never repaired or skipped.
//
// The chain catches accidents and edits of single rows. It cannot tell a ledger from an older copy of
// itself, nor from one rewritten from end to end by somebody who can write the file: whoever may write the
// ledger is trusted with it. A published reservation ID holds part of a hash, against which a ledger can be checked.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Errors a caller may branch on with errors.Is. See also [RefusedError].
var (
	ErrMissing   = errors.New("there is no ledger here; create one first")
	ErrNoAccount = errors.New("no account is open for this dataset; open one with a lifetime ε and δ first")
	ErrExists    = errors.New("the dataset has an account already, and its cap is for life")
	ErrRunning   = errors.New("the same job is being done by another process; try again when it has ended")
	ErrBusy      = errors.New("the ledger is locked by another process; try again")
	ErrDamaged   = errors.New("the ledger is damaged or not a ledger; restore it from a backup, and spend nothing until then")
)

// A Store is an open ledger. It is safe for concurrent use, and so are several Stores of one ledger in one or many
// processes.
type Store struct {
	db      *sql.DB
	dialect dialect

	clock func() time.Time // UTC, whole seconds

	mu   sync.Mutex
	book *book // what the entries read so far add up to
}

func (s *Store) now() time.Time { return s.clock() }

// Create opens the ledger at location, making an empty one if there is nothing there. See Open for location and errors.
// A file is for its owner only (mode 0600), and belongs on a local disk: SQLite's locks and its log do not work over
// most network file systems. In PostgreSQL the database must exist; its tables are made in the schema patina_ledger.
func Create(ctx context.Context, location string) (*Store, error) {
	d, err := parse(location)
	if err != nil {
		return nil, err
	}
	if err := d.create(ctx); err != nil {
		return nil, fmt.Errorf("create ledger %s: %w", d, d.classify(err))
	}
	return open(ctx, d)
}

// Open opens the ledger at location and checks every entry. A location is a file path, sqlite:///absolute/path, or
// postgres://user:password@host:port/database, whose parameters, and whose defaults from the environment, are libpq's, but for
// search_path, which names the schema. Errors show neither user nor password. It fails with ErrMissing if there is no
// ledger, with ErrDamaged if what is there is not a whole ledger of a version this build knows, and with ErrBusy if it stays
// locked for longer than a few seconds.
func Open(ctx context.Context, location string) (*Store, error) {
	d, err := parse(location)
	if err != nil {
		return nil, err
	}
	return open(ctx, d)
}

func open(ctx context.Context, d dialect) (*Store, error) {
	db, err := d.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", d, d.classify(err))
	}
	s := &Store{db: db, dialect: d, clock: wallClock}
	s.book = newBook(s.now)
	if err := s.check(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open ledger %s: %w", d, d.classify(err))
	}
	return s, nil
}

// check reads everything there is into the book.
func (s *Store) check(ctx context.Context) error {
	if err := s.dialect.checkSchema(ctx, s.db); err != nil {
		return err
	}
	return s.view(ctx, func(*book) error { return nil })
}

// Close closes the ledger. Everything written is on disk already.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return s.failed("close", err)
	}
	return nil
}

// locations says in errors what a ledger's location can be.
const locations = "give a file path, sqlite:///absolute/path or postgres://user@host/database"

// parse turns the location of a ledger into the dialect that speaks to it. Locations that are not a path are not
// quoted in errors: they may carry a password.
func parse(location string) (dialect, error) {
	scheme, rest, isURL := strings.Cut(location, "://")
	switch {
	case location == "":
		return nil, errors.New("no ledger was named: " + locations)
	case !isURL:
		return newSQLite(location)
	case scheme == "postgres", scheme == "postgresql":
		return newPostgres(location)
	case scheme != "sqlite":
		return nil, errors.New("the ledger's URL has an unknown scheme: " + locations)
	}
	path, err := url.PathUnescape(rest)
	if err != nil || !strings.HasPrefix(path, "/") || strings.ContainsAny(rest, "?#") {
		return nil, errors.New("the ledger's URL must be sqlite:///absolute/path, without parameters")
	}
	return newSQLite(path)
}

// Redact returns a ledger's location as it may be printed: of a database's URL the scheme, the host and the database, without
// names or passwords; a path as it is.
func Redact(location string) string {
	scheme, _, isURL := strings.Cut(location, "://")
	if !isURL || scheme == "sqlite" {
		return location
	}
	u, err := url.Parse(location)
	if err != nil {
		return scheme + "://…"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// wallClock is the time an entry is stamped with: UTC, to the second, which is all that an audit needs and
// little enough to say nothing about the data.
func wallClock() time.Time { return time.Now().UTC().Truncate(time.Second) }

// failed says what could not be done to which ledger, in terms of this package's errors.
func (s *Store) failed(act string, err error) error {
	return fmt.Errorf("%s in ledger %s: %w", act, s.dialect, s.dialect.classify(err))
}
