//go:build replay

package vault

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

// pairs is how many neighbouring datasets are replayed; a day or so of one processor are
//
//	go test -tags replay ./profile/vault -run TestReplay -pairs 1000000 -timeout 48h
var pairs = flag.Int("pairs", 60, "how many pairs of neighbouring datasets TestReplay replays")

// A neighbourhood is a dataset, and the records of it that are one unit.
type neighbourhood struct {
	file, header string
	records      []string
	unit         map[int]bool // indices of records that the other dataset lacks
	spec         spec.Spec
}

// data writes the file, with the unit or without it.
func (n neighbourhood) data(with bool) []byte {
	var b strings.Builder
	b.WriteString(n.header)
	for i, r := range n.records {
		if with || !n.unit[i] {
			b.WriteString(r)
		}
	}
	return []byte(b.String())
}

// measure runs the whole pipeline but for the file that it ends in.
func (n neighbourhood) measure(t *testing.T, store *ledger.Store, dir string, with bool) error {
	path := filepath.Join(dir, n.file)
	if err := os.WriteFile(path, n.data(with), 0o600); err != nil {
		return err
	}
	src, err := record.Open([]string{path}, record.Options{})
	if err != nil {
		return err
	}
	opts := Options{Epsilon: 40, Delta: 1e-4, Unit: n.spec.Unit}
	b, err := newBuild(&n.spec, src.Schema(), opts)
	if err != nil {
		return err
	}
	b.src, b.limits = src, nextHeld()
	if err := b.load(t.Context()); err != nil {
		return err
	}
	run, err := dp.NewLedger(store, "d").Reserve(t.Context(), dp.Request{
		Epsilon: opts.Epsilon, Delta: opts.Delta, Run: "replay", Unit: n.spec.Unit.Name(), MaxRecords: b.rule.Unit().Records(),
	})
	if err != nil {
		return err
	}
	_, err = b.measure(t.Context(), run, "d")
	return err
}

// draw makes a neighbourhood: messy records, among them the worst there are; a unit of one record, or of several around the cap.
func draw(r *rand.Rand) neighbourhood {
	m := makers[r.IntN(len(makers))]
	n := neighbourhood{file: m.name, header: m.header, unit: map[int]bool{}, spec: spec.Spec{Version: 1}}
	kinds := make([]string, 1+r.IntN(8))
	for i := range kinds {
		kinds[i] = m.record(r)
	}
	for range 40 + r.IntN(120) {
		n.records = append(n.records, kinds[r.IntN(len(kinds))])
	}
	own := m.record(r)
	if bad := worst[m.name]; r.IntN(2) == 0 {
		own = bad[r.IntN(len(bad))]
	}
	if m.header == "" && r.IntN(2) == 0 { // JSON lines whose keys are declared
		for _, c := range m.columns {
			n.spec.Columns = append(n.spec.Columns, spec.Column{Name: c})
		}
	}
	if r.IntN(3) > 0 {
		at := r.IntN(len(n.records) + 1)
		n.records = slices.Insert(n.records, at, own)
		n.unit[at] = true
		return n
	}
	return n.keyed(r, m, own)
}

// keyed gives the records keys of units, and adds a unit with records around the cap.
func (n neighbourhood) keyed(r *rand.Rand, m maker, own string) neighbourhood {
	most := 1 + r.IntN(4)
	n.spec.Unit = spec.Unit{Columns: []string{"u"}, MaxRecords: most}
	if r.IntN(2) == 0 {
		n.spec.Unit.Missing = spec.DropMissing
	}
	if m.header != "" {
		n.header = "u," + m.header
	} else if n.spec.Columns != nil {
		n.spec.Columns = append(n.spec.Columns, spec.Column{Name: "u"})
	}
	for i, record := range n.records {
		n.records[i] = ofUnit(m, fmt.Sprint("k", i/(1+i%5)), record)
	}
	line, several := ofUnit(m, "own", own), 1+r.IntN(3*most)
	if m.header == "" && (!strings.HasPrefix(line, `{"u": "own"`) || !json.Valid([]byte(strings.TrimSpace(line)))) {
		several = 1 // it has no key, and is a unit by itself
	}
	for range several {
		at := r.IntN(len(n.records) + 1)
		n.records = slices.Insert(n.records, at, line)
		shifted := map[int]bool{at: true}
		for i := range n.unit {
			if i >= at {
				i++
			}
			shifted[i] = true
		}
		n.unit = shifted
	}
	return n
}

// real is a public table without one of its records.
func real(r *rand.Rand) neighbourhood {
	lines := strings.SplitAfter(string(testdata.Contracts), "\n")
	from := 1 + r.IntN(len(lines)-300)
	n := neighbourhood{file: "contracts.csv", header: lines[0], records: slices.Clone(lines[from : from+250]), unit: map[int]bool{r.IntN(250): true}, spec: spec.Spec{Version: 1}}
	return n
}

// TestReplay runs the whole pipeline on a dataset without noise, and again on a neighbouring one with the values that the first run released.
// Every release must then be made of the same columns, at the same price, over domains of the same size, in the same order: decisions
// are of released values only. And the counts behind each must differ by no more than its sensitivity. Nothing is random in this
// but what datasets there are; a failure names its seed.
func TestReplay(t *testing.T) {
	releases, differing, refused := 0, 0, 0
	for seed := range uint64(*pairs) {
		r := rand.New(rand.NewPCG(seed, 11))
		n := draw(r)
		if seed%25 == 24 {
			n = real(r)
		}
		dir := t.TempDir()
		store, err := ledger.Create(context.Background(), filepath.Join(dir, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenAccount(context.Background(), "d", 1e4, 0.01); err != nil {
			t.Fatal(err)
		}
		one, err := dp.Record(func() error { return n.measure(t, store, dir, true) })
		if err != nil && len(one) == 0 {
			refused++ // a file that is no table, with the record or without it
			store.Close()
			continue
		}
		other, err2 := dp.Playback(one, func() error { return n.measure(t, store, dir, false) })
		if (err == nil) != (err2 == nil) {
			t.Errorf("seed %d, %s: %v, and replayed %v", seed, n.file, err, err2)
			continue
		}
		for i := range min(len(one), len(other)) {
			releases++
			s := one[i].Event.Sensitivity
			cells, most, l2 := change(asMap(one[i]), asMap(other[i]))
			if cells > 0 {
				differing++
			}
			if cells > s.L0() || most > s.Linf() || l2 > s.L2()*(1+1e-12) {
				t.Errorf("seed %d: %s of %q in %s: %d cells differ, by up to %d, by %g in L2; stated are %d, %d, %g",
					seed, one[i].Event.Purpose, one[i].Event.Column, n.file, cells, most, l2, s.L0(), s.Linf(), s.L2())
			}
		}
		store.Close()
	}
	t.Logf("%d pairs: %d releases, of which %d differ; %d pairs were no tables", *pairs, releases, differing, refused)
	if differing < *pairs/4 || refused > *pairs/4 {
		t.Error("the test sees too little")
	}
}

// asMap is what was counted for a release.
func asMap(taped dp.Taped) map[string]int64 {
	if taped.Hist != nil {
		return taped.Hist
	}
	out := make(map[string]int64, len(taped.Exact))
	for i, x := range taped.Exact {
		out[fmt.Sprint(i)] = x
	}
	return out
}
