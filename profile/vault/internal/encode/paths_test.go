package encode

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

func TestPathCounter(t *testing.T) {
	long := strings.Repeat("k", 97)
	for _, c := range []struct {
		name    string
		records [][]string
		want    map[string]int64
	}{
		{"every path", [][]string{{"a", "b.c[]"}, {"b.c[]"}}, map[string]int64{"a": 4, "b.c[]": 8}},
		{"personal keys", [][]string{{"ann@example\\.com", "users.ann@example\\.com.age", "+49 30 1234567", "b"}}, map[string]int64{"b": 4}},
		{"names that no column can have", [][]string{{"", "\xff\xfe", "é", "a\\", "b["}}, map[string]int64{"é": 4}},
		{"names of attributes", [][]string{{"~row", "~order", "~others", "a~form", "a"}}, map[string]int64{"a": 4}},
		{"a key too long for a label", [][]string{{long, "a." + long, long[1:]}}, map[string]int64{long[1:]: 4}},
		{"what is not counted takes no place", [][]string{{"~row", "\xff", "+49 30 1234567", "a", "b", "c"}}, map[string]int64{"a": 4, "b": 4, "c": 4}},
		{"records without paths", [][]string{nil, {}}, nil},
		{"no records", nil, nil},
	} {
		k := &PathCounter{Unit: dp.OneRecord(), Limits: []int{3}}
		for range 4 {
			for _, paths := range c.records {
				k.Add(paths)
			}
		}
		sameHist(t, c.name, newOpener(t).keyed(t, k.Paths(3)), c.want)
	}
}

// numbered returns n paths.
func numbered(n int) []string {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = fmt.Sprintf("k%03d", i)
	}
	return paths
}

// TestPathLimits: within each limit a record counts as often as the limit says, and the same paths whatever their order; what
// is counted within a limit is counted within the next as well.
func TestPathLimits(t *testing.T) {
	k := &PathCounter{Unit: dp.OneRecord(), Limits: []int{2, 5, 20}}
	paths := numbered(30)
	for range 4 {
		k.Add(paths)
		slices.Reverse(paths)
	}
	o, before := newOpener(t), map[string]int64{}
	for _, limit := range k.Limits {
		hist := o.keyed(t, k.Paths(limit))
		if len(hist) != limit {
			t.Errorf("within %d, %d paths are counted", limit, len(hist))
		}
		for p, n := range hist {
			if n != 4 {
				t.Errorf("within %d, %s is counted for %d of 4 records", limit, p, n)
			}
		}
		for p := range before {
			if hist[p] == 0 {
				t.Errorf("%s is counted within less than %d only", p, limit)
			}
		}
		before = hist
	}
}

// TestNoPathStarves: where records are wider than the limit and not all alike, every path is counted for some. That one of 40
// is not, at 100 sets of paths of which each counts a third, has a probability of 40·(2/3)^95 < 1e-14.
func TestNoPathStarves(t *testing.T) {
	k := &PathCounter{Unit: dp.OneRecord(), Limits: []int{13}}
	for i := range 100 {
		for range 4 {
			k.Add(append(numbered(40), fmt.Sprint("x", i)))
		}
	}
	hist := newOpener(t).keyed(t, k.Paths(13))
	for _, p := range numbered(40) {
		if hist[p] == 0 {
			t.Errorf("%s is never counted", p)
		}
	}
}

func TestWidths(t *testing.T) {
	k := &PathCounter{Unit: dp.OneRecord(), Limits: []int{1, 3, 5}}
	for n, times := range []int{2, 3, 5, 7, 11, 13, 17} {
		for range times {
			k.Add(append(numbered(n), "~row")) // which is not counted
		}
	}
	if got, want := newOpener(t).counts(t, k.Widths()), []int64{5, 12, 11 + 13 + 17}; !slices.Equal(got, want) {
		t.Errorf("widths are %v, want %v", got, want)
	}
	if got := newOpener(t).counts(t, (&PathCounter{Unit: dp.OneRecord(), Limits: []int{1, 3}}).Widths()); !slices.Equal(got, []int64{0, 0}) {
		t.Errorf("widths of no records are %v", got)
	}
}

// TestPathCounterOwnsItsPaths: the slice of paths is the reader's, who uses it again.
func TestPathCounterOwnsItsPaths(t *testing.T) {
	k, paths := &PathCounter{Unit: dp.OneRecord(), Limits: []int{3}}, []string{"a", "b"}
	for range 4 {
		k.Add(paths)
	}
	paths[0], paths[1] = "c", "d"
	sameHist(t, "the histogram", newOpener(t).keyed(t, k.Paths(3)), map[string]int64{"a": 4, "b": 4})
}

// order writes an order of columns as batches do.
func order(columns ...byte) string {
	var b []byte
	for _, c := range columns {
		b = append(b, c, 0)
	}
	return string(b)
}

func TestFollows(t *testing.T) {
	columns := []string{"a", "b.x", "b.y[]", "b.y[0].z", "b.y[0].w", "c"}
	m, err := NewMembers(columns)
	if err != nil {
		t.Fatal(err)
	}
	// Members are numbered as they are met: a, b, b.x, b.y, b.y[0].z, b.y[0].w, c.
	const a, b, x, y, z, w, c = 0, 1, 2, 3, 4, 5, 6
	table := &raw.Table{Unit: dp.OneRecord(), Orders: map[string]int64{
		order(0, 1, 2, 3, 4, 5): 5, // a, b {x, y [{z, w}]}, c
		order(5, 4, 3, 0):       7, // c, b {y [{w, z}]}, a
		order(1, 0, 2):          3, // b {x} a, and b again, which stays where it was
		order():                 9,
	}}
	want := map[int]int64{
		m.Cell(a, b): 5, m.Cell(b, c): 5, m.Cell(x, y): 5 + 3, m.Cell(z, w): 5,
		m.Cell(c, b): 7, m.Cell(b, a): 7 + 3, m.Cell(w, z): 7,
	}
	for i, n := range newOpener(t).counts(t, m.Follows(table, 10)) {
		if n != want[i] {
			t.Errorf("cell %d holds %d, want %d", i, n, want[i])
		}
	}
	for limit := 1; limit < 4; limit++ {
		sum := int64(0)
		for _, n := range newOpener(t).counts(t, m.Follows(table, limit)) {
			sum += n
		}
		if want := int64(5*min(4, limit) + 7*min(3, limit) + 3*min(2, limit)); sum != want {
			t.Errorf("within %d, %d pairs are counted, want %d", limit, sum, want)
		}
	}
	if _, err := NewMembers([]string{"a["}); err == nil {
		t.Error("a stray bracket is accepted")
	}
}

func TestOrdersAndOthers(t *testing.T) {
	table := &raw.Table{
		Unit:   dp.OneRecord(),
		Orders: map[string]int64{order(): 4, order(1): 3, order(0, 2): 5, order(2, 0): 6, order(0, 0, 1): 7, order(1, 2, 0): 8},
		Others: map[int]int64{0: 4, 1: 5, 2: 6, 3: 7, 9: 8, 1 << 40: 9},
	}
	m, err := NewMembers([]string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := newOpener(t).counts(t, m.Orders(table, [][2]int{{0, 1}, {1, 2}})), []int64{4 + 3 + 5 + 7 + 6, 8}; !slices.Equal(got, want) {
		t.Errorf("orders are %v, want %v", got, want)
	}
	if got, want := newOpener(t).counts(t, Others(table, []int{0, 1, 3, 9})), []int64{4, 11, 7, 17}; !slices.Equal(got, want) {
		t.Errorf("others are %v, want %v", got, want)
	}
}
