package mess

import "slices"

// A Step is a step of a [Syntax] with how many texts are thought to take it.
type Step struct {
	Label string
	Count float64 // texts
}

// A Grammar makes up texts that are put together as those were that it was counted from: how many words there are, their
// case and length, and what stands between them, each given what comes before. It is a Markov chain over pieces that knows its
// place among the first of them. The letters of its words are made up as in [Fill].
type Grammar struct {
	paths [places + 1]map[string]*urn[piece] // [place][piece before]
	pool  map[string]*urn[piece]             // [piece before] at all places but the first
	any   *urn[piece]                        // whatever is before
	ends  map[string]*urn[piece]             // [first piece] the last ones
	sizes map[string]*urn[int]               // of words, by what is before and piece, by piece, by class
	long  *urn[int]                          // characters of the text
}

// NewGrammar returns the grammar of steps. What is none, or is not counted above one half, is left out; it is nil when
// no text can begin.
func NewGrammar(steps []Step) *Grammar {
	g := &Grammar{
		pool: map[string]*urn[piece]{}, any: &urn[piece]{}, ends: map[string]*urn[piece]{},
		sizes: map[string]*urn[int]{}, long: &urn[int]{},
	}
	for i := range g.paths {
		g.paths[i] = map[string]*urn[piece]{}
	}
	for _, s := range settleFlows(steps) {
		if parsed, ok := parseStep(s.Label); ok && s.Count > 0.5 {
			g.add(parsed, uint64(min(s.Count, maxWeight)+0.5))
		}
	}
	if g.paths[0][""] == nil {
		return nil
	}
	return g
}

func (g *Grammar) add(s step, weight uint64) {
	switch s.kind {
	case pathStep:
		fillUrn(g.paths[s.place], s.from, s.to, weight)
		if s.place > 0 {
			fillUrn(g.pool, s.from, s.to, weight)
			g.any.add(s.to, weight)
		}
	case endsStep:
		fillUrn(g.ends, s.from, s.to, weight)
	case lengthStep:
		for _, key := range sizeKeys(s.before, s.to) {
			fillUrn(g.sizes, key, s.n, weight)
		}
	case textStep:
		g.long.add(s.n, weight)
	}
}

// sizeKeys are what the length of a piece's word goes by, finest first.
func sizeKeys(before string, p piece) [3]string {
	return [...]string{before + p.text(), ":" + p.text(), "::" + p.class}
}

// An urn holds balls of different weight.
type urn[T any] struct {
	balls []T
	ends  []uint64 // cumulated weights
}

// maxWeight bounds a ball's weight, so that the sum of more than a profile can hold stays within 64 bits.
const maxWeight = 1 << 36

func (u *urn[T]) add(ball T, weight uint64) {
	u.balls = append(u.balls, ball)
	if n := len(u.ends); n > 0 {
		weight += u.ends[n-1]
	}
	u.ends = append(u.ends, weight)
}

// empty reports whether there is nothing to draw; nil is empty.
func (u *urn[T]) empty() bool { return u == nil || len(u.balls) == 0 }

// draw returns a ball; the urn is not empty.
func (u *urn[T]) draw(r *Rand) T {
	at, _ := slices.BinarySearch(u.ends, r.N(u.ends[len(u.ends)-1])+1)
	return u.balls[at]
}

func fillUrn[T any](m map[string]*urn[T], key string, ball T, weight uint64) {
	if m[key] == nil {
		m[key] = &urn[T]{}
	}
	m[key].add(ball, weight)
}
