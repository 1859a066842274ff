package vault

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/encode"
)

// arrange puts the columns in the order in which the records have their keys: what is in one object stays together, and an
// array's length comes before its elements.
func (b *build) arrange(x exits, pl plan, limit int) error {
	members, err := encode.NewMembers(columnNames(b.columns))
	if err != nil {
		return err
	}
	noisy, err := x.follows(members, b.table, limit, pl.follows)
	if err != nil {
		return err
	}
	place := make(map[int]int) // of a member among its siblings
	var certain [][2]int
	for _, siblings := range members.Siblings {
		order, pairs := rankPairs(siblings, members, noisy.Values, float64(noisy.Event.Sigma))
		for i, id := range order {
			place[id] = i
		}
		certain = append(certain, pairs...)
	}
	if b.inOrder, err = x.orders(members, b.table, certain, pl.orders); err != nil {
		return err
	}
	keys := make([][]int, len(b.columns))
	order := make([]int, len(b.columns))
	for i, c := range b.columns {
		if keys[i], err = sortKey(c.Name, members.Of[i], place); err != nil {
			return err
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return slices.Compare(keys[i], keys[j]) })
	columns := make([]record.Column, len(order))
	for i, old := range order {
		columns[i] = b.columns[old]
	}
	b.columns = columns
	b.table.Arrange(order)
	return nil
}

// sortKey returns what a path is sorted by, step by step: an array's length comes first, then its elements; members come by
// their places.
func sortKey(name string, members []int, place map[int]int) ([]int, error) {
	path, err := record.ParsePath(name)
	if err != nil {
		return nil, err
	}
	key := make([]int, len(path))
	for i, s := range path {
		switch s.Index {
		case record.Member:
			key[i] = place[members[0]]
			members = members[1:]
		case record.Length:
			key[i] = math.MinInt
		default:
			key[i] = math.MinInt + 1 + s.Index
		}
	}
	return key, nil
}

// certain is how many σ a count of one key after another must stand above zero to mean an order.
const certain = 4.5

// rankPairs puts siblings in order by noisy counts of which comes right after which: the pairs are taken by falling
// count, each unless it contradicts those before it (Tideman 1987, ranked pairs). It returns the pairs that it kept as well.
func rankPairs(siblings []int, members *encode.Members, counts []float64, sigma float64) (order []int, kept [][2]int) {
	type pair struct {
		a, b  int // indices of siblings
		count float64
	}
	var pairs []pair
	for i, a := range siblings {
		for j, b := range siblings {
			if n := counts[members.Cell(a, b)]; i != j && n > certain*sigma {
				pairs = append(pairs, pair{i, j, n})
			}
		}
	}
	slices.SortFunc(pairs, func(p, q pair) int {
		return cmp.Or(cmp.Compare(q.count, p.count), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	g := precedence{after: make([][]int, len(siblings)), before: make([]int, len(siblings))}
	for _, p := range pairs {
		if !g.reaches(p.b, p.a) {
			g.after[p.a] = append(g.after[p.a], p.b)
			g.before[p.b]++
			kept = append(kept, [2]int{siblings[p.a], siblings[p.b]})
		}
	}
	for _, at := range g.sorted() {
		order = append(order, siblings[at])
	}
	return order, kept
}

// A precedence says which of some things come after which; it has no cycles.
type precedence struct {
	after  [][]int
	before []int // how many come before it
}

// reaches reports whether b comes after a, directly or not.
func (g precedence) reaches(a, b int) bool {
	seen := make([]bool, len(g.after))
	for todo := []int{a}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at == b {
			return true
		}
		if !seen[at] {
			seen[at] = true
			todo = append(todo, g.after[at]...)
		}
	}
	return false
}

// sorted returns everything in an order that fits and keeps chains together: what has become possible last comes first, and
// what nothing comes before waits until something needs it. It uses up g.before.
func (g precedence) sorted() []int {
	var order, ready, free []int
	for i, n := range g.before {
		if n == 0 {
			free = append(free, i)
		}
	}
	for len(ready)+len(free) > 0 {
		var next int
		if n := len(ready); n > 0 {
			next, ready = ready[n-1], ready[:n-1]
		} else {
			at := g.needed(free)
			next = free[at]
			free = slices.Delete(free, at, at+1)
		}
		order = append(order, next)
		for _, b := range slices.Backward(slices.Sorted(slices.Values(g.after[next]))) {
			if g.before[b]--; g.before[b] == 0 {
				ready = append(ready, b)
			}
		}
	}
	return order
}

// needed returns the index of the one that something waits for which waits for little else; the first of several.
func (g precedence) needed(free []int) int {
	best, fewest := 0, math.MaxInt
	for i, a := range free {
		for _, b := range g.after[a] {
			if g.before[b] < fewest {
				best, fewest = i, g.before[b]
			}
		}
	}
	return best
}
