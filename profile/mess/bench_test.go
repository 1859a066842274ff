package mess

import (
	"fmt"
	"testing"
	"time"

	"github.com/patina-data/patina/profile/record"
)

type benchmark struct {
	name  string
	kind  Kind
	cells []record.Cell
	span  Span // of Render; none for text, which is filled
	form  string
}

func benchmarks() []benchmark {
	_, rng := seeded(50)
	bs := []benchmark{
		{name: "integer", kind: Integer, span: Span{Lo: Edge{1, 3}, Hi: Edge{2, 3}}, form: "d0"},
		{name: "decimal", kind: Decimal, span: Span{Lo: Edge{12, -1}, Hi: Edge{13, -1}}, form: "d6"},
		{name: "timestamp", kind: Timestamp, span: secondsSpan(civil(2024), civil(2025)), form: "YYYY-MM-DD hh:mm:ss"},
		{name: "written", kind: Timestamp, span: secondsSpan(civil(2024), civil(2025)), form: "M/D/YYYY h:mm AM"},
		{name: "category", kind: Category, form: "Aa+_A{3}_9{4}"},
	}
	words := []string{"Firm Fixed Price", "T&M: Time & Materials", "COMPUTER SCIENCES CORPORATION (3126)", "red", "Zürich-West 12"}
	for range 1 << 10 {
		at := time.Unix(rng.Int64N(1<<31), 0).UTC()
		for i, s := range []string{
			fmt.Sprint(rng.IntN(1e6)), fmt.Sprintf("%.6f", rng.Float64()*100), at.Format(time.DateTime), at.Format("1/2/2006 3:04 PM"), words[rng.IntN(len(words))],
		} {
			bs[i].cells = append(bs[i].cells, text(s))
		}
	}
	return bs
}

func BenchmarkDescribe(b *testing.B) {
	for _, bm := range benchmarks() {
		b.Run(bm.name, func(b *testing.B) {
			c := codec(b, bm.kind)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				Describe(c, bm.cells[i%len(bm.cells)])
			}
			reportCells(b)
		})
	}
}

func BenchmarkRender(b *testing.B) {
	for _, bm := range benchmarks() {
		b.Run(bm.name, func(b *testing.B) {
			c := codec(b, bm.kind)
			r, _ := seeded(51)
			b.ReportAllocs()
			for b.Loop() {
				c.Render(bm.span, bm.form, r)
			}
			reportCells(b)
		})
	}
}

func reportCells(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcells/s")
}

// BenchmarkVote reads each cell with every kind until one takes it: of texts, all of them fail.
func BenchmarkVote(b *testing.B) {
	for _, bm := range benchmarks() {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				Vote(bm.cells[i%len(bm.cells)])
			}
			reportCells(b)
		})
	}
}
