package cli

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// TestAddressesAgreeWithNames profiles a table in which seven addresses of ten agree with the name beside them, and samples it. The
// synthetic share is off by the noise, below 1 % at this ε, by the pilot's √(0.25/3000) and by the sample's: 0.06 is exceeded with a
// probability below 1e-6.
func TestAddressesAgreeWithNames(t *testing.T) {
	t.Chdir(t.TempDir())
	given := []string{"Mary", "James", "Linda", "Robert", "Susan", "Thomas", "Karen"}
	family := []string{"Smith", "Johnson", "Garcia", "Miller", "Wilson", "Lopez", "Walker", "Young", "King", "Hill", "Scott"}
	var b strings.Builder
	b.WriteString("name,email,id\n") // no two rows are the same, nor are copies made
	for i := range 3000 {
		other := i
		if i%10 >= 7 {
			other = i + 3
		}
		fmt.Fprintf(&b, "%s %s,%s.%s@example.org,%d\n", given[i%7], family[i%11], strings.ToLower(given[other%7]), strings.ToLower(family[other%11]), i)
	}
	if err := os.WriteFile("t.csv", []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	mustPatina(t, "budget", "init", "t", "--epsilon", "20", "--delta", "1e-4")
	mustPatina(t, "profile", "t.csv", "--epsilon", "8", "--delta", "1e-6", "-o", "p.parquet", "--quiet")
	mustPatina(t, "sample", "p.parquet", "-o", "out.csv", "-n", "3000", "--seed", "1")
	if out := mustPatina(t, "inspect", "p.parquet", "--column", "email"); !strings.Contains(out, "about the same person as name in ") {
		t.Errorf("inspect says nothing of it:\n%s", out)
	}
	if got := agreeing(t, "out.csv"); math.Abs(got-0.7) > 0.06 {
		t.Errorf("addresses agree with names in %.3f of the synthetic rows, want 0.7", got)
	}
}

// agreeing returns the share of a table's rows in which the address, the second field, agrees with the name.
func agreeing(t *testing.T, path string) float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) record.Cell { return record.Cell{Tag: record.Text, Text: s} }
	agree := 0
	for _, r := range rows[1:] {
		if mess.Agrees(mess.Name, text(r[0]), mess.Email, text(r[1])) {
			agree++
		}
	}
	return float64(agree) / float64(len(rows)-1)
}

func TestHeldBack(t *testing.T) {
	item := func(reason string, value float64) profile.Item {
		return profile.Item{Label: reason, Share: profile.Approx{Value: value, PlusMinus: 0.004}}
	}
	columns := []profile.ColumnSummary{
		{Name: "id"},
		{Name: "notes", Withheld: []profile.Item{item("e-mail address", 0.03), item("phone number", 0.02)}},
		{Name: "to", Withheld: []profile.Item{item("person name", 0.5), item("long text", 0.01)}},
	}
	const want = "person name in to 50.00 ± 0.40 %, e-mail address in notes 3.00 ± 0.40 %, phone number in notes 2.00 ± 0.40 %, and 1 more"
	if got := heldBack(columns); got != want {
		t.Errorf("held back is %q, want %q", got, want)
	}
	if got := heldBack(columns[:1]); got != "" {
		t.Errorf("of nothing, %q is held back", got)
	}
}
