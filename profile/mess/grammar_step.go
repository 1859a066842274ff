package mess

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How much of a text is counted.
const (
	places     = 8 // the first pieces, each at its place; of those after them one, chosen by a hash of the text
	lengthCuts = 3 // words whose length is counted, chosen by a hash of the text

	// MaxSteps is the most steps a text has: places, a later one, its ends, its length, and words.
	MaxSteps = places + 3 + lengthCuts

	// MaxPieces is the most pieces that [Pieces] gives for a text.
	MaxPieces = 4
)

// Pieces returns the first different pieces of a text, at most [MaxPieces]: what the vocabulary of a [Syntax] is chosen from.
func Pieces(text string) []string {
	var out []string
	for _, p := range cutPieces(text) {
		if s := p.text(); !slices.Contains(out, s) {
			out = append(out, s)
		}
		if len(out) == MaxPieces {
			break
		}
	}
	return out
}

// A Syntax is the steps that texts are described by over a vocabulary of pieces. Its steps are finitely many, and known as soon as
// the vocabulary is.
type Syntax struct {
	known  map[string]bool // pieces
	labels []string
	code   map[string]int32 // of labels
}

// NewSyntax returns the syntax over a vocabulary of pieces; what is no piece is left out.
func NewSyntax(vocabulary []string) *Syntax {
	s := &Syntax{known: map[string]bool{}, code: map[string]int32{}}
	pieces := []piece{{class: otherPiece}, {class: otherPiece, last: true}}
	for _, text := range vocabulary {
		if p, ok := parsePiece(text); ok && !s.known[text] && p.class != otherPiece {
			pieces = append(pieces, p)
			s.known[text] = true
		}
	}
	s.addPaths(pieces)
	for _, p := range pieces {
		if _, ok := p.word(); !ok {
			continue
		}
		for before := range befores {
			for _, n := range wordLengthsCounted {
				s.add(lengthLabel(before, p.text(), int(n)))
			}
		}
	}
	for _, n := range textLengthsCounted {
		s.add(textLabel(int(n)))
	}
	return s
}

// addPaths adds how pieces begin a text, follow each other, and go with each other as its first and last.
func (s *Syntax) addPaths(pieces []piece) {
	for _, to := range pieces {
		s.add(pathLabel(0, "", to.text()))
	}
	for _, from := range pieces {
		if from.last {
			continue
		}
		for _, to := range pieces {
			for place := 1; place <= places; place++ {
				s.add(pathLabel(place, from.text(), to.text()))
			}
			if to.last {
				s.add(endsLabel(from.text(), to.text()))
			}
		}
	}
}

func (s *Syntax) add(label string) {
	s.code[label] = int32(len(s.labels))
	s.labels = append(s.labels, label)
}

// Labels returns the steps in the order of their codes.
func (s *Syntax) Labels() []string { return s.labels }

// Steps returns the codes of a text's steps, different ones and at most [MaxSteps]. Which of a long text's there are depends on
// the text alone. Of a text whose words are known but for their lengths, those are all there is to count.
func (s *Syntax) Steps(text string, open Detail) []int32 {
	pieces := cutPieces(text)
	if len(pieces) == 0 || open == Exact {
		return nil
	}
	out := make([]int32, 0, MaxSteps)
	add := func(label string) {
		if code := s.code[label]; !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	chance := newTextChance(text)
	if open == Vague {
		texts := s.texts(pieces)
		for i := range min(len(texts), places) {
			add(pathLabel(i, texts[max(i-1, 0)], texts[i]))
		}
		if later := len(texts) - places; later > 0 {
			i := places + chance.below(later)
			add(pathLabel(places, texts[i-1], texts[i]))
		}
		if len(texts) > 1 {
			add(endsLabel(texts[0], texts[len(texts)-1]))
		}
		add(textLabel(floor(utf8.RuneCountInString(scanned(text)), textLengthsCounted)))
	}
	for _, i := range s.words(pieces, chance) {
		add(lengthLabel(beforeOf(pieces[:i]), pieces[i].text(), floor(pieces[i].n, wordLengthsCounted)))
	}
	return out
}

// texts returns the pieces as the vocabulary has them.
func (s *Syntax) texts(pieces []piece) []string {
	texts := make([]string, len(pieces))
	for i, p := range pieces {
		if texts[i] = p.text(); !s.known[texts[i]] {
			texts[i] = piece{class: otherPiece, last: p.last}.text()
		}
	}
	return texts
}

// words returns some pieces whose words have lengths to count.
func (s *Syntax) words(pieces []piece, chance *textChance) []int {
	var all []int
	for i, p := range pieces {
		if _, ok := p.word(); ok && s.known[p.text()] {
			all = append(all, i)
		}
	}
	for i := range min(len(all), lengthCuts) {
		j := i + chance.below(len(all)-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:min(len(all), lengthCuts)]
}

// befores are what can stand before a word: nothing, a space, or anything else.
const befores = "^_,"

// beforeOf says which of befores stands after the pieces.
func beforeOf(pieces []piece) int {
	switch {
	case len(pieces) == 0:
		return 0
	case strings.HasSuffix(pieces[len(pieces)-1].gap, "_"):
		return 1
	}
	return 2
}

// The lengths that are told apart, each up to the next.
var (
	wordLengthsCounted = grid(16, 4, 96)
	textLengthsCounted = grid(1, 16, maxScan)
)

// grid returns the numbers from 1 to most, each by one or by a part of itself above the last; the parts begin at from.
func grid(from, parts, most int32) (all []int32) {
	for n := int32(1); n <= most; {
		all = append(all, n)
		if step := n / parts; n >= from && step > 1 {
			n += step
		} else {
			n++
		}
	}
	return all
}

// floor returns the largest of the numbers that is at most n, or the smallest.
func floor(n int, counted []int32) int { return int(counted[floorAt(n, counted)]) }

func floorAt(n int, counted []int32) int {
	i, ok := slices.BinarySearch(counted, int32(n))
	if !ok {
		i--
	}
	return max(i, 0)
}

// The labels of steps, which FORMS.md documents and [parseStep] reads.

func pathLabel(place int, from, to string) string {
	switch place {
	case 0:
		return "@1~" + to
	case places:
		return "@+" + from + "~" + to
	}
	return "@" + strconv.Itoa(place+1) + from + "~" + to
}

func endsLabel(first, last string) string { return "$" + first + "~" + last }

func lengthLabel(before int, piece string, n int) string {
	return "%" + befores[before:before+1] + piece + "{" + strconv.Itoa(n) + "}"
}

func textLabel(n int) string { return "&" + strconv.Itoa(n) }

// A textChance is a sequence of numbers that depends on a text alone.
type textChance uint64

func newTextChance(text string) *textChance {
	h := fnv.New64a()
	h.Write([]byte(text)) // never fails
	c := textChance(h.Sum64())
	return &c
}

// below returns a number in [0, n), n ≥ 1, by Knuth's linear congruential generator.
func (c *textChance) below(n int) int {
	*c = *c*6364136223846793005 + 1442695040888963407
	return int(uint64(*c>>33) % uint64(n))
}
