package mess

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// seeded returns a stream of draws that is the same in each run.
func seeded(seed uint64) (*Rand, *rand.Rand) {
	src := rand.NewPCG(seed, 1)
	return &Rand{Source: src}, rand.New(src)
}

func text(s string) record.Cell   { return record.Cell{Tag: record.Text, Text: s} }
func number(s string) record.Cell { return record.Cell{Tag: record.Number, Text: s} }

func codec(t testing.TB, k Kind) Codec {
	t.Helper()
	c, err := ForKind(k)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rat returns a decimal text or an edge's value exactly.
func rat(t testing.TB, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return r
}

func (e Edge) rat(t testing.TB) *big.Rat {
	return rat(t, strconv.FormatInt(e.M, 10)+"e"+strconv.Itoa(int(e.E)))
}

// holds reports whether an interval holds a number, exactly.
func (s Span) holds(t testing.TB, v *big.Rat) bool {
	return s.Lo.rat(t).Cmp(v) <= 0 && v.Cmp(s.Hi.rat(t)) < 0
}

// hostileEdges are edges that no vault writes and a damaged profile may hold.
var hostileEdges = []Edge{
	{}, {0, 5}, {0, -128}, {1, 127}, {1, -128}, {-1, 127}, {-1, -128}, {10, 0}, {1, 19}, {-1, 19}, {1, 30}, {1, -30}, {-1, -30},
	{1<<63 - 1, 0}, {-1 << 63, 0}, {1<<63 - 1, 127}, {-1 << 63, 127}, {1<<63 - 1, -128}, {-1 << 63, -128}, {1<<63 - 1, -19},
	{maxMantissa, 0}, {maxMantissa + 1, 0}, {999999999999999, -19}, {999999999999999, 4}, {-999999999999999, 3}, {7, 0}, {5, 18},
	edgeOf(axisStart, 0), edgeOf(axisEnd, 0), edgeOf(axisEnd+1, 0), {864, 2}, {1, 0}, {-1, 0}, {1, -1}, {3, -7},
}
