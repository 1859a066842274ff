package ledger

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// frozen are the entries of testdata/v1.ledger as its maker read them: a ledger of the first format, from before windows,
// units and run keys.
func frozen(t *testing.T) []Entry {
	t.Helper()
	file, err := os.Open("testdata/v1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []Entry
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	if len(out) != 5 {
		t.Fatalf("%d frozen entries, want 5", len(out))
	}
	return out
}

// Ledgers are kept for as long as people remember what was released about them: an old one opens, verifies, means what it
// meant, and goes on.
func TestFrozenLedger(t *testing.T) {
	ctx := t.Context()
	bytes, err := os.ReadFile("testdata/v1.ledger")
	if err != nil {
		t.Fatal(err)
	}
	path := write0600(t, bytes)
	s := mustOpen(t, path)
	if err := s.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	entries, err := s.Entries(ctx, "")
	if want := frozen(t); err != nil || !same(entries, want) {
		t.Errorf("the entries read %+v, %v, want %+v", entries, err, want)
	}
	sales, claims := mustAccount(t, s, "sales"), mustAccount(t, s, "claims")
	if sales.Epsilon != 1 || sales.Delta != 1e-6 || sales.Runs != 2 || sales.Open != 1 || sales.Unit != UnitRecord || sales.Windows != nil {
		t.Errorf("sales is %+v", sales)
	}
	if claims.Runs != 0 || claims.Unit != "" {
		t.Errorf("claims is %+v", claims)
	}
	if r, ok := entries[2].Reservation(); !ok || r.Ask.Unit != UnitRecord || r.Ask.MaxRecords != 1 || r.ID != "3-fadbc373541a" {
		t.Errorf("the first reservation is %+v", r)
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	if _, err := s.Raise(ctx, Raise{Dataset: "sales", Cap: Cap{Window: WindowDay, Epsilon: 0.5}, Reason: "r", By: "b"}); err != nil {
		t.Error(err)
	}
	again := mustOpen(t, path)
	if err := again.Verify(ctx); err != nil {
		t.Error(err)
	}
	if a := mustAccount(t, again, "sales"); a.Runs != 3 || len(a.Windows) != 1 {
		t.Errorf("after another run sales is %+v", a)
	}
}

// What has none of the later fields is written as it was before there were any.
func TestPlainEntriesAreUnchanged(t *testing.T) {
	for _, e := range frozen(t) {
		var text string
		switch e.Kind {
		case KindOpen:
			o, _ := e.Opening()
			text = encode(o.payload())
		case KindReserve:
			r, _ := e.Reservation()
			text = encode(r.Ask.payload())
		case KindCommit:
			id, c, _ := e.Commitment()
			text = encode(c.payload(id))
		}
		if text != e.Payload || !strings.HasPrefix(text, "{") {
			t.Errorf("entry %d is written %s, was %s", e.Seq, text, e.Payload)
		}
	}
}
