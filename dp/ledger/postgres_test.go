package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// behind opens the database behind a ledger's back, as its owner.
func behind(t *testing.T, location string) *sql.DB {
	t.Helper()
	p, err := newPostgres(location)
	if err != nil {
		t.Fatal(err)
	}
	db, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// mustExec runs statements.
func mustExec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// postgresLedger is a ledger in PostgreSQL with a dozen runs, closed.
func postgresLedger(t *testing.T) (location string, a Account) {
	t.Helper()
	location, s := newLedger(t)
	a = fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return location, a
}

func TestTampered(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(tampering)) {
			t.Run(name, func(t *testing.T) {
				path, _ := postgresLedger(t)
				db := behind(t, path)
				mustExec(t, db, "ALTER TABLE entries DISABLE TRIGGER USER", "ALTER TABLE head DISABLE TRIGGER USER")
				mustExec(t, db, tampering[name]...)
				mustExec(t, db, "ALTER TABLE entries ENABLE TRIGGER USER", "ALTER TABLE head ENABLE TRIGGER USER")
				if _, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) {
					t.Errorf("Open = %v, want ErrDamaged", err)
				}
			})
		}
		for name, statement := range map[string]string{
			"trigger dropped":    "DROP TRIGGER entries_keep ON entries",
			"trigger disabled":   "ALTER TABLE head DISABLE TRIGGER head_update",
			"trigger for replay": "ALTER TABLE entries ENABLE REPLICA TRIGGER entries_append",
			"trigger added":      "CREATE TRIGGER more BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_append()",
			"function replaced":  "CREATE OR REPLACE FUNCTION entries_keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
			"mark taken away":    "COMMENT ON TABLE entries IS NULL",
			"version raised":     "COMMENT ON TABLE entries IS 'patina ledger 2'",
			"head dropped":       "DROP TABLE head",
			"column dropped":     "ALTER TABLE entries DROP COLUMN prev",
			"number as text":     "ALTER TABLE head ALTER seq TYPE TEXT",
		} {
			t.Run(name, func(t *testing.T) {
				path, _ := postgresLedger(t)
				mustExec(t, behind(t, path), statement)
				if _, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) {
					t.Errorf("Open = %v, want ErrDamaged", err)
				}
			})
		}
		// A rule has statements do nothing and succeed: nothing may be taken for reserved that is not written.
		t.Run("rule added", func(t *testing.T) {
			path, _ := postgresLedger(t)
			mustExec(t, behind(t, path), "CREATE RULE drop AS ON INSERT TO entries DO INSTEAD NOTHING", "CREATE RULE drop AS ON UPDATE TO head DO INSTEAD NOTHING")
			if _, err := mustOpen(t, path).Reserve(t.Context(), askFor(t, 0.1, 1e-8)); !errors.Is(err, ErrDamaged) {
				t.Errorf("Reserve = %v, want ErrDamaged", err)
			}
		})
	})
}

func TestSQLRefusesChanges(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		path, want := postgresLedger(t)
		db := behind(t, path)
		for _, statement := range append([]string{"TRUNCATE entries", "TRUNCATE head", "TRUNCATE entries, head"}, forbidden...) {
			if _, err := db.Exec(statement); err == nil {
				t.Errorf("allowed: %s", statement)
			}
		}
		if got := mustAccount(t, mustOpen(t, path), "sales"); !same(got, want) {
			t.Errorf("after all this the account is %+v, want %+v", got, want)
		}
	})
}

// The right to run profiles is not the right to change what they cost.
func TestPostgresUsers(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		path, _ := postgresLedger(t)
		owner := behind(t, path)
		as := func(user, password string) string {
			u, err := url.Parse(path)
			if err != nil {
				t.Fatal(err)
			}
			u.User = url.UserPassword(user, password)
			return u.String()
		}
		schema := path[strings.LastIndex(path, "=")+1:]
		user := "runner_" + schema
		mustExec(t, owner, fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD 'hunter2'", user))
		for name, tc := range map[string]struct{ location, want string }{
			"wrong password":     {as("patina", "hunter2"), "does not take this user and password"},
			"no rights":          {as(user, "hunter2"), "this user may not do that"},
			"no database":        {strings.Replace(path, "/postgres?", "/nowhere?", 1), "no such database"},
			"no right to create": {strings.Replace(as(user, "hunter2"), "="+schema, "=elsewhere", 1), "this user may not do that"},
		} {
			_, err := Create(t.Context(), tc.location)
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "ledger postgres://127.0.0.1:") {
				t.Errorf("%s: %v, want %q", name, err, tc.want)
			}
			if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), postgresPassword) || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("%s gives the password away: %v", name, err)
			}
		}
		mustExec(t, owner, "GRANT USAGE ON SCHEMA "+schema+" TO "+user, "GRANT SELECT, INSERT ON entries TO "+user, "GRANT SELECT, UPDATE ON head TO "+user)
		mustReserve(t, mustOpen(t, as(user, "hunter2")), askFor(t, 0.1, 1e-8))
		if _, err := behind(t, as(user, "hunter2")).Exec("ALTER TABLE entries DISABLE TRIGGER USER"); err == nil {
			t.Error("a user who may only run profiles took the triggers away")
		}
		mustExec(t, owner, "ALTER ROLE "+user+" SET default_transaction_read_only = on")
		if _, err := mustOpen(t, as(user, "hunter2")).Reserve(t.Context(), askFor(t, 0.1, 1e-8)); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("Reserve on a server that is read-only = %v", err)
		}
	})
}

func TestPostgresMissingAndBusy(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		path := location(t)
		if _, err := Open(t.Context(), path); !errors.Is(err, ErrMissing) {
			t.Errorf("Open of nothing = %v, want ErrMissing", err)
		}
		path, _ = postgresLedger(t)
		p, err := newPostgres(path)
		if err != nil {
			t.Fatal(err)
		}
		p.busy = 50 * time.Millisecond
		s, err := open(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		tx, err := behind(t, path).Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if _, err := tx.Exec("LOCK TABLE head IN EXCLUSIVE MODE"); err != nil {
			t.Fatal(err)
		}
		before := mustAccount(t, s, "sales") // readers wait for nobody
		if _, err := s.Reserve(t.Context(), askFor(t, 0.1, 1e-8)); !errors.Is(err, ErrBusy) {
			t.Errorf("Reserve while locked = %v, want ErrBusy", err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		mustReserve(t, s, askFor(t, 0.1, 1e-8))
		if a := mustAccount(t, s, "sales"); a.Runs != before.Runs+1 {
			t.Errorf("after one reservation there are %d runs, were %d", a.Runs, before.Runs)
		}
	})
}

// A serialisation failure is no reason to fail, nor to spend twice.
func TestPostgresTriesAgain(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		path, before := postgresLedger(t)
		// The first three attempts fail as they do when somebody works on the tables without the writers' lock.
		mustExec(t, behind(t, path), "CREATE SEQUENCE tries", `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
			IF nextval('tries') < 4 THEN RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'; END IF; RETURN NULL; END$$`)
		s := mustOpen(t, path)
		mustExec(t, behind(t, path), "CREATE TRIGGER fail AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION fail()")
		mustReserve(t, s, askFor(t, 0.1, 1e-8))
		if a := mustAccount(t, s, "sales"); a.Runs != before.Runs+1 {
			t.Errorf("after one reservation there are %d runs, were %d", a.Runs, before.Runs)
		}
		mustExec(t, behind(t, path), "ALTER SEQUENCE tries RESTART 1 INCREMENT -1 MINVALUE -1000")
		if _, err := s.Reserve(t.Context(), askFor(t, 0.1, 1e-8)); !errors.Is(err, ErrBusy) {
			t.Errorf("Reserve that never succeeds = %v, want ErrBusy", err)
		}
	})
}
