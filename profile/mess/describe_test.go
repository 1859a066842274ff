package mess

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/testdata"
)

// checkDescription renders what is known of a cell and checks that as much is known of the outcome.
func checkDescription(t *testing.T, c Codec, cell record.Cell, r *Rand) {
	t.Helper()
	d := Describe(c, cell)
	switch {
	case d.Missing != Missing(cell) || d.Missing && (d.Typed || d.Forms != nil):
		t.Fatalf("%s: %v: %+v", c.Kind(), cell, d)
	case d.Missing:
	case d.Typed:
		checkTyped(t, c, d, r)
	default:
		if len(d.Forms) == 0 || c.Own(d.Forms[0]) {
			t.Fatalf("%s: %v, which does not parse, has the forms %q", c.Kind(), cell, d.Forms)
		}
		for _, mask := range d.Forms {
			if _, ok := cutImpossible(mask); ok {
				if again := Describe(c, Fill(mask, r)); again.Missing || again.Typed || again.Forms[0] != mask {
					t.Fatalf("%s: %q fills to %+v", c.Kind(), mask, again)
				}
				continue
			}
			checkFill(t, mask, r)
		}
	}
}

func checkTyped(t *testing.T, c Codec, d Description, r *Rand) {
	t.Helper()
	s, form := Span{Key: d.Value.Key}, d.Forms[0]
	if err := c.Check(s); err != nil || len(d.Forms) != 1 && !c.Open() || !c.Own(form) || !c.Fits(s, form) || len(s.Key) > 41 {
		t.Fatalf("%s: %v is %+v: %v", c.Kind(), d.Cell, d, err)
	}
	for _, loose := range d.Forms[1:] {
		if again := Describe(c, c.Render(s, loose, r)); !c.Own(loose) || !c.Fits(s, loose) || !slices.Contains(again.Forms, loose) {
			t.Fatalf("%s: %v has the form %q, in which %+v is rendered", c.Kind(), d.Cell, loose, again)
		}
	}
	got := c.Render(s, form, r)
	if d.Cell.Tag == record.Number { // notation is not kept
		d.Cell.Text = plain(d.Cell.Text)
	}
	if c.Open() || (strings.Contains(form, "f") || strings.Contains(form, "epoch")) && (c.Kind() == Timestamp || c.Kind() == Time) { // made up, or with made-up fractions
		again := Describe(c, got)
		if !again.Typed || again.Value != d.Value && s.Key != "" || !slices.Equal(again.Forms, d.Forms) {
			t.Fatalf("%s: %v renders as %v", c.Kind(), d.Cell, got)
		}
		return
	}
	if got != d.Cell {
		t.Fatalf("%s: %v renders as %v", c.Kind(), d.Cell, got)
	}
}

func TestContracts(t *testing.T) {
	r, _ := seeded(40)
	rows := csv.NewReader(strings.NewReader(string(testdata.Contracts)))
	rows.FieldsPerRecord = -1
	cells := map[string]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range row {
			cells[cell] = true
		}
	}
	if len(cells) < 5000 {
		t.Fatalf("only %d different cells", len(cells))
	}
	for _, s := range slices.Sorted(func(yield func(string) bool) {
		for s := range cells {
			if !yield(s) {
				return
			}
		}
	}) {
		for _, c := range codecs {
			checkDescription(t, c, text(s), r)
		}
	}
}

func TestDescribeRandomCells(t *testing.T) {
	r, rng := seeded(41)
	for range 5000 {
		s := randomText(rng)
		for _, c := range codecs {
			checkDescription(t, c, text(s), r)
		}
	}
}

func FuzzDescribeRender(f *testing.F) {
	for _, s := range append([]string{"12", "1h30m", "PT1H30M", "2 days", "1.5 hours", "1 hour 30 minutes", "100:00:01", "007", "1200", "-1.50", " 7 ", "2024-01-31", "2024-01-31 12:30:00.5Z", "31.1.2024", "1/5/24, 9:30 p.m.", "20240131T0:00", "May 31, 2024 12:00:00.5AM UTC", "05-SEP-69", "Mon Jan  1 10:00:05 2024", "Mon, 01 Jan 2024 10:00:05,5 +0100", "3. März 2024", "2nd Sept. 2024", "2024-W05", "2023-02-30", "31/4/2021 10:00", "0 Jan 2022", "1704110415123", "45292.520833333336", "29 FEB 2021, 12:00 AM", "Q3 2024", "03/Jan/2024:00:00 CET", "yes", "N/A", "[1]", "1e5", "$1,234.50", "(5)", "€ 1.234,5", "1 234,5 kr", "+.5", "5.", "5-", "-1.20E-05", "12.0 oz", "10,000+"}, pieces...) {
		for _, tag := range []record.Tag{record.Text, record.Number, record.Bool} {
			f.Add(s, uint8(tag), uint64(1))
		}
	}
	f.Fuzz(func(t *testing.T, s string, tag uint8, seed uint64) {
		if len(s) > 200 || record.Tag(tag) < record.Text || record.Tag(tag) > record.Bool {
			return
		}
		if record.Tag(tag) == record.Bool {
			s = []string{"false", "true"}[seed%2] // a boolean cell has no other text
		}
		r, _ := seeded(seed)
		for _, c := range codecs {
			checkDescription(t, c, record.Cell{Tag: record.Tag(tag), Text: s}, r)
		}
	})
}
