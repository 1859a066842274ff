package ledger

import (
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
)

func TestBadCommits(t *testing.T) { onEach(t, badCommits) }

func badCommits(t *testing.T) {
	_, s := newLedger(t)
	ask := askFor(t, 0.1, 1e-7)
	r := mustReserve(t, s, ask)
	good := Commitment{Digest: digestA, Path: "p", Spent: ask.Amount}
	for _, tc := range []struct {
		name  string
		id    string
		spoil func(*Commitment)
		want  string
	}{
		{"unknown", "99-000000000000", func(*Commitment) {}, "no such reservation"},
		{"empty id", "", func(*Commitment) {}, "no such reservation"},
		{"seq only", "2", func(*Commitment) {}, "no such reservation"},
		{"ρ above", r.ID, func(c *Commitment) { c.Spent.Rho = account.Rho(math.Nextafter(float64(c.Spent.Rho), 1)) }, "more was spent than reserved"},
		{"δ above", r.ID, func(c *Commitment) { c.Spent.Delta *= 1.01 }, "more was spent than reserved"},
		{"ρ < 0", r.ID, func(c *Commitment) { c.Spent.Rho = -1 }, "ρ must be"},
		{"ρ NaN", r.ID, func(c *Commitment) { c.Spent.Rho = account.Rho(math.NaN()) }, "ρ must be"},
		{"δ NaN", r.ID, func(c *Commitment) { c.Spent.Delta = account.Delta(math.NaN()) }, "δ must be"},
		{"δ NaN, ρ = 0", r.ID, func(c *Commitment) { c.Spent = Amount{Delta: account.Delta(math.NaN())} }, "δ must be"},
		{"no digest", r.ID, func(c *Commitment) { c.Digest = "" }, "digest"},
		{"short digest", r.ID, func(c *Commitment) { c.Digest = digestA[2:] }, "digest"},
		{"upper-case digest", r.ID, func(c *Commitment) { c.Digest = strings.ToUpper(digestA) }, "digest"},
		{"digest not hexadecimal", r.ID, func(c *Commitment) { c.Digest = strings.Repeat("z", 64) }, "digest"},
		{"endless path", r.ID, func(c *Commitment) { c.Path = strings.Repeat("p", maxText+1) }, "path"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := good
			tc.spoil(&c)
			if err := s.Commit(t.Context(), tc.id, c); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Commit = %v, want %q", err, tc.want)
			}
		})
	}
	if err := s.Commit(t.Context(), r.ID, good); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), r.ID, good); err == nil || !strings.Contains(err.Error(), "committed before") {
		t.Errorf("committing twice = %v", err)
	}
}

func TestCommitOfNothingSpent(t *testing.T) { onEach(t, commitOfNothingSpent) }

func commitOfNothingSpent(t *testing.T) {
	_, s := newLedger(t)
	r := mustReserve(t, s, askFor(t, 0.1, 1e-7))
	if err := s.Commit(t.Context(), r.ID, Commitment{Digest: digestA}); err != nil {
		t.Fatal(err)
	}
	if a := mustAccount(t, s, "sales"); a.Open != 0 || a.Spent != r.Ask.Amount {
		t.Errorf("after it the account is %+v", a)
	}
}

// A path is whatever the operating system has; it must not make a run fail that has already spent its budget.
func TestCommitOfAnOddPath(t *testing.T) { onEach(t, commitOfAnOddPath) }

func commitOfAnOddPath(t *testing.T) {
	path, s := newLedger(t)
	r := mustReserve(t, s, askFor(t, 0.1, 1e-7))
	if err := s.Commit(t.Context(), r.ID, Commitment{Digest: digestA, Path: "caf\xe9\n.parquet"}); err != nil {
		t.Fatal(err)
	}
	entries, err := mustOpen(t, path).Entries(t.Context(), "sales")
	if err != nil {
		t.Fatal(err)
	}
	if _, c, ok := entries[2].Commitment(); !ok || c.Path != "caf\uFFFD\n.parquet" {
		t.Errorf("the path reads back as %q", c.Path)
	}
}
