package synth

import "math/bits"

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

// A permutation is a keyed bijection of [0, n), computed at any point in constant memory: a Feistel network on the next
// even power of two, walked until it lands inside (Black & Rogaway 2002, cycle walking). It shuffles; it hides nothing.
type permutation struct {
	n    uint64
	half uint // bits of each half
	key  uint64
}

const feistelRounds = 6

func newPermutation(n, key uint64) permutation {
	return permutation{n: n, half: max(1, uint(bits.Len64(n-1)+1)/2), key: key}
}

// at returns the image of i < n. The walk ends because the network is a bijection of a domain at most 4n large.
func (p permutation) at(i uint64) uint64 {
	for {
		if i = p.round(i); i < p.n {
			return i
		}
	}
}

func (p permutation) round(i uint64) uint64 {
	mask := uint64(1)<<p.half - 1
	l, r := i>>p.half, i&mask
	for k := range uint64(feistelRounds) {
		l, r = r, l^mix(r+mix(p.key+k))&mask
	}
	return l<<p.half | r
}

// A stream is SplitMix64: the source of everything that rendering makes up.
type stream struct{ state uint64 }

// Uint64 returns the next word.
func (s *stream) Uint64() uint64 {
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}
