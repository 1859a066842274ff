package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"testing"
	"time"
)

// vector is an entry hashed outside of this package:
//
//	python3 -c 'import hashlib
//	fields = ["patina ledger entry 1", "1", "2025-03-01T12:00:00Z", "open", "sales", "{\"epsilon\":1,\"delta\":0.000001}", "0"*64]
//	print(hashlib.sha256("".join(f"{len(f.encode())}:{f}," for f in fields).encode()).hexdigest())'
var vector = Entry{
	Seq: 1, Time: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC), Kind: KindOpen, Dataset: "sales",
	Payload: `{"epsilon":1,"delta":0.000001}`, Prev: genesis,
	Hash: "486e2db46c77de6b63c467e5e7e7bf044092f49a877c9d53f1dbe260c0db6b84",
}

func TestDigestVector(t *testing.T) {
	if got := vector.digest(); got != vector.Hash {
		t.Errorf("digest = %s, want %s: ledgers written before could not be read", got, vector.Hash)
	}
	if err := newBook(wallClock).add(vector); err != nil {
		t.Errorf("the vector is not a valid first entry: %v", err)
	}
}

// Every entry that the store writes hashes to what the documented recipe says.
func TestDigestRecipe(t *testing.T) { onEach(t, digestRecipe) }

func digestRecipe(t *testing.T) {
	_, s := newLedger(t)
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	entries, err := s.Entries(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	prev := genesis
	for i, e := range entries {
		var text string
		for _, field := range []string{
			"patina ledger entry 1", strconv.Itoa(i + 1), e.Time.Format("2006-01-02T15:04:05Z"),
			string(e.Kind), e.Dataset, e.Payload, prev,
		} {
			text += strconv.Itoa(len(field)) + ":" + field + ","
		}
		sum := sha256.Sum256([]byte(text))
		if want := hex.EncodeToString(sum[:]); e.Hash != want || e.Prev != prev {
			t.Errorf("entry %d: hash %s after %s, want %s after %s", i+1, e.Hash, e.Prev, want, prev)
		}
		prev = e.Hash
	}
}

// sealed returns e with the hash that belongs to it, as a forger would.
func sealed(e Entry) Entry {
	e.Hash = e.digest()
	return e
}

// Entries whose hashes are right and which still make no sense.
func TestForgedEntries(t *testing.T) {
	reserve := encode(Ask{Run: "r", Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: 0.01}}.payload())
	for name, e := range map[string]Entry{
		"kind unknown":         {Kind: "refund", Dataset: "sales", Payload: reserve},
		"kind empty":           {Dataset: "sales", Payload: reserve},
		"opened twice":         {Kind: KindOpen, Dataset: "sales", Payload: vector.Payload},
		"no account":           {Kind: KindReserve, Dataset: "sale", Payload: reserve},
		"bad dataset":          {Kind: KindOpen, Dataset: "../x", Payload: vector.Payload},
		"not JSON":             {Kind: KindReserve, Dataset: "sales", Payload: "ρ"},
		"empty payload":        {Kind: KindReserve, Dataset: "sales"},
		"null payload":         {Kind: KindReserve, Dataset: "sales", Payload: "null"},
		"another kind's":       {Kind: KindReserve, Dataset: "sales", Payload: vector.Payload},
		"space in payload":     {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon": 1,"delta":0.000001}`},
		"field twice":          {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":9,"epsilon":1,"delta":0.000001}`},
		"trailing text":        {Kind: KindOpen, Dataset: "claims", Payload: vector.Payload + `{}`},
		"number in long form":  {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1.0,"delta":0.000001}`},
		"negative ρ":           {Kind: KindReserve, Dataset: "sales", Payload: encode(Ask{Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: -0.01}}.payload())},
		"unlimited cap":        {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":1}`},
		"commit of nothing":    {Kind: KindCommit, Dataset: "sales", Payload: encode(Commitment{Digest: digestA}.payload("1-abc"))},
		"commit without":       {Kind: KindCommit, Dataset: "sales", Payload: encode(Commitment{}.payload("1-abc"))},
		"windows empty":        {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":0.000001,"windows":[]}`},
		"window above life":    {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":0.000001,"windows":[{"window":"day","epsilon":2,"delta":0.000001}]}`},
		"window unknown":       {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":0.000001,"windows":[{"window":"year","epsilon":1,"delta":0.000001}]}`},
		"unit of two lines":    {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":0.000001,"unit":"a\nb"}`},
		"field unknown":        {Kind: KindOpen, Dataset: "claims", Payload: `{"epsilon":1,"delta":0.000001,"refund":1}`},
		"key no digest":        {Kind: KindReserve, Dataset: "sales", Payload: encode(Ask{Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: 0.01}, Key: "0f"}.payload())},
		"max records < 0":      {Kind: KindReserve, Dataset: "sales", Payload: encode(Ask{Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: 0.01}, MaxRecords: -1}.payload())},
		"cap lowered":          {Kind: KindRaise, Dataset: "sales", Payload: encode(Raise{Cap: Cap{Epsilon: 0.5, Delta: 1e-6}, Reason: "r", By: "b"}.payload())},
		"cap below zero":       {Kind: KindRaise, Dataset: "sales", Payload: encode(Raise{Cap: Cap{Epsilon: -10, Delta: 1e-6}, Reason: "r", By: "b"}.payload())},
		"raised by nobody":     {Kind: KindRaise, Dataset: "sales", Payload: encode(Raise{Cap: Cap{Epsilon: 2, Delta: 1e-6}, Reason: "r"}.payload())},
		"raise of nothing":     {Kind: KindRaise, Dataset: "sale", Payload: encode(Raise{Cap: Cap{Epsilon: 2, Delta: 1e-6}, Reason: "r", By: "b"}.payload())},
		"raise without δ":      {Kind: KindRaise, Dataset: "sales", Payload: encode(Raise{Cap: Cap{Epsilon: 2}, Reason: "r", By: "b"}.payload())},
		"raise not canonical":  {Kind: KindRaise, Dataset: "sales", Payload: "{}"},
		"commit not canonical": {Kind: KindCommit, Dataset: "sales", Payload: " "},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(wallClock)
			if err := b.add(vector); err != nil {
				t.Fatal(err)
			}
			e.Seq, e.Time, e.Prev = 2, vector.Time, vector.Hash
			if err := b.add(sealed(e)); !errors.Is(err, ErrDamaged) {
				t.Errorf("add = %v, want ErrDamaged", err)
			}
			if b.seq != 1 || b.hash != vector.Hash || len(b.accounts) != 1 {
				t.Error("a refused entry left a trace in the book")
			}
		})
	}
}

func TestCommitForAnotherDataset(t *testing.T) {
	b := newBook(wallClock)
	add := func(kind Kind, dataset, payload string) (Entry, error) {
		e := sealed(Entry{Seq: b.seq + 1, Time: vector.Time, Kind: kind, Dataset: dataset, Payload: payload, Prev: b.hash})
		return e, b.add(e)
	}
	for _, dataset := range []string{"sales", "claims"} {
		if _, err := add(KindOpen, dataset, vector.Payload); err != nil {
			t.Fatal(err)
		}
	}
	r, err := add(KindReserve, "sales", encode(Ask{Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: 0.01}}.payload()))
	if err != nil {
		t.Fatal(err)
	}
	commit := encode(Commitment{Digest: digestA}.payload(r.id()))
	if _, err := add(KindCommit, "claims", commit); !errors.Is(err, ErrDamaged) {
		t.Errorf("claims commits a reservation of sales: %v, want ErrDamaged", err)
	}
	if _, err := add(KindCommit, "sales", commit); err != nil {
		t.Errorf("sales commits its own: %v", err)
	}
}

// A run for another unit than its account's would be added up with what it cannot be added to.
func TestForgedUnit(t *testing.T) {
	b := newBook(wallClock)
	add := func(kind Kind, payload string) error {
		return b.add(sealed(Entry{Seq: b.seq + 1, Time: vector.Time, Kind: kind, Dataset: "sales", Payload: payload, Prev: b.hash}))
	}
	ask := Ask{Epsilon: 1, Delta: 1e-6, Amount: Amount{Rho: 0.01}}
	person := ask
	person.Unit = "customer_id"
	if err := errors.Join(add(KindOpen, vector.Payload), add(KindReserve, encode(ask.payload()))); err != nil {
		t.Fatal(err)
	}
	if err := add(KindReserve, encode(person.payload())); !errors.Is(err, ErrDamaged) {
		t.Errorf("a second unit = %v, want ErrDamaged", err)
	}
}

func TestParseTime(t *testing.T) {
	if got, err := parseTime("2025-03-01T12:00:00Z"); err != nil || !got.Equal(vector.Time) {
		t.Errorf("parseTime = %v, %v", got, err)
	}
	for _, bad := range []string{
		"", "2025-03-01", "2025-03-01T12:00:00", "2025-03-01T12:00:00+00:00", "2025-03-01T13:00:00+01:00",
		"2025-03-01T12:00:00.5Z", "2025-02-30T12:00:00Z", " 2025-03-01T12:00:00Z",
	} {
		if _, err := parseTime(bad); !errors.Is(err, ErrDamaged) {
			t.Errorf("parseTime(%q) = %v, want ErrDamaged", bad, err)
		}
	}
}
