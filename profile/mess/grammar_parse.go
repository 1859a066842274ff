package mess

import (
	"slices"
	"strconv"
	"strings"
)

// maxStep bounds a step's label, in bytes.
const maxStep = 128

// A stepKind says what a step is about.
type stepKind byte

const (
	pathStep   stepKind = '@' // a piece after another
	endsStep   stepKind = '$' // the first piece and the last
	lengthStep stepKind = '%' // a word's length
	textStep   stepKind = '&' // the text's length
)

// A step is the parsed label of one.
type step struct {
	kind   stepKind
	place  int    // of a path, from 0
	from   string // the piece before, or the first; "" at the start
	to     piece
	before string // of a length: one of befores
	n      int    // characters, of lengths
}

// ValidStep reports whether a label is one of a step.
func ValidStep(label string) bool {
	_, ok := parseStep(label)
	return ok
}

// parseStep reads a step's label.
func parseStep(label string) (s step, ok bool) {
	if len(label) < 2 || len(label) > maxStep {
		return s, false
	}
	s.kind = stepKind(label[0])
	switch rest := label[1:]; s.kind {
	case pathStep:
		return s.parsePath(rest)
	case endsStep:
		s, ok = s.parsePair(rest)
		return s, ok && s.to.last
	case lengthStep:
		return s.parseLength(rest)
	case textStep:
		s.n, ok = parseCounted(rest, textLengthsCounted)
		return s, ok
	}
	return s, false
}

func (s step) parsePath(rest string) (step, bool) {
	switch c := rest[0]; {
	case c == '1':
		to, isFirst := strings.CutPrefix(rest[1:], otherPiece)
		var ok bool
		s.to, ok = parsePiece(to)
		return s, ok && isFirst
	case c == '+':
		s.place = places
	case c > '1' && c < '1'+places:
		s.place = int(c - '1')
	default:
		return s, false
	}
	return s.parsePair(rest[1:])
}

// parsePair reads two pieces with a ~ between them, of which the first does not end a text.
func (s step) parsePair(rest string) (step, bool) {
	at := 0
	if strings.HasPrefix(rest, otherPiece) {
		at = 1 // it is the first piece itself
	} else {
		for at < len(rest) && rest[at] != otherPiece[0] {
			if rest[at] == '\\' {
				at++
			}
			at++
		}
	}
	if at >= len(rest) || rest[at] != otherPiece[0] {
		return s, false
	}
	from, okFrom := parsePiece(rest[:at])
	to, okTo := parsePiece(rest[at+1:])
	s.from, s.to = rest[:at], to
	return s, okFrom && okTo && !from.last
}

func (s step) parseLength(rest string) (step, bool) {
	at := strings.LastIndexByte(rest, '{')
	if at < 2 || !strings.Contains(befores, rest[:1]) || !strings.HasSuffix(rest, "}") {
		return s, false
	}
	var okPiece, okCount bool
	s.before = rest[:1]
	s.to, okPiece = parsePiece(rest[1:at])
	s.n, okCount = parseCounted(rest[at+1:len(rest)-1], wordLengthsCounted)
	_, isWord := s.to.word()
	return s, okPiece && okCount && isWord
}

// parseCounted reads one of the lengths that are told apart.
func parseCounted(s string, counted []int32) (n int, ok bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && strconv.Itoa(n) == s && n <= maxScan && slices.Contains(counted, int32(n))
}
