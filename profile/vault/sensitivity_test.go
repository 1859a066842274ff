package vault

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// A lens reads sealed counts through noise that is too small to hide anything: σ = 0.002, 250 σ away from the next
// integer. What it costs is more than any account would hold.
type lens struct {
	run *dp.Run
	exits
	rule   bound.Rule
	limits raw.Limits                  // how the rows are held
	cost   account.Rho                 // of a release of which a record changes one cell
	readAs []mess.Kind                 // the kinds that columns are read as
	seen   map[string]map[string]int64 // [release][cell or key]
	can    map[string]dp.Sensitivity   // [release] what a record was said to do to it
}

// lensCost is the ρ of σ = 0.002 at L2 sensitivity 1.
const (
	lensCost  account.Rho   = 125_000
	lensDelta account.Delta = 1e-9 // thresholds then are at 2.02 records or so
)

// newLens returns a lens on data with a unit of privacy.
// held are ways to hold rows. Those of two neighbouring datasets may be held in two ways.
var held = []raw.Limits{raw.DefaultLimits(), {Rows: 5, Enough: 1, Most: 1}, {Rows: 16, Enough: 8, Most: 40}, {Rows: 64, Enough: 32, Most: 1000}}

var lenses atomic.Int64

// nextHeld returns the ways in turn.
func nextHeld() raw.Limits { return held[int(lenses.Add(1))%len(held)] }

func newLens(t *testing.T, rule bound.Rule) *lens {
	t.Helper()
	ctx := context.Background()
	store, err := ledger.Create(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	const eps, delta = 1e10, 0.1
	if _, err := store.OpenAccount(ctx, "d", eps, delta); err != nil {
		t.Fatal(err)
	}
	run, err := dp.NewLedger(store, "d").Reserve(ctx, dp.Request{Epsilon: eps, Delta: delta, Run: "lens"})
	if err != nil {
		t.Fatal(err)
	}
	records := rule.Unit().Records()
	return &lens{limits: nextHeld(),
		run: run, exits: exits{run: run, unit: rule.Unit()}, rule: rule, cost: lensCost * account.Rho(records*records), readAs: mess.Kinds(), seen: map[string]map[string]int64{}, can: map[string]dp.Sensitivity{},
	}
}

func (l *lens) keep(t *testing.T, release string, counts map[string]int64, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", release, err)
	}
	events := l.run.Events()
	l.seen[release], l.can[release] = counts, events[len(events)-1].Sensitivity
}

func (l *lens) vector(t *testing.T, release string, n dp.Noisy, err error) {
	t.Helper()
	counts := map[string]int64{}
	for i, v := range n.Values {
		counts[fmt.Sprint(i)] = int64(math.Round(v))
	}
	l.keep(t, release, counts, err)
}

func (l *lens) keyed(t *testing.T, release string, selected []dp.Selected, err error) {
	t.Helper()
	counts := map[string]int64{}
	for _, s := range selected {
		counts[s.Key] = int64(math.Round(s.Value))
	}
	l.keep(t, release, counts, err)
}

// look makes every release there is of a dataset.
func (l *lens) look(t *testing.T, file string, columns []string) {
	t.Helper()
	ctx := context.Background()
	src, err := record.Open([]string{file}, record.Options{BatchRows: 64})
	if err != nil {
		t.Fatal(err)
	}
	format := src.Schema().Format
	chosen, err := bound.Choose(ctx, src, l.rule, dp.Key{1}, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	table, err := raw.Load(ctx, src, columns, chosen, spill.New(1<<30, ""), l.limits, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	if l.rule.Keyed() {
		n, err := l.units(chosen, lensCost)
		l.vector(t, "units", n, err)
	}
	n, err := l.rows(table, l.cost)
	l.vector(t, "rows", n, err)
	s, _, err := l.shapes(table, l.cost, lensDelta)
	l.keyed(t, "shapes", s, err)
	if format == record.JSONL {
		l.members(t, src, chosen, table, columns)
	}
	n, err = l.copies(table, 2*l.cost)
	l.vector(t, "copies", n, err)
	var all []*raw.Column
	for i := range table.Columns {
		all = append(all, &table.Columns[i])
	}
	n, err = l.kinds(all, l.cost*account.Rho(len(all)))
	l.vector(t, "kinds", n, err)
	var people []*encode.Column
	for i, kind := range []mess.Kind{mess.Name, mess.Email, mess.UserName} {
		codec, err := mess.ForKind(kind)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, encode.New(codec, all[i]))
	}
	n, err = l.agreements(people[0], people[1:], 2*l.cost)
	l.vector(t, "agreements", n, err)
	n, err = l.withheld(people, 3*l.cost)
	l.vector(t, "withheld", n, err)
	for _, kind := range l.readAs {
		for i, c := range all {
			l.column(t, fmt.Sprintf("%s as %s", columns[i], kind), format, kind, c)
		}
	}
	l.joint(t, format, all)
}

// joint makes every release there is across columns, over views as a run would find them.
func (l *lens) joint(t *testing.T, format record.Format, columns []*raw.Column) {
	t.Helper()
	codec, err := mess.ForKind(mess.Integer)
	if err != nil {
		t.Fatal(err)
	}
	var joint encode.Joint
	for _, c := range columns {
		e := encode.New(codec, c)
		value := (&columnJob{format: format, codec: codec}).publicCodes()
		value = append(value, profile.Code{Class: profile.Atom, Label: "12"}, profile.Code{Class: profile.Atom, Label: "0"})
		groups := make([]int32, len(value))
		for i := range groups {
			groups[i] = int32(i % 3)
		}
		form := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}, {Class: profile.Form, Label: "d0"}}
		coder := profile.NewCoder(value, form)
		joint.AddValue(e, coder, groups, 3)
		joint.AddForm(e, coder, []int32{0, 1, 1}, 2)
	}
	cliques := [][]int{{0, 2}, {1, 2}, {3, 5}, {0, 2, 4}}
	expected := [][]int64{make([]int64, 9), {30, 1, 20, 5, 0, 60}, {50, 50, 50, 50}, make([]int64, 27)}
	n, err := l.misfits(&joint, cliques, expected, l.cost*account.Rho(len(cliques)))
	l.vector(t, "misfits", n, err)
	for _, clique := range cliques {
		n, err := l.together(&joint, clique, l.cost)
		l.vector(t, fmt.Sprintf("joint marginal of %v", clique), n, err)
	}
}

// members makes every release there is of the members of JSON records.
func (l *lens) members(t *testing.T, src *record.Source, chosen *bound.Choice, table *raw.Table, columns []string) {
	t.Helper()
	k := &encode.PathCounter{Limits: []int{1, 2, 3, 7}}
	b := &build{src: src, paths: k, chosen: chosen, opts: Options{Progress: func(string, float64) {}}}
	if err := b.loadPaths(context.Background()); err != nil {
		t.Fatal(err)
	}
	n, err := l.widths(k, l.cost)
	l.vector(t, "widths", n, err)
	for _, limit := range k.Limits {
		s, err := l.paths(k, limit, account.Rho(limit)*l.cost, lensDelta)
		l.keyed(t, fmt.Sprint("paths within ", limit), s, err)
	}
	m, err := encode.NewMembers(columns)
	if err != nil {
		t.Fatal(err)
	}
	for limit := range 3 {
		n, err = l.follows(m, table, limit+1, account.Rho(limit+1)*l.cost)
		l.vector(t, fmt.Sprint("follows within ", limit+1), n, err)
	}
	n, err = l.orders(m, table, [][2]int{{m.Of[0][0], m.Of[1][0]}, {m.Of[1][0], m.Of[2][0]}}, l.cost)
	l.vector(t, "orders", n, err)
	n, err = l.others(table, profile.OthersLows(), l.cost)
	l.vector(t, "others", n, err)
}

// column makes every release there is of a column, over domains as a run would find them.
func (l *lens) column(t *testing.T, name string, format record.Format, kind mess.Kind, c *raw.Column) {
	t.Helper()
	codec, err := mess.ForKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	e := encode.New(codec, c)
	for _, w := range []encode.Which{{}, {Atoms: true}, {Literals: true}, {Atoms: true, Literals: true}} {
		s, _, err := l.values(name, e, w, l.cost, lensDelta)
		l.keyed(t, fmt.Sprintf("values %+v of %s", w, name), s, err)
	}
	value := (&columnJob{format: format, codec: codec}).publicCodes()
	value = append(value,
		profile.Code{Class: profile.Atom, Label: "12"}, profile.Code{Class: profile.Literal, Tag: record.Text, Label: "Acme Corp"},
		profile.Code{Class: profile.Missing, Tag: record.Text, Label: "N/A"})
	words := profile.Words(value)
	e.Settle(value, words)
	if axis := codec.Axis(); axis != nil {
		coder := profile.NewCoder(value, nil)
		for _, s := range axis.Roots(2) {
			value = append(value, profile.Code{Class: profile.Bin, Lo: s.Lo, Hi: s.Hi})
		}
		n, err := l.grid(name, e, coder, axis.Roots(2), l.cost)
		l.vector(t, "grid of "+name, n, err)
	}
	form := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}, {Class: profile.Form, Label: "d0"}, {Class: profile.Form, Label: "#d0"}, {Class: profile.Form, Label: "=case"}}
	coder := profile.NewCoder(value, form)
	for rung := range maxRungs {
		s, err := l.forms(name, e, coder, map[string]bool{"d2z1": true}, rung, l.cost, lensDelta)
		l.keyed(t, fmt.Sprintf("forms at rung %d of %s", rung, name), s, err)
	}
	n, err := l.valueMarginal(name, e, coder, len(value), l.cost)
	l.vector(t, "value marginal of "+name, n, err)
	j := columnJob{codec: codec, words: words, value: value, form: form}
	if cells := j.written(); cells != nil {
		n, err = l.pairs(name, e, coder, cells, l.cost)
		l.vector(t, "value and form pairs of "+name, n, err)
	}
	if codec.Axis() == nil && kind != mess.Boolean { // as holdsText has it
		l.texts(t, name, e, coder, form)
	}
	n, err = l.formMarginal(name, e, coder, len(form), l.cost)
	l.vector(t, "form marginal of "+name, n, err)
}

// texts makes the releases of how texts are put together.
func (l *lens) texts(t *testing.T, name string, e *encode.Column, coder *profile.Coder, form []profile.Code) {
	t.Helper()
	pieces, err := l.pieces(name, e, coder, form, mess.MaxPieces*l.cost, lensDelta)
	l.keyed(t, "pieces of "+name, pieces, err)
	syntax := mess.NewSyntax([]string{"Aa_", "a.", "9-"})
	n, err := l.grammar(name, e, coder, form, syntax, mess.MaxSteps*l.cost)
	l.vector(t, "steps of "+name, n, err)
}

// pool are the cells that records are made of.
var pool = []string{
	"", " ", "-", "N/A", "n/a", "0", "12", "007", "12.50", " 3", "-4.0", "1e5", "1,250", "2024-01-31", "2024-01-31T10:00:00", "31/01/2024",
	"yes", "TRUE", "Acme Corp", "ACME corp", "a\nb", `say "hi"`, "a;b,c", "é", "\xff", "ann@example.com", "Ann Miller", "ann42", "+49 30 1234567", "9f86d081884c", strings.Repeat("long ", 40),
}

// A maker writes datasets of one format.
type maker struct {
	name    string
	record  func(r *rand.Rand) string
	header  string
	columns []string
}

var makers = []maker{{
	name: "data.csv", header: "a,b,c\n", columns: []string{"a", "b", "c"},
	record: func(r *rand.Rand) string {
		switch r.IntN(12) {
		case 0:
			return "\n"
		case 1:
			return "a,b,c\r\n"
		}
		fields := make([]string, []int{3, 3, 3, 3, 2, 1, 4}[r.IntN(7)])
		for i := range fields {
			fields[i] = pool[r.IntN(len(pool))]
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		_ = w.Write(fields) // into memory
		w.Flush()
		return b.String()
	},
}, {
	name: "data.jsonl", columns: []string{"a", "b", "c", "b[]", "b[0]", "c.k", "c.l.m", "b[1].k"},
	record: func(r *rand.Rand) string {
		if r.IntN(12) == 0 {
			return "{broken\n"
		}
		cells := []any{nil, true, "12", 12, 12.5, -3, "N/A", "Acme Corp", "Ann Miller", "ann@example.com", "ann42", []int{1, 2}, map[string]any{"k": "v"}, "yes", map[string]any{"l": map[string]any{"m": 1}, "k": nil}, []any{0, map[string]any{"k": 3}}, []int{}, "2024-01-31"}
		var members []string
		for _, i := range r.Perm(5)[:r.IntN(6)] {
			v, err := json.Marshal(cells[r.IntN(len(cells))])
			if err != nil {
				panic(err)
			}
			members = append(members, fmt.Sprintf("%q: %s", []string{"a", "b", "c", "d", "ann@example.com"}[i], v))
		}
		return "{" + strings.Join(members, ", ") + "}\n"
	},
}}

// write shuffles the records into a file.
func (m maker) write(t *testing.T, r *rand.Rand, records []string) string {
	t.Helper()
	records = slices.Clone(records)
	r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	return m.writeInOrder(t, records)
}

// writeInOrder writes the records into a file.
func (m maker) writeInOrder(t *testing.T, records []string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), m.name)
	if err := os.WriteFile(file, []byte(m.header+strings.Join(records, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// change returns how a release differs between two datasets: in how many cells, by how much at most, and in L2.
func change(a, b map[string]int64) (cells int, most int64, l2 float64) {
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for k := range keys {
		if d := a[k] - b[k]; d != 0 {
			cells++
			most = max(most, d, -d)
			l2 += float64(d * d)
		}
	}
	return cells, most, math.Sqrt(l2)
}

// TestOneRecordChangesWhatItMay adds a record somewhere to a messy dataset and compares every release with what its
// sensitivity says. Every record is there at least three times, so that thresholds hide nothing from the lens; 250 σ
// to the nearest integer leave no chance of a false alarm.
func TestOneRecordChangesWhatItMay(t *testing.T) {
	t.Parallel()
	for _, m := range makers {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			changed := map[string]bool{}
			for seed := uint64(0); seed < 10 && !t.Failed(); seed++ {
				r := rand.New(rand.NewPCG(seed, 1))
				var records []string
				for range 60 {
					one := m.record(r)
					records = append(records, one, one, one)
				}
				without, with := newLens(t, bound.Rule{}), newLens(t, bound.Rule{})
				without.look(t, m.write(t, r, records), m.columns)
				with.look(t, m.write(t, r, append(records, records[r.IntN(len(records))])), m.columns)
				for release, s := range with.can {
					cells, most, l2 := change(without.seen[release], with.seen[release])
					if cells > s.L0() || most > s.Linf() || l2 > s.L2()*(1+1e-12) {
						t.Errorf("%s, seed %d: a record changes %s in %d cells, by up to %d, by %g in L2; stated are %d, %d, %g",
							m.name, seed, release, cells, most, l2, s.L0(), s.Linf(), s.L2())
					}
					kind, _, _ := strings.Cut(release, " ")
					changed[kind] = changed[kind] || cells > 0
				}
			}
			for kind, ok := range changed {
				if !ok {
					t.Errorf("%s: no record changed any release of %s: the test sees nothing", m.name, kind)
				}
			}
		})
	}
}

// words returns a text of n runs of words of many lengths, which has more pieces, steps and letters than are counted.
func words(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s A%s %d ", strings.Repeat("z", 1+i%14), strings.Repeat("y", 1+i%11), i*i)
	}
	return b.String()
}

// worst are records that are as unlike others as they can be, by the format's file.
var worst = map[string][]string{
	"data.csv": {
		words(400) + ",NaN,-Infinity\n",
		`"` + strings.Repeat("line\n", 1000) + `",` + strings.Repeat("(", 10_000) + `,""` + "\n",
		strings.Repeat("field,", 5000) + "\n",
		`"a","b","c"` + "\n",
		`a"b,"c"d",e` + "\n",
		"\"\"\n",
		"\r\n",
		"a\rb,\x00,\xff\xfe\xc0\n",
		",,\n",
		"1e999999,-0.0000," + strings.Repeat("9", 1000) + "\n",
		"\ufeffa,\u202eb,e\u0301\u0301\u0301\n",
		"Acme Corp,Acme Crop,ACME  CORP\n",
	},
	"data.jsonl": {
		manyKeys(6000),
		`{"a":1,"a":[1,2],"a":{"k":1},"c":{"k":1},"c":{"l":{"m":2}},"b":[],"b":[0,{"k":1}]}` + "\n",
		`{"a":` + strings.Repeat(`[`, 300) + strings.Repeat(`]`, 300) + "}\n",
		strings.Repeat(`{"a":`, 20_000) + "0" + strings.Repeat("}", 20_000) + "\n",
		"null\n", "[1]\n", "{}\n", " \t \n", "\x00\n", "{\"a\":1}{\"b\":2}\n",
		`{"":{"":{"":1}},"a.b":1,"a\\[0]":2,"b":[[1],[2]],"c":"\ud800"}` + "\n",
		`{"a":1e999,"b":"NaN","c":{"l":null,"k":[]}}` + "\n",
		`{"c":{"l":{"m":[]},"k":1},"b":[1,{"k":"` + words(200) + `"}],"a":"\u0000"}` + "\n",
	},
}

// manyKeys returns a JSON record with n keys, some of them columns.
func manyKeys(n int) string {
	var b strings.Builder
	b.WriteString(`{"c":1,"b":[1,2,3],"a":0`)
	for i := range n {
		fmt.Fprintf(&b, `,"key%d":%d`, i, i)
	}
	return b.String() + "}\n"
}

// TestWorstRecordsChangeWhatTheyMay adds the worst records, one by one, to datasets that have three of each. As above, it cannot
// fail by chance.
func TestWorstRecordsChangeWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, m := range makers {
		r := rand.New(rand.NewPCG(3, 3))
		var records []string
		for _, one := range append(worst[m.name], m.record(r), m.record(r)) {
			records = append(records, one, one, one)
		}
		kinds := []mess.Kind{mess.Category, mess.Decimal, mess.Timestamp, mess.Email}
		without := newLens(t, bound.Rule{})
		without.readAs = kinds
		without.look(t, m.write(t, r, records), m.columns)
		for i, one := range worst[m.name] {
			with := newLens(t, bound.Rule{})
			with.readAs = kinds
			with.look(t, m.write(t, r, append(records, one)), m.columns)
			for release, s := range with.can {
				if cells, most, l2 := change(without.seen[release], with.seen[release]); cells > s.L0() || most > s.Linf() || l2 > s.L2()*(1+1e-12) {
					t.Errorf("%s, record %d: it changes %s in %d cells, by up to %d, by %g in L2; stated are %d, %d, %g",
						m.name, i, release, cells, most, l2, s.L0(), s.Linf(), s.L2())
				}
			}
		}
	}
}

// TestOrderOfRowsIsNothing: the exact counts behind every release are the same in whatever order the rows come.
func TestOrderOfRowsIsNothing(t *testing.T) {
	t.Parallel()
	for _, m := range makers {
		r := rand.New(rand.NewPCG(7, 7))
		var records []string
		for range 100 {
			one := m.record(r)
			records = append(records, one, one, one)
		}
		one, other := newLens(t, bound.Rule{}), newLens(t, bound.Rule{})
		one.look(t, m.write(t, r, records), m.columns)
		other.look(t, m.write(t, r, records), m.columns)
		for release := range one.can {
			if cells, _, _ := change(one.seen[release], other.seen[release]); cells > 0 {
				t.Errorf("%s: %s depends on the order of the rows in %d cells", m.name, release, cells)
			}
		}
	}
}

// ofUnit returns a record of a maker's format with a key; "" for none.
func ofUnit(m maker, key, record string) string {
	if m.header != "" {
		return key + "," + record
	}
	if rest, ok := strings.CutPrefix(record, "{"); ok && key != "" {
		return fmt.Sprintf("{%q: %q, ", "u", key) + rest // some lines are broken by it, and have no key
	}
	return record
}

// TestOneUnitChangesWhatItMay takes a whole unit out of a dataset, one with fewer records than are used, as many, or more, and
// compares every release with what its sensitivity says. The key is the same for both, so that others' records
// are chosen alike; as above, it cannot fail by chance.
func TestOneUnitChangesWhatItMay(t *testing.T) {
	t.Parallel()
	for _, m := range makers {
		with := m
		with.columns = append([]string{"u"}, m.columns...)
		if m.header != "" {
			with.header = "u," + m.header
		}
		for _, records := range []int{1, 3, 4, 40} {
			t.Run(fmt.Sprintf("%s, %d", m.name, records), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(records), 1))
				var others, own []string
				for i := range 30 {
					one := m.record(r)
					for k := range 8 {
						key := fmt.Sprint("unit", (i*8+k)/[]int{1, 2, 7}[i%3])
						if i%10 == 0 {
							key = "" // no key: a unit of its own
						}
						others = append(others, ofUnit(m, key, one))
					}
				}
				for range records {
					own = append(own, ofUnit(m, " one\t", others[r.IntN(len(others))]))
				}
				if m.header == "" {
					own = own[:0]
					for range records {
						own = append(own, ofUnit(m, "one", "{\"a\": 12, \"b\": [1], \"c\": {\"k\": \"v\"}}\n"))
					}
				}
				rule := bound.Rule{Columns: []string{"u"}, Most: 3}
				one, other := newLens(t, rule), newLens(t, rule)
				one.readAs = []mess.Kind{mess.Category, mess.Integer, mess.Email, mess.TextKind}
				other.readAs = one.readAs
				// The unit's records come anywhere among the others, whose order stays.
				all := slices.Clone(others)
				for _, record := range own {
					all = slices.Insert(all, r.IntN(len(all)+1), record)
				}
				one.look(t, with.writeInOrder(t, all), with.columns)
				other.look(t, with.writeInOrder(t, others), with.columns)
				most := 0.0
				for release, s := range one.can {
					a, b := one.seen[release], other.seen[release]
					unhide(a, b, 2*int64(rule.Most))
					unhide(b, a, 2*int64(rule.Most))
					cells, worst, l2 := change(a, b)
					if cells > s.L0() || worst > s.Linf() || l2 > s.L2()*(1+1e-12) {
						t.Errorf("a unit changes %s in %d cells, by up to %d, by %g in L2; stated are %d, %d, %g",
							release, cells, worst, l2, s.L0(), s.Linf(), s.L2())
					}
					most = max(most, l2)
				}
				if want := float64(min(records, 3)); most < want {
					t.Errorf("a unit of %d records changes no release by more than %g in L2, want at least %g: the test sees nothing", records, most, want)
				}
				if n := grown(one.seen["rows"], other.seen["rows"]); n != int64(min(records, 3)) {
					t.Errorf("a unit of %d records changes the number of rows by %d", records, n)
				}
			})
		}
	}
}

// unhide adds to a histogram the keys that only another has, with the most that they can have had without passing the
// threshold.
func unhide(hist, other map[string]int64, most int64) {
	for key := range other {
		if _, ok := hist[key]; !ok {
			hist[key] = most
		}
	}
}

// grown returns by how much a release of one count differs.
func grown(a, b map[string]int64) int64 { return a["0"] - b["0"] }
