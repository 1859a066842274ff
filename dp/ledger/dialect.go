package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
)

// A dialect is what one kind of database does its own way. Everything else, the format of entries and the SQL
// that reads and writes them, is common.
type dialect interface {
	// create makes an empty ledger where there is nothing, and leaves anything that is there alone.
	create(ctx context.Context) error
	// open connects to a ledger that exists.
	open(ctx context.Context) (*sql.DB, error)
	// begin begins a transaction that sees one state of the ledger. One that writes locks out all other writers before it
	// sees anything, and is on disk when Commit returns.
	begin(ctx context.Context, db *sql.DB, write bool) (*sql.Tx, error)
	// passing reports whether a transaction failed because of others, left nothing behind, and may be tried again.
	passing(err error) bool
	// checkSchema finds out whether the database is a ledger of a version this build knows.
	checkSchema(ctx context.Context, db *sql.DB) error
	// checkStorage has the database examine its own structure.
	checkStorage(ctx context.Context, db *sql.DB) error
	// lock holds the lock on a job until unlock is called or the process ends. It does not wait, and fails with ErrRunning.
	lock(ctx context.Context, db *sql.DB, job [sha256.Size]byte) (unlock func() error, err error)
	// classify wraps the driver's errors in this package's. Other errors pass unchanged.
	classify(err error) error
	// String names the ledger in errors.
	String() string
}
