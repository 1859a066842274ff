package synth

import (
	"math"
	"math/bits"
)

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection of 64-bit words.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// derive returns a key for one purpose from the seed.
func derive(seed uint64, parts ...uint64) uint64 {
	for _, p := range parts {
		seed = mix(seed + 0x9e3779b97f4a7c15 + mix(p))
	}
	return seed
}

// A permutation is a keyed bijection of [0, n), computed at any point in constant memory: a generalised Feistel network
// on pairs (l, r) with l < a, r < b, where a·b is just above n, walked until it lands inside (Black & Rogaway 2002,
// Method 2). It shuffles; it hides nothing.
type permutation struct {
	n, a, b uint64
	key     uint64
}

const feistelRounds = 4

func newPermutation(n, key uint64) permutation {
	a := max(1, uint64(math.Sqrt(float64(n)))) // any a will do; near √n both halves are mixed alike
	return permutation{n: n, a: a, b: (n + a - 1) / a, key: key}
}

// at returns the image of i < n. The walk ends because the network is a bijection of a domain that has n elements and
// fewer than a more.
func (p *permutation) at(i uint64) uint64 {
	for {
		if i = p.round(i); i < p.n {
			return i
		}
	}
}

func (p *permutation) round(i uint64) uint64 {
	l, r := i/p.b, i%p.b
	for k := range uint64(feistelRounds / 2) {
		l = shift(l, mix(r+mix(p.key+2*k)), p.a)
		r = shift(r, mix(l+mix(p.key+2*k+1)), p.b)
	}
	return l*p.b + r
}

// shift adds a word, scaled to [0, m), to x < m, modulo m.
func shift(x, word, m uint64) uint64 {
	by, _ := bits.Mul64(word, m)
	if x += by; x >= m {
		x -= m
	}
	return x
}

// A stream is SplitMix64: the source of everything that rendering makes up.
type stream struct{ state uint64 }

// Uint64 returns the next word.
func (s *stream) Uint64() uint64 {
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}
