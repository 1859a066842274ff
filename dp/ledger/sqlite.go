package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// An sqliteFile is a ledger in one SQLite database file, with its write-ahead log beside it.
type sqliteFile struct {
	path string        // absolute
	busy time.Duration // how long to wait for a lock
}

// defaultBusy outlasts the writes of a few dozen processes that queue up, each with its fsyncs.
const defaultBusy = 5 * time.Second

// The marks of our files in SQLite's header: "pati", and the version of the schema below.
const (
	applicationID = 0x70617469
	schemaVersion = 1
)

// sqliteSchema is compared with what a file has, name by name and byte by byte: a ledger whose triggers were dropped
// is not trusted. There is no index: every reader checks the chain and so reads all of it in order of seq, which is
// the table's own order. The triggers stop mistakes; INSERT OR REPLACE would slip past the one on DELETE
// alone, which is why the one on INSERT insists on the next number.
var sqliteSchema = [][2]string{
	{"entries", `CREATE TABLE entries (
	seq     INTEGER PRIMARY KEY CHECK (seq > 0),
	time    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	dataset TEXT NOT NULL,
	payload TEXT NOT NULL,
	prev    TEXT NOT NULL,
	hash    TEXT NOT NULL
) STRICT`},
	{"entries_append", `CREATE TRIGGER entries_append BEFORE INSERT ON entries
WHEN NEW.seq <> (SELECT seq + 1 FROM head) OR NEW.prev <> (SELECT hash FROM head)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"entries_delete", `CREATE TRIGGER entries_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"entries_update", `CREATE TRIGGER entries_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"head", `CREATE TABLE head (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL,
	hash TEXT NOT NULL
) STRICT`},
	{"head_delete", `CREATE TRIGGER head_delete BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"head_update", `CREATE TRIGGER head_update BEFORE UPDATE ON head WHEN NEW.seq <> OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
}

func newSQLite(path string) (*sqliteFile, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the ledger: %w", err)
	}
	return &sqliteFile{path: abs, busy: defaultBusy}, nil
}

func (f *sqliteFile) String() string { return f.path }

// dsn is the driver's address of the file at path, which must exist. Its log is folded back into it after every commit,
// so that a copy of the one file made while nobody writes is a whole ledger.
func (f *sqliteFile) dsn(path string) string {
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	address.RawQuery = url.Values{
		"mode":    {"rw"},
		"_txlock": {"immediate"},
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", f.busy.Milliseconds()),
			"synchronous(FULL)", "foreign_keys(1)", "trusted_schema(0)", "wal_autocheckpoint(1)",
		},
	}.Encode()
	return address.String()
}

// create builds the ledger under a temporary name and links it to its own, which fails if somebody else was faster. So
// a ledger is never seen without its schema, and an empty file is never taken for one about to be filled.
func (f *sqliteFile) create(ctx context.Context) error {
	if _, err := os.Lstat(f.path); !errors.Is(err, fs.ErrNotExist) {
		return err // nil if there is something
	}
	temp, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	if err := f.fill(ctx, temp.Name()); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), f.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(f.path))
}

// fill makes the empty file at path an empty ledger.
func (f *sqliteFile) fill(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", f.dsn(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	statements := []string{
		"PRAGMA journal_mode = WAL",
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", schemaVersion),
	}
	for _, object := range sqliteSchema {
		statements = append(statements, object[1])
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, `INSERT INTO head (one, seq, hash) VALUES (1, 0, $1)`, genesis)
	return err
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// open refuses what is not a file with something in it before SQLite sees it: SQLite would take an empty file for a new
// database, and wait for ever on a pipe.
func (f *sqliteFile) open(ctx context.Context) (*sql.DB, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrMissing
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() == 0:
		return nil, fmt.Errorf("%w: the file is empty", ErrDamaged)
	}
	db, err := sql.Open("sqlite", f.dsn(f.path))
	if err != nil {
		return nil, err
	}
	// One connection: a Store does one thing at a time anyway, and waits for itself without a timeout.
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// begin relies on the driver's _txlock for transactions that write.
func (f *sqliteFile) begin(ctx context.Context, db *sql.DB, write bool) (*sql.Tx, error) {
	return db.BeginTx(ctx, &sql.TxOptions{ReadOnly: !write})
}

// passing is never true: whoever holds SQLite's lock fails for no reason of others, and waiting for it is the driver's.
func (f *sqliteFile) passing(error) bool { return false }

func (f *sqliteFile) checkSchema(ctx context.Context, db *sql.DB) error {
	var id, version number
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id != applicationID {
		return fmt.Errorf("%w: the file is not marked as a ledger", ErrDamaged)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version != schemaVersion {
		return fmt.Errorf("%w: it has version %d, and this build knows version %d", ErrDamaged, version, schemaVersion)
	}
	return checkObjects(ctx, db)
}

// checkObjects compares tables and triggers with the schema.
func checkObjects(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT name, sql FROM sqlite_schema ORDER BY name")
	if err != nil {
		return err
	}
	defer rows.Close()
	found := 0
	for ; rows.Next(); found++ {
		var name, statement text
		if err := rows.Scan(&name, &statement); err != nil {
			return err
		}
		if found >= len(sqliteSchema) || sqliteSchema[found] != [2]string{string(name), string(statement)} {
			return fmt.Errorf("%w: its tables or triggers were changed", ErrDamaged)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if found != len(sqliteSchema) {
		return fmt.Errorf("%w: %d of its %d tables and triggers are there", ErrDamaged, found, len(sqliteSchema))
	}
	return nil
}

func (f *sqliteFile) checkStorage(ctx context.Context, db *sql.DB) error {
	var verdict text
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: SQLite's integrity check fails", ErrDamaged)
	}
	return nil
}

// classify sorts SQLite's result codes by what the user can do. The statements are fixed and the schema was
// checked, so whatever is not about the file's surroundings is about the file.
func (f *sqliteFile) classify(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff { // the rest are details
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_PROTOCOL:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case codes.SQLITE_READONLY, codes.SQLITE_PERM, codes.SQLITE_CANTOPEN, codes.SQLITE_AUTH:
		return fmt.Errorf("no write access; this user must be able to write the file and its folder: %w", err)
	case codes.SQLITE_FULL:
		return fmt.Errorf("the disk is full: %w", err)
	case codes.SQLITE_IOERR, codes.SQLITE_NOMEM, codes.SQLITE_INTERRUPT, codes.SQLITE_NOLFS:
		if e.Code() != codes.SQLITE_IOERR_SHORT_READ {
			return err
		}
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}
