package ledger

import (
	"crypto/sha256"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fullLedger returns the bytes of a ledger with an account and a dozen runs, and the account.
func fullLedger(t *testing.T) ([]byte, Account) {
	t.Helper()
	path, s := newLedger(t)
	a := fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes, a
}

// fill makes a dozen runs on sales, all but the last committed.
func fill(t *testing.T, s *Store) Account {
	t.Helper()
	ask := askFor(t, 0.1, 1e-8)
	for range 6 {
		r := mustReserve(t, s, ask)
		if err := s.Commit(t.Context(), r.ID, Commitment{Digest: digestA, Path: "p", Spent: ask.Amount}); err != nil {
			t.Fatal(err)
		}
	}
	mustReserve(t, s, ask)
	return mustAccount(t, s, "sales")
}

func write0600(t *testing.T, bytes []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.db")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNotALedger(t *testing.T) {
	noise := make([]byte, 20000)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for name, bytes := range map[string][]byte{
		"empty":                       {},
		"text":                        []byte("ledger: see the other file\n"),
		"noise":                       noise,
		"noise behind SQLite's magic": append([]byte("SQLite format 3\x00"), noise...),
		"zeros":                       make([]byte, 8192),
	} {
		t.Run(name, func(t *testing.T) {
			path := write0600(t, bytes)
			if _, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) {
				t.Errorf("Open = %v, want ErrDamaged", err)
			}
			if _, err := Create(t.Context(), path); !errors.Is(err, ErrDamaged) {
				t.Errorf("Create = %v, want ErrDamaged", err)
			}
			after, err := os.ReadFile(path)
			if err != nil || sha256.Sum256(after) != sha256.Sum256(bytes) {
				t.Errorf("the file that is not ours was changed, %v", err)
			}
		})
	}
}

func TestAnotherDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	if _, err := raw(t, path).Exec("CREATE TABLE entries (seq INTEGER)"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) {
		t.Errorf("Open of another program's database = %v, want ErrDamaged", err)
	}
}

func TestTruncated(t *testing.T) {
	bytes, _ := fullLedger(t)
	for _, keep := range []int{1, 15, 16, 99, 100, 512, 4095, 4096, 8192, len(bytes) / 2, len(bytes) - 4096, len(bytes) - 1} {
		path := write0600(t, bytes[:keep])
		if s, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) {
			t.Errorf("Open of the first %d of %d bytes = %v, want ErrDamaged", keep, len(bytes), err)
			if err == nil {
				s.Close()
			}
		}
	}
}

// One flipped byte anywhere either makes no difference to any balance, or is refused. Most bytes of a small
// database are unused or header counters, so it is the implication that is tested, and that many flips are caught.
func TestFlippedBytes(t *testing.T) {
	bytes, want := fullLedger(t)
	path := write0600(t, bytes)
	stride, caught := 23, 0
	if testing.Short() {
		stride = 211
	}
	for i := 0; i < len(bytes); i += stride {
		flipped := append([]byte(nil), bytes...)
		flipped[i] ^= byte(1 + i%255)
		for _, leftover := range []string{"-wal", "-shm"} {
			os.Remove(path + leftover)
		}
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path)
		if err != nil {
			caught++
			continue
		}
		if got, err := s.Account(t.Context(), "sales"); err == nil && !same(got, want) {
			t.Errorf("with byte %d flipped the account is %+v, want %+v or an error", i, got, want)
		}
		s.Close()
	}
	t.Logf("%d of %d flips refused", caught, len(bytes)/stride)
	if caught < len(bytes)/stride/10 {
		t.Errorf("only %d of %d flips were refused", caught, len(bytes)/stride)
	}
}

// tampering is what somebody can do to rows who takes the triggers away and puts them back.
var tampering = map[string][]string{
	"amount edited":     {"UPDATE entries SET payload = replace(payload, '\"rho\":0.', '\"rho\":0.0') WHERE seq = 4"},
	"one byte edited":   {"UPDATE entries SET payload = replace(payload, 'monthly', 'monthlx') WHERE seq = 2"},
	"time edited":       {"UPDATE entries SET time = '2020-01-01T00:00:00Z' WHERE seq = 3"},
	"time nonsense":     {"UPDATE entries SET time = 'yesterday' WHERE seq = 3"},
	"kind edited":       {"UPDATE entries SET kind = 'open' WHERE seq = 3"},
	"dataset edited":    {"UPDATE entries SET dataset = 'other' WHERE seq = 4"},
	"hash edited":       {"UPDATE entries SET hash = prev WHERE seq = 4"},
	"prev edited":       {"UPDATE entries SET prev = hash WHERE seq = 4"},
	"first deleted":     {"DELETE FROM entries WHERE seq = 1"},
	"one deleted":       {"DELETE FROM entries WHERE seq = 4"},
	"last deleted":      {"DELETE FROM entries WHERE seq = 14"},
	"all deleted":       {"DELETE FROM entries"},
	"deleted and moved": {"DELETE FROM entries WHERE seq = 4", "UPDATE entries SET seq = seq - 1 WHERE seq > 4"},
	"two swapped": {"UPDATE entries SET seq = 99 WHERE seq = 4", "UPDATE entries SET seq = 4 WHERE seq = 6",
		"UPDATE entries SET seq = 6 WHERE seq = 99"},
	"one repeated":     {"INSERT INTO entries SELECT 15, time, kind, dataset, payload, prev, hash FROM entries WHERE seq = 14"},
	"number 99":        {"INSERT INTO entries SELECT 99, time, kind, dataset, payload, prev, hash FROM entries WHERE seq = 14"},
	"head moved back":  {"UPDATE head SET seq = 13, hash = (SELECT hash FROM entries WHERE seq = 13)"},
	"head deleted":     {"DELETE FROM head"},
	"head hash edited": {"UPDATE head SET hash = 'x'"},
}

func TestTamperedRows(t *testing.T) {
	bytes, _ := fullLedger(t)
	more := map[string][]string{
		"payload not UTF-8": {"UPDATE entries SET payload = CAST(x'00ff' AS TEXT) WHERE seq = 4"},
		"table dropped":     {"DROP TABLE entries"},
		"table added":       {"CREATE TABLE extra (x)"},
		"version raised":    {"PRAGMA user_version = 2"},
		"version cleared":   {"PRAGMA user_version = 0"},
		"mark taken away":   {"PRAGMA application_id = 0"},
		"triggers left off": nil,
	}
	maps.Copy(more, tampering)
	for name, statements := range more {
		t.Run(name, func(t *testing.T) {
			path := write0600(t, bytes)
			db := raw(t, path)
			exec := func(statement string) {
				if _, err := db.Exec(statement); err != nil {
					t.Fatal(err)
				}
			}
			for _, object := range sqliteSchema {
				if object[0] != "entries" && object[0] != "head" {
					exec("DROP TRIGGER " + object[0])
				}
			}
			for _, statement := range statements {
				exec(statement)
			}
			if statements != nil && name != "table dropped" {
				for _, object := range sqliteSchema {
					if object[0] != "entries" && object[0] != "head" {
						exec(object[1])
					}
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), path)
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("Open = %v, want ErrDamaged", err)
			}
			if err == nil {
				s.Close()
			}
		})
	}
}

func TestVerifyNamesTheFirstBadEntry(t *testing.T) {
	bytes, _ := fullLedger(t)
	path := write0600(t, bytes)
	s := mustOpen(t, path)
	if err := s.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	for _, statement := range []string{
		"DROP TRIGGER entries_update", "UPDATE entries SET payload = payload || ' ' WHERE seq IN (5, 9)", sqliteSchema[3][1],
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	// The open store has read these entries already and still has the right totals; Verify reads them again.
	err := s.Verify(t.Context())
	if !errors.Is(err, ErrDamaged) {
		t.Fatalf("Verify = %v, want ErrDamaged", err)
	}
	if want := "entry 5:"; !strings.Contains(err.Error(), want) {
		t.Errorf("Verify = %v, want it to name %q", err, want)
	}
	if _, err := s.Entries(t.Context(), ""); !errors.Is(err, ErrDamaged) {
		t.Errorf("Entries = %v, want ErrDamaged", err)
	}
}

// A ledger that is swapped for an older copy while a store has it open is noticed by the next operation.
func TestRolledBackUnderAnOpenStore(t *testing.T) {
	path, s := newLedger(t)
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	mustAccount(t, s, "sales")
	db := raw(t, path)
	for _, statement := range []string{
		"DROP TRIGGER entries_delete", "DROP TRIGGER head_update", "DELETE FROM entries WHERE seq = 2",
		"UPDATE head SET seq = 1, hash = (SELECT hash FROM entries WHERE seq = 1)",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Reserve(t.Context(), askFor(t, 0.1, 1e-7)); !errors.Is(err, ErrDamaged) {
		t.Errorf("Reserve = %v, want ErrDamaged", err)
	}
}

// forbidden is what SQL refuses while the triggers are in place.
var forbidden = []string{
	"UPDATE entries SET dataset = 'x' WHERE seq = 3",
	"DELETE FROM entries WHERE seq = 3",
	"DELETE FROM entries",
	"INSERT INTO entries SELECT 15, time, kind, dataset, payload, prev, hash FROM entries WHERE seq = 14",
	"INSERT INTO entries SELECT 99, time, kind, dataset, payload, hash, hash FROM entries WHERE seq = 14",
	"INSERT INTO entries SELECT -1, time, kind, dataset, payload, prev, hash FROM entries WHERE seq = 14",
	"UPDATE head SET seq = 3",
	"DELETE FROM head",
	"INSERT INTO head VALUES (2, 0, '')",
}

// With the triggers in place, SQL itself refuses.
func TestTriggers(t *testing.T) {
	bytes, want := fullLedger(t)
	path := write0600(t, bytes)
	db := raw(t, path)
	replace := "INSERT OR REPLACE INTO entries SELECT 3, time, kind, 'x', payload, prev, hash FROM entries WHERE seq = 3"
	for _, statement := range append([]string{replace}, forbidden...) {
		if _, err := db.Exec(statement); err == nil {
			t.Errorf("allowed: %s", statement)
		}
	}
	if got := mustAccount(t, mustOpen(t, path), "sales"); !same(got, want) {
		t.Errorf("after all this the account is %+v, want %+v", got, want)
	}
}

// Whatever a column holds, reading it strictly is an error and not a guess.
func TestStrictColumns(t *testing.T) {
	for _, value := range []any{nil, []byte("x"), 1.5, true} {
		if err := new(text).Scan(value); !errors.Is(err, ErrDamaged) {
			t.Errorf("text from %T = %v, want ErrDamaged", value, err)
		}
		if err := new(number).Scan(value); !errors.Is(err, ErrDamaged) {
			t.Errorf("number from %T = %v, want ErrDamaged", value, err)
		}
	}
	if err := new(text).Scan(int64(1)); !errors.Is(err, ErrDamaged) {
		t.Errorf("text from a number = %v, want ErrDamaged", err)
	}
	if err := new(number).Scan("1"); !errors.Is(err, ErrDamaged) {
		t.Errorf("number from text = %v, want ErrDamaged", err)
	}
}
