package synth

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// A mixedColumn is a column of the benchmark's table: bins or literals, the forms they are written in, and how many cells
// of a hundred are missing or other text.
type mixedColumn struct {
	name, kind string
	bins       []profile.Code
	forms      []string
	nulls      int64
}

// bins returns n bins of equal width from a first edge on, in units of 10^exp.
func bins(n int, first, width int64, exp int8) (codes []profile.Code) {
	for i := range int64(n) {
		codes = append(codes, profile.Code{
			Class: profile.Bin, Lo: edge(first+i*width, exp), Hi: edge(first+(i+1)*width, exp), Origin: profile.Learnt,
		})
	}
	return codes
}

// edge returns the canonical edge m·10^exp.
func edge(m int64, exp int8) profile.Edge {
	for m != 0 && m%10 == 0 {
		m, exp = m/10, exp+1
	}
	if m == 0 {
		exp = 0
	}
	return profile.Edge{M: m, E: exp}
}

func words(prefix string, n int) (codes []profile.Code) {
	for i := range n {
		codes = append(codes, profile.Code{Class: profile.Literal, Tag: record.Text, Label: fmt.Sprintf("%s %d", prefix, i)})
	}
	return codes
}

// mixedColumns are fifteen columns of the usual kinds, made up.
func mixedColumns() []mixedColumn {
	const start = 17 * 365 * 86400 / 100
	other := []profile.Code{{Class: profile.Other}}
	atom := profile.Code{Class: profile.Atom, Label: "50", Origin: profile.Learnt}
	return []mixedColumn{
		{"count", "integer", append(bins(20, 0, 10, 0), atom), []string{"d0"}, 5},
		{"quantity", "integer", bins(30, 1, 1000, 0), []string{"d0", "d0g,"}, 0},
		{"price", "decimal", bins(40, 0, 25, 0), []string{"d2", "d1", "$d2"}, 2},
		{"share", "decimal", bins(20, 0, 5, -2), []string{"d4"}, 10},
		{"weight", "decimal", bins(20, 0, 5, 0), []string{"d1", `d1_"kg"`}, 0},
		{"day", "date", bins(40, start*100/86400*86400, 86400*7, 0), []string{"YYYY-MM-DD"}, 1},
		{"partner", "date", bins(40, start*100/86400*86400, 86400*7, 0), []string{"M/D/YYYY", "YYYY-MM-DD", "DD.MM.YYYY"}, 20},
		{"at", "timestamp", bins(60, start, 3*864, 2), []string{"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD 00:00:00"}, 0},
		{"logged", "timestamp", bins(60, start, 3*864, 2), []string{"YYYY-MM-DDThh:mm:ss.fffZ"}, 0},
		{"region", "category", words("region", 12), nil, 3},
		{"status", "category", words("status", 5), nil, 0},
		{"active", "boolean", []profile.Code{{Class: profile.Atom, Label: "true"}, {Class: profile.Atom, Label: "false"}}, []string{"yes/no", "Y/N"}, 0},
		{"sku", "id", other, []string{"A{2}-9{6}", "A{3}-9{4}"}, 0},
		{"phone", "text", other, []string{`\+9{2}_9{3}_9{7}`, "9{3}-9{3}-9{4}"}, 15},
		{"note", "text", other, []string{"Aa+_a+_a+", "a+{4}", "~16aAds"}, 40},
	}
}

// mixedProfile is a profile of mixedColumns in which every value comes in every form.
func mixedProfile() *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Format: record.CSV, Rows: 1e6}}
	for _, c := range mixedColumns() {
		value := append([]profile.Code{{Class: profile.Missing, Tag: record.Text}}, c.bins...)
		form := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}
		for _, f := range c.forms {
			form = append(form, profile.Code{Class: profile.Form, Label: f, Origin: profile.Learnt})
		}
		cells, weights := [][]int32{{0, 0}}, []int64{c.nulls << 20}
		for v := 1; v < len(value); v++ {
			for f := min(2, len(c.forms)*2); f < max(1, len(form)); f++ {
				if len(c.forms) > 0 == (f >= 2) {
					cells = append(cells, []int32{int32(v), int32(f)})
					weights = append(weights, (100-c.nulls)<<20/int64(len(c.bins)*max(1, len(c.forms))))
				}
			}
		}
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
			Column: record.Column{Name: c.name, Type: record.StringType}, Kind: c.kind,
		})
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: c.name, Column: c.name, Role: profile.RoleValue, Codes: value},
			profile.Attribute{Name: profile.FormName(c.name), Column: c.name, Role: profile.RoleForm, Codes: form})
		p.Tables = append(p.Tables, profile.Table{Attributes: []string{c.name, profile.FormName(c.name)}, Cells: cells, Weights: weights})
	}
	return p
}

// BenchmarkDeal deals the codes of fifteen attributes in a tree of pairs, and the cells of a column below each, on all processors.
func BenchmarkDeal(b *testing.B) {
	const attributes, codes, rows = 15, 30, 1 << 30
	var pl plan
	add := func(x, y string) {
		var cells [][]int32
		var weights []int64
		for i := range int32(codes) {
			for j := range int32(codes) {
				cells, weights = append(cells, []int32{i, j}), append(weights, 1+int64(i*j%7)<<20)
			}
		}
		if err := pl.add([]string{x, y}, cells, weights); err != nil {
			b.Fatal(err)
		}
	}
	for a := 1; a < attributes; a++ {
		add(fmt.Sprint("view ", a/3), fmt.Sprint("view ", a))
	}
	for a := range attributes {
		add(fmt.Sprint("view ", a), fmt.Sprint("column ", a))
	}
	m := newMixture([]share{{&pl, 1, 1}}, rows, 1)
	var block atomic.Uint64
	b.ReportAllocs()
	b.RunParallel(func(each *testing.PB) {
		sources := make([]uint64, blockRows)
		for each.Next() {
			first := block.Add(1) * blockRows % rows
			for i := range sources {
				sources[i] = first + uint64(i)
			}
			m.deal(sources)
		}
	})
	b.ReportMetric(float64(b.N)*blockRows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRender renders the mixed table on all processors, without writing it.
func BenchmarkRender(b *testing.B) {
	const rows = 1 << 18
	p := mixedProfile()
	for b.Loop() {
		if err := Generate(b.Context(), p, Options{Rows: rows, Seed: 1}, &countingWriter{after: func() {}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkBlock renders the mixed table on one processor, without writing it.
func BenchmarkBlock(b *testing.B) {
	s, err := newSampler(mixedProfile(), 1<<20, 1, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := uint64(0); b.Loop(); i++ {
		s.block(i % (1 << 8))
	}
	b.ReportMetric(float64(b.N)*blockRows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkColumn renders each column of the mixed table alone.
func BenchmarkColumn(b *testing.B) {
	p := mixedProfile()
	for i, c := range p.Manifest.Columns {
		b.Run(c.Name, func(b *testing.B) {
			alone := *p
			alone.Manifest.Columns = p.Manifest.Columns[i : i+1]
			s, err := newSampler(&alone, 1<<20, 1, Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := uint64(0); b.Loop(); i++ {
				s.block(i % (1 << 8))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*blockRows), "ns/cell")
		})
	}
}
