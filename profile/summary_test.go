package profile

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// colours is a profile of one category column with 100 rows: two measurements of "red" and one of everything.
func colours() *Profile {
	codes := []Code{
		{Class: Absent, Origin: Schema},
		{Class: Missing, Tag: record.Text, Label: "", Origin: Schema},
		{Class: Missing, Tag: record.Text, Label: "N/A", Origin: Learnt},
		{Class: Literal, Tag: record.Text, Label: "blue", Origin: Learnt},
		{Class: Literal, Tag: record.Text, Label: "red", Origin: Learnt},
		{Class: Other, Origin: Schema},
	}
	forms := []Code{{Class: NoForm, Origin: Schema}, {Class: OtherForm, Origin: Schema}, {Class: Form, Label: "a{3}9", Origin: Learnt}}
	return &Profile{
		Manifest: Manifest{
			Version: FormatVersion, Dataset: "paint", Run: "1", Rows: 100, RowSigma: 2, Format: record.CSV,
			Columns: []Column{{Column: record.Column{Name: "c", Type: "string"}, Kind: "category", Origin: Learnt}},
		},
		Attributes: []Attribute{
			{Name: "c", Column: "c", Role: RoleValue, Codes: codes},
			{Name: "c~form", Column: "c", Role: RoleForm, Codes: forms},
		},
		Measurements: []Measurement{
			{Release: 1, Attributes: []string{"c"}, Cells: [][]int32{{4}}, Values: []float64{52}, Sigma: 4},
			{Release: 2, Attributes: []string{"c"}, Cells: [][]int32{{0}, {1}, {2}, {3}, {4}, {5}}, Values: []float64{0, 9, 4, 21, 48, 15}, Sigma: 3},
			{Release: 3, Attributes: []string{"c~form"}, Cells: [][]int32{{0}, {1}, {2}}, Values: []float64{83, 1, 14}, Sigma: 6},
		},
		Tables: []Table{{
			Attributes: []string{"c", "c~form"},
			Cells:      [][]int32{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 2}},
			Weights:    []int64{10, 5, 20, 50, 15},
		}},
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestSummarizeShares(t *testing.T) {
	s := Summarize(colours())
	if !near(s.Rows.Value, 100) || !near(s.Rows.PlusMinus, 2*z95) {
		t.Errorf("rows are %v, want 100 ± %v", s.Rows, 2*z95)
	}
	c := s.Columns[0]
	// Two spellings are there, measured once each with σ = 3; the third class of missing values was taken for empty.
	if want := z95 * math.Sqrt(2*9) / 100; !near(c.Missing.Value, 0.15) || !near(c.Missing.PlusMinus, want) {
		t.Errorf("missing is %v, want 0.15 ± %v", c.Missing, want)
	}
	if want := z95 * 3 / 100; !near(c.PlusMinus, want) {
		t.Errorf("one share is ± %v, want that of the final marginal, %v", c.PlusMinus, want)
	}
	check := func(what string, got []Item, labels ...string) {
		t.Helper()
		for i, it := range got {
			if i >= len(labels) || it.Label != labels[i] {
				t.Errorf("%s are %v, want %v", what, got, labels)
				return
			}
		}
		if len(got) != len(labels) {
			t.Errorf("%s are %v, want %v", what, got, labels)
		}
	}
	check("spellings", c.Spellings, "<empty>", "N/A")
	check("values", c.Values, "red", "blue", "<other>")
	check("bins", c.Bins)
	check("forms", c.Forms, "a{3}9")
	// Two measurements, σ = 4 and σ = 3, combine by inverse variance.
	if want := z95 / math.Sqrt(1.0/16+1.0/9) / 100; !near(c.Values[0].Share.Value, 0.5) || !near(c.Values[0].Share.PlusMinus, want) {
		t.Errorf("red is %v, want 0.5 ± %v", c.Values[0].Share, want)
	}
}

func TestSummarizeExampleFollowsForm(t *testing.T) {
	ex := Summarize(colours()).Columns[0].Forms[0].Example
	if len(ex) != 4 || ex[3] < '0' || ex[3] > '9' || ex[0] < 'a' || ex[0] > 'z' {
		t.Errorf("example of form a{3}9 is %q", ex)
	}
	if again := Summarize(colours()).Columns[0].Forms[0].Example; again != ex {
		t.Errorf("the example changed from %q to %q", ex, again)
	}
}

// A form is no better known than its table: codes the fit gives no weight are not listed.
func TestSummarizeLeavesOutWhatIsNotThere(t *testing.T) {
	for _, it := range Summarize(colours()).Columns[0].Forms {
		if it.Class == OtherForm || it.Class == NoForm {
			t.Errorf("lists %s", it.Class)
		}
	}
}

// A column where nothing is missing still says how much could be hidden in the noise.
func TestSummarizeMissingNothing(t *testing.T) {
	p := colours()
	p.Tables[0].Weights, p.Tables[0].Cells = []int64{1}, [][]int32{{4, 0}}
	want := z95 * 3 / 100
	if got := Summarize(p).Columns[0].Missing; got.Value != 0 || !near(got.PlusMinus, want) {
		t.Errorf("missing is %v, want 0 ± %v", got, want)
	}
}

// Profiles with unusual contents are summarized without a panic, and the summary has nothing that JSON cannot hold.
func TestSummarizeIsTotal(t *testing.T) {
	few := colours()
	few.Manifest.Rows = -3
	bare := colours()
	bare.Tables, bare.Measurements = nil, nil
	none := colours()
	none.Attributes, none.Tables, none.Measurements = nil, nil, nil
	for name, p := range map[string]*Profile{"sample": sample(), "negative rows": few, "no tables": bare, "no attributes": none} {
		if _, err := json.Marshal(Summarize(p)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnconverged: a fit that ended early is worth a warning where it is off by more than noise and by enough to matter.
func TestUnconverged(t *testing.T) {
	for _, c := range []struct {
		gap, rows float64
		want      bool
	}{{0.01, 1000, false}, {0.5, 1000, true}, {0.5, 1e9, false}, {1e9, 1e9, true}} {
		p := &Profile{
			Manifest:     Manifest{Rows: c.rows, Gap: c.gap},
			Attributes:   []Attribute{{Name: "a", Role: RoleValue}, {Name: "a~view", Role: RoleView}},
			Measurements: []Measurement{{Attributes: []string{"a"}, Cells: [][]int32{{0}}, Sigma: 1e9}, {Attributes: []string{"a~view"}, Cells: [][]int32{{0}, {1}}, Sigma: 10}},
		}
		off, got := p.Unconverged()
		if got != c.want || got && math.Abs(off-math.Sqrt(c.gap)*10/c.rows) > 1e-12 {
			t.Errorf("a gap of %g of %g rows: %g, %t", c.gap, c.rows, off, got)
		}
	}
}
