package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// A postgresDatabase is a ledger in one schema of a PostgreSQL database, for many machines. Who only runs profiles
// needs USAGE on the schema, SELECT and INSERT on entries, SELECT and UPDATE on head.
type postgresDatabase struct {
	config *pgx.ConnConfig
	name   string // the URL without user and password
	schema string
	busy   time.Duration // how long to wait for a lock
}

// postgresSchemaName is where the tables are unless the URL names a search_path.
const postgresSchemaName = "patina_ledger"

// plainName is a name that SQL takes without quotes, so that there is nothing to quote wrongly.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// newPostgres reads a URL of the form postgres://user:password@host:port/database. What it leaves out comes from libpq's
// environment variables and password file. Errors do not quote it.
func newPostgres(location string) (*postgresDatabase, error) {
	config, err := pgx.ParseConfig(location)
	if err != nil {
		return nil, errors.New("the ledger's URL cannot be read: give postgres://user:password@host:port/database, with %-escapes where the password has other characters than letters and digits")
	}
	schema := config.RuntimeParams["search_path"]
	if schema == "" {
		schema = postgresSchemaName
	}
	if !plainName.MatchString(schema) {
		return nil, errors.New("the search_path in the ledger's URL must be one schema, of lower-case letters, digits and '_'")
	}
	config.RuntimeParams["search_path"] = schema
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "patina"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	return &postgresDatabase{config: config, name: Redact(location), schema: schema, busy: defaultBusy}, nil
}

func (p *postgresDatabase) String() string { return p.name }

func (p *postgresDatabase) open(ctx context.Context) (*sql.DB, error) {
	db := stdlib.OpenDB(*p.config)
	db.SetMaxIdleConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// begin takes the lock that all writers take before the transaction sees anything: its view of the data is fixed by its
// first statement that reads, so it sees all that those before it wrote. A serialisation failure is still possible
// where somebody else works on the tables, and is tried again.
func (p *postgresDatabase) begin(ctx context.Context, db *sql.DB, write bool) (*sql.Tx, error) {
	if !write {
		return db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return nil, err
	}
	// On disk when COMMIT returns, whatever the server's default is.
	_, err = tx.ExecContext(ctx, fmt.Sprintf("SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = %d; LOCK TABLE head IN EXCLUSIVE MODE",
		p.busy.Milliseconds()))
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// lock holds a lock of a session that does nothing else.
func (p *postgresDatabase) lock(ctx context.Context, db *sql.DB, job [sha256.Size]byte) (func() error, error) {
	id := sha256.Sum256(append([]byte(p.schema+"."), job[:]...))
	number := int64(binary.BigEndian.Uint64(id[:8]))
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var taken bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", number).Scan(&taken); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if !taken {
		return nil, errors.Join(ErrRunning, conn.Close())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", number)
		return errors.Join(err, conn.Close())
	}, nil
}

// The result codes of PostgreSQL that a user can do something about (Appendix A of its manual).
var postgresCodes = map[string]string{
	"28000": "the server does not let this user in",
	"28P01": "the server does not take this user and password",
	"3D000": "the server has no such database; create it first",
	"42501": "this user may not do that; it needs USAGE on the schema, SELECT and INSERT on entries, SELECT and UPDATE on head, and to create a ledger, CREATE on the database",
	"25006": "the server is read-only, perhaps a standby; name the one that takes writes",
	"53100": "the server's disk is full",
}

// classify sorts PostgreSQL's errors by what the user can do.
func (p *postgresDatabase) classify(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "55P03", "57P03", "53300", "40001", "40P01": // locked, starting up, too many connections, conflicts
			return fmt.Errorf("%w: %w", ErrBusy, e)
		case "42P01", "42703", "3F000", "P0001", "XX001", "XX002": // no such table, column or schema; our triggers; corruption
			return fmt.Errorf("%w: %w", ErrDamaged, e)
		}
		if advice := postgresCodes[e.Code]; advice != "" {
			return fmt.Errorf("%s: %w", advice, e)
		}
		return err
	}
	var unreachable *pgconn.ConnectError
	if errors.As(err, &unreachable) {
		// Its own text names the user.
		return fmt.Errorf("the server cannot be reached; is it running, and is this its address? %w", unreachable.Unwrap())
	}
	return err
}

// passing reports whether a transaction failed because of others, and left nothing behind.
func (p *postgresDatabase) passing(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}
