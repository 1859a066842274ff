package encode

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// plain are limits under which all but the first few rows are held as they are.
var plain = raw.Limits{Rows: 5, Enough: 1, Most: 1}

// mixture are cells of all sorts, some of which are frequent.
func mixture(r *rand.Rand, rows int) []record.Cell {
	texts := []string{
		"", "N/A", "-", "12", "12.50", "1,250", "$3.99", "-4", "2024-01-31", "31/01/2024 10:00", "yes", "Acme Corp", "ACME corp", "Acme  Corp", "Amce Corp",
		"ann@example.com", "Ann Miller", "+49 30 1234567", "9f86d081884c", "caf\xe9", strings.Repeat("a long text. ", 9), "192.168.0.1", "12-345",
	}
	cells := make([]record.Cell, rows)
	for i := range cells {
		cell := record.Cell{Tag: record.Text, Text: texts[r.IntN(len(texts))]}
		switch r.IntN(8) {
		case 0:
			cell = record.Cell{Tag: record.Tag(r.IntN(2))}
		case 1:
			cell.Text = fmt.Sprint(r.IntN(1000))
		case 2:
			cell.Text = fmt.Sprintf("%s %d %x", cell.Text, r.IntN(40), r.IntN(1<<20))
		case 3:
			cell = record.Cell{Tag: record.Number, Text: fmt.Sprint(float64(r.IntN(10000)) / 8)}
		}
		cells[i] = cell
	}
	return cells
}

// hold makes a column of the cells, in memory of so many bytes.
func hold(t *testing.T, limits raw.Limits, memory int64, cells []record.Cell) *raw.Column {
	t.Helper()
	store := spill.New(memory, t.TempDir())
	t.Cleanup(store.Close)
	b := raw.NewBuilder(dp.UpTo(2), store, limits)
	b.Add(cells)
	return b.Column()
}

// counted is everything that is counted of two columns.
func counted(t *testing.T, kind mess.Kind, most int, first, second *raw.Column) map[string]any {
	t.Helper()
	codec, err := mess.ForKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	o, out := newOpener(t), map[string]any{}
	counts := func(what string, c dp.Counts) { out[what] = fmt.Sprint(c.Sensitivity(), o.counts(t, c)) }
	keyed := func(what string, k dp.Keyed) { out[what] = fmt.Sprint(k.Sensitivity(), o.keyed(t, k)) }
	e, other := New(codec, first), New(codec, second)
	e.most, other.most = most, most
	for _, w := range []Which{{}, {Atoms: true}, {Literals: true}, {Atoms: true, Literals: true}} {
		keyed(fmt.Sprintf("keys %+v", w), e.Keys(w))
	}
	counts("votes", Votes([]*raw.Column{first, second}))
	counts("withheld", Withheld([]*Column{e, other}))
	counts("agreements", Agreements(e, []*Column{other, e}))
	value := []profile.Code{
		{Class: profile.Absent}, {Class: profile.OtherMissing}, {Class: profile.Missing, Tag: record.Text, Label: "N/A"}, {Class: profile.Missing, Tag: record.Text},
		{Class: profile.Literal, Tag: record.Text, Label: "Acme Corp"}, {Class: profile.Literal, Tag: record.Text, Label: "12-345"}, {Class: profile.Atom, Label: "12"}, {Class: profile.Other},
	}
	words := profile.Words(value)
	counts("values, unsettled", e.Values(profile.NewCoder(value, nil), len(value)))
	e.Settle(value, words)
	other.Settle(value, words)
	form := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}
	if axis := codec.Axis(); axis != nil {
		counts("grid", e.Grid(profile.NewCoder(value, nil), axis.Roots(2)))
		for _, s := range axis.Roots(2) {
			value = append(value, profile.Code{Class: profile.Bin, Lo: s.Lo, Hi: s.Hi})
		}
	}
	for rung := range 3 {
		coder := profile.NewCoder(value, form)
		forms := o.keyed(t, e.Forms(coder, map[string]bool{"d2": true}, rung))
		out[fmt.Sprint("forms ", rung)] = fmt.Sprint(forms)
		labels := slices.Sorted(maps.Keys(forms))
		for _, label := range labels[:min(3, len(labels))] {
			form = append(form, profile.Code{Class: profile.Form, Label: label})
		}
	}
	coder := profile.NewCoder(value, form)
	keyed("pieces", e.Pieces(coder, form))
	counts("steps", e.Steps(coder, form, mess.NewSyntax([]string{"Aa_", "a.", "9-"})))
	var joint Joint
	for _, bound := range []bool{false, true} {
		if bound {
			e.Bind(coder)
			other.Bind(coder)
			e.Release()
		}
		counts(fmt.Sprint("values, bound: ", bound), e.Values(coder, len(value)))
		counts(fmt.Sprint("form codes, bound: ", bound), e.FormCodes(coder, len(form)))
		counts(fmt.Sprint("pairs, bound: ", bound), e.Pairs(coder, [][]int32{{4, 2}, {4, 3}, {6, 2}, {7, 1}, {7, 2}, {7, 4}, {int32(len(value) - 1), 1}}))
		groups, of := make([]int32, len(value)), make([]int32, len(form))
		for i := range groups {
			groups[i] = int32(i % 5)
		}
		for i := range of {
			of[i] = int32(i % 3)
		}
		joint.AddValue(e, coder, groups, 5)
		joint.AddForm(e, coder, of, 3)
		joint.AddValue(other, coder, groups, 5)
	}
	for _, clique := range [][]int{{0}, {0, 1}, {3, 2}, {0, 1, 2}, {5, 4, 3, 2}} {
		counts(fmt.Sprint("marginal ", clique), joint.Marginal(clique))
	}
	counts("misfits", joint.Misfits([][]int{{0, 1}, {1, 2, 3}}, [][]int64{make([]int64, 15), slices.Repeat([]int64{7}, 75)}))
	counts("copies", Copies(&raw.Table{Unit: dp.UpTo(2), Rows: 1, Columns: []raw.Column{*second}}))
	return out
}

// TestHeldAlike: what is counted does not depend on how the rows are held: as codes or as they are, in memory or in a file, in chunks of
// any size, and whether or not all of their sorts are kept.
func TestHeldAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	first, second := mixture(r, 700), mixture(r, 700)
	for _, kind := range []mess.Kind{mess.Category, mess.Integer, mess.Decimal, mess.Date, mess.Email, mess.Name, mess.TextKind, mess.ID, mess.Boolean, mess.Version} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			want := counted(t, kind, maxSorts, hold(t, raw.DefaultLimits(), 1<<30, first), hold(t, raw.DefaultLimits(), 1<<30, second))
			for _, limits := range []raw.Limits{plain, {Rows: 64, Enough: 100, Most: 150}} {
				for i, memory := range []int64{0, 20_000, 1 << 30} {
					got := counted(t, kind, []int{maxSorts, 0, 9}[i], hold(t, limits, memory, first), hold(t, limits, memory, second))
					for what := range want {
						if got[what] != want[what] {
							t.Errorf("%s is %v, want %v (held as %+v in %d bytes)", what, got[what], want[what], limits, memory)
						}
					}
				}
			}
		})
	}
}
