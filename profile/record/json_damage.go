package record

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// maxOthers bounds the members that are made up for one row.
const maxOthers = 64

// appendOthers adds made-up members to the object that line is, with keys that are not taken.
func appendOthers(line []byte, seed uint64, n int, taken func(key []byte) bool) []byte {
	line = bytes.TrimRight(line[:len(line)-1], " \t\r\n")
	var key []byte
	for range min(n, maxOthers) {
		seed = scramble(seed)
		key = appendSyllables(key[:0], seed, 2+int(seed>>60)%3)
		for taken(key) {
			key = append(key, '_')
		}
		if len(line) > 1 {
			line = append(line, ',')
		}
		line = append(append(append(line, '"'), key...), `":`...)
		seed = scramble(seed)
		switch seed >> 62 {
		case 0:
			line = append(line, "null"...)
		case 1:
			line = strconv.AppendBool(line, seed&1 == 0)
		case 2:
			line = strconv.AppendUint(line, seed%1000, 10)
		default:
			line = append(appendSyllables(append(line, '"'), seed, 3), '"')
		}
	}
	return append(line, '}')
}

// appendSyllables appends a word that means nothing.
func appendSyllables(b []byte, seed uint64, n int) []byte {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	for range n {
		b = append(b, consonants[seed%uint64(len(consonants))], vowels[seed>>8%uint64(len(vowels))])
		seed = scramble(seed)
	}
	return b
}

// scramble is SplitMix64's finaliser (Steele, Lea & Flood 2014) on the next state.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// breakJSON damages an object in one of the ways in which lines get broken, so that it is none any more.
func breakJSON(line []byte, seed uint64) []byte {
	whole := len(line)
	switch seed = scramble(seed); seed % 4 {
	case 0: // cut off
		cut := 1 + int(seed>>8%uint64(whole-1))
		for cut > 1 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		return line[:cut]
	case 1: // quotes of another language
		line = bytes.ReplaceAll(line, []byte{'"'}, []byte{'\''})
	case 2: // a trailing comma
		line = append(line[:whole-1], ",}"...)
	}
	if isObject(line) { // or the last brace is missing
		line = line[:len(line)-1]
	}
	return line
}
