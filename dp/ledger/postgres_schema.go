package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// postgresMark is the comment on our table of entries: what it is, and the version of the schema below.
const postgresMark = "patina ledger 1"

// postgresTables are the tables, as in SQLite.
const postgresTables = `
CREATE TABLE entries (
	seq     BIGINT PRIMARY KEY CHECK (seq > 0),
	time    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	dataset TEXT NOT NULL,
	payload TEXT NOT NULL,
	prev    TEXT NOT NULL,
	hash    TEXT NOT NULL
);
CREATE TABLE head (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  BIGINT NOT NULL,
	hash TEXT NOT NULL
);
INSERT INTO head (one, seq, hash) VALUES (1, 0, '%s');
COMMENT ON TABLE entries IS '%s';
`

// A postgresTrigger stops a mistake. Its source is compared with what the database has when a ledger is opened: one
// whose triggers were dropped, changed or disabled is not trusted.
type postgresTrigger struct {
	table, name, when string
	kind              int    // pg_trigger.tgtype, which says the same as when
	source            string // of the function, %[1]s the schema
}

const postgresRefusal = `BEGIN RAISE EXCEPTION 'the ledger is append-only'; END`

// The bits of pg_trigger.tgtype.
const (
	forRow = 1 << iota
	before
	onInsert
	onDelete
	onUpdate
	onTruncate
)

// postgresTriggers are sorted by name.
var postgresTriggers = []postgresTrigger{
	{"entries", "entries_append", "INSERT ON entries FOR EACH ROW", forRow | before | onInsert,
		`BEGIN
	IF NOT EXISTS (SELECT 1 FROM %[1]s.head WHERE NEW.seq = head.seq + 1 AND NEW.prev = head.hash) THEN
		RAISE EXCEPTION 'the ledger is append-only';
	END IF;
	RETURN NEW;
END`},
	{"entries", "entries_keep", "UPDATE OR DELETE ON entries FOR EACH ROW", forRow | before | onDelete | onUpdate, postgresRefusal},
	{"entries", "entries_truncate", "TRUNCATE ON entries FOR EACH STATEMENT", before | onTruncate, postgresRefusal},
	{"head", "head_delete", "DELETE ON head FOR EACH ROW", forRow | before | onDelete, postgresRefusal},
	{"head", "head_truncate", "TRUNCATE ON head FOR EACH STATEMENT", before | onTruncate, postgresRefusal},
	{"head", "head_update", "UPDATE ON head FOR EACH ROW", forRow | before | onUpdate,
		`BEGIN
	IF NEW.seq <> OLD.seq + 1 THEN
		RAISE EXCEPTION 'the ledger is append-only';
	END IF;
	RETURN NEW;
END`},
}

// body is the source of the trigger's function in a schema.
func (t postgresTrigger) body(schema string) string {
	if strings.Contains(t.source, "%") {
		return fmt.Sprintf(t.source, schema)
	}
	return t.source
}

// create makes the tables if there are none. It is one transaction, and one at a time.
func (p *postgresDatabase) create(ctx context.Context) (err error) {
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", p.schema); err != nil {
		return err
	}
	there, err := p.find(ctx, tx)
	if err != nil || there {
		return err
	}
	for _, statement := range p.statements() {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// find reports whether there are tables of our names. It insists on an encoding that holds every text.
func (p *postgresDatabase) find(ctx context.Context, tx *sql.Tx) (there bool, err error) {
	var encoding string
	err = tx.QueryRowContext(ctx, "SELECT to_regclass($1 || '.entries') IS NOT NULL, current_setting('server_encoding')", p.schema).Scan(&there, &encoding)
	if err == nil && encoding != "UTF8" {
		err = fmt.Errorf("the database's encoding is %s: create it with UTF8", encoding)
	}
	return there, err
}

// statements make an empty ledger.
func (p *postgresDatabase) statements() []string {
	out := []string{
		fmt.Sprintf("DO $do$ BEGIN IF to_regnamespace('%[1]s') IS NULL THEN CREATE SCHEMA %[1]s; END IF; END $do$", p.schema),
		fmt.Sprintf(postgresTables, genesis, postgresMark),
	}
	for _, t := range postgresTriggers {
		out = append(out,
			fmt.Sprintf("CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $body$%s$body$", t.name, t.body(p.schema)),
			fmt.Sprintf("CREATE TRIGGER %s BEFORE %s EXECUTE FUNCTION %s.%s()", t.name, t.when, p.schema, t.name))
	}
	return out
}

// checkSchema refuses what is not a ledger of this version with all its triggers, and a server that forgets what it has
// promised to keep when the power fails.
func (p *postgresDatabase) checkSchema(ctx context.Context, db *sql.DB) error {
	var mark sql.NullString
	var fsync string
	var there bool
	err := db.QueryRowContext(ctx, `SELECT to_regclass($1 || '.entries') IS NOT NULL, obj_description(to_regclass($1 || '.entries'), 'pg_class'), current_setting('fsync')`,
		p.schema).Scan(&there, &mark, &fsync)
	switch {
	case err != nil:
		return err
	case !there:
		return ErrMissing
	case mark.String != postgresMark:
		return fmt.Errorf("%w: its table of entries is not marked as one of a version that this build knows", ErrDamaged)
	case fsync != "on":
		return errors.New("the server runs with fsync = off, so that a power cut could make it forget what was spent: turn it on")
	}
	found, err := p.triggers(ctx, db)
	if err != nil {
		return err
	}
	var want []string
	for _, t := range postgresTriggers {
		want = append(want, strings.Join([]string{t.table, t.name, "O", strconv.Itoa(t.kind), t.body(p.schema)}, "|"))
	}
	if !slices.Equal(found, want) {
		return fmt.Errorf("%w: its triggers were changed", ErrDamaged)
	}
	return nil
}

// triggers describes the triggers that the tables have, by name.
func (p *postgresDatabase) triggers(ctx context.Context, db *sql.DB) (found []string, err error) {
	rows, err := db.QueryContext(ctx, `
SELECT concat_ws('|', c.relname, t.tgname, t.tgenabled, t.tgtype, f.prosrc)
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = to_regnamespace($1) AND c.relname IN ('entries', 'head') AND NOT t.tgisinternal
ORDER BY t.tgname COLLATE "C"`, p.schema)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var description string
		if err := rows.Scan(&description); err != nil {
			return nil, err
		}
		found = append(found, description)
	}
	return found, rows.Err()
}

// checkStorage has nothing to ask: the server checks what it reads, and the chain has been read.
func (p *postgresDatabase) checkStorage(context.Context, *sql.DB) error { return nil }
