package mess

import (
	"fmt"
	"math/rand/v2"
	"strconv"
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
			w, text := NewWriter(c, bm.span, bm.form), make([]byte, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				text, _ = w(text[:0], r)
			}
			reportCells(b)
		})
	}
}

// tableColumns are made-up columns of the usual kinds, by what makes up one cell.
func tableColumns() (kinds []Kind, cells []func(*rand.Rand) string) {
	add := func(kind Kind, cell func(r *rand.Rand) string) {
		kinds, cells = append(kinds, kind), append(cells, cell)
	}
	day := func(r *rand.Rand) time.Time { return time.Unix(r.Int64N(1<<31), 0).UTC() }
	add(Integer, func(r *rand.Rand) string { return strconv.Itoa(r.IntN(100)) })
	add(Integer, func(r *rand.Rand) string { return strconv.Itoa(r.IntN(1e7)) })
	add(Integer, func(r *rand.Rand) string { return fmt.Sprintf("%d,%03d", 1+r.IntN(900), r.IntN(1000)) })
	add(Decimal, func(r *rand.Rand) string { return fmt.Sprintf("%.2f", r.Float64()*1e4) })
	add(Decimal, func(r *rand.Rand) string { return fmt.Sprintf("$%.2f", r.Float64()*1e3) })
	add(Decimal, func(r *rand.Rand) string { return strconv.FormatFloat(r.Float64(), 'f', -1, 64) })
	add(Date, func(r *rand.Rand) string { return day(r).Format(time.DateOnly) })
	add(Date, func(r *rand.Rand) string { return day(r).Format("1/2/2006") })
	add(Timestamp, func(r *rand.Rand) string { return day(r).Format(time.DateTime) })
	add(Timestamp, func(r *rand.Rand) string { return day(r).Format(time.RFC3339) })
	add(Boolean, func(r *rand.Rand) string { return []string{"yes", "no"}[r.IntN(2)] })
	add(Category, func(r *rand.Rand) string { return fmt.Sprintf("Region %d", r.IntN(12)) })
	add(ID, func(r *rand.Rand) string { return fmt.Sprintf("AB-%06d", r.IntN(1e6)) })
	add(TextKind, func(r *rand.Rand) string { return fmt.Sprintf("+49 30 %07d", r.IntN(1e7)) })
	add(TextKind, func(r *rand.Rand) string {
		if r.IntN(3) == 0 {
			return []string{"", "n/a", "NULL"}[r.IntN(3)]
		}
		return fmt.Sprintf("Delivered %d parcels to the back door", r.IntN(1e4))
	})
	return kinds, cells
}

// BenchmarkDescribeTable describes rows of the usual columns as the vault does: each distinct cell of a chunk once.
func BenchmarkDescribeTable(b *testing.B) {
	const rows = 8192
	_, rng := seeded(52)
	kinds, made := tableColumns()
	columns := make([][]record.Cell, len(kinds))
	for i := range columns {
		known := map[string]bool{}
		for range rows {
			if s := made[i](rng); !known[s] {
				known[s] = true
				columns[i] = append(columns[i], text(s))
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i, cells := range columns {
			c := codec(b, kinds[i])
			for _, cell := range cells {
				Describe(c, cell)
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*rows)*1e6, "s/Mrow")
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
