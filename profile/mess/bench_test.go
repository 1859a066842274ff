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
		{name: "email", kind: Email, span: Span{Key: "example.org"}, form: "first.last@d"},
		{name: "phone", kind: Phone, span: Span{Key: "+1"}, form: "(999)_999-9999"},
		{name: "name", kind: Name, form: "First_Last"},
	}
	words := []string{"Firm Fixed Price", "T&M: Time & Materials", "COMPUTER SCIENCES CORPORATION (3126)", "red", "Zürich-West 12"}
	for i := range 1 << 10 {
		at := time.Unix(rng.Int64N(1<<31), 0).UTC()
		for k, s := range []string{
			fmt.Sprint(rng.IntN(1e6)), fmt.Sprintf("%.6f", rng.Float64()*100), at.Format(time.DateTime), at.Format("1/2/2006 3:04 PM"), words[rng.IntN(len(words))],
			fmt.Sprintf("jane.smith%d@example.org", i), fmt.Sprintf("(212) 555-%04d", rng.IntN(1e4)), words[0] + " Smith",
		} {
			bs[k].cells = append(bs[k].cells, text(s))
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

// Cells that are of no open kind are told so by each within a microsecond.
func BenchmarkParseOthers(b *testing.B) {
	var cells []record.Cell
	for _, s := range []string{"Firm Fixed Price", "T&M: Time & Materials", "COMPUTER SCIENCES CORPORATION (3126)", "red", "12,345.50", "A7/b", "2024-02-29 12:30:00"} {
		cells = append(cells, text(s))
	}
	for _, k := range openKinds {
		c := codec(b, k).(openCodec)
		b.Run(string(k), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.Parse(cells[i%len(cells)])
			}
		})
	}
	b.Run("vote", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			Vote(cells[i%len(cells)])
		}
	})
	b.Run("guard", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			Releasable(cells[i%len(cells)])
		}
	})
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
