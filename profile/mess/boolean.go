package mess

import (
	"errors"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// booleanCodec reads the usual pairs of words. Its forms name the pair: `yes/no`, `TRUE/FALSE`, `1/0`, …
type booleanCodec struct{}

// booleans are the pairs, true first. No word is in two of them.
var booleans = []string{
	"true/false", "True/False", "TRUE/FALSE", "yes/no", "Yes/No", "YES/NO", "y/n", "Y/N", "t/f", "T/F", "on/off", "On/Off", "ON/OFF", "1/0",
}

type truth struct{ key, pair string }

// booleanWords finds a word's truth, booleanPairs a pair's words, true first.
var booleanWords, booleanPairs = func() (map[string]truth, map[string][2]string) {
	words, pairs := map[string]truth{}, map[string][2]string{}
	for _, p := range booleans {
		yes, no, _ := strings.Cut(p, "/")
		words[yes], words[no] = truth{"true", p}, truth{"false", p}
		pairs[p] = [2]string{yes, no}
	}
	return words, pairs
}()

func (booleanCodec) Kind() Kind    { return Boolean }
func (booleanCodec) Axis() Axis    { return nil }
func (booleanCodec) Literal() bool { return true }
func (booleanCodec) Open() bool    { return false }

// Parse reads a truth value.
func (booleanCodec) Parse(c record.Cell) (Value, string, bool) {
	lead, core, trail, ok := blanks(c.Text)
	w, known := booleanWords[core]
	if !ok || !known || !taggedBoolean(c.Tag, w.pair) {
		return Value{}, "", false
	}
	form := w.pair
	if lead+trail > 0 || c.Tag != record.Text {
		form = tagMark(c.Tag) + blankMarks[:lead] + form + blankMarks[:trail]
	}
	return Value{Key: w.key}, form, true
}

// taggedBoolean reports whether a cell of the tag can hold the words of the pair.
func taggedBoolean(t record.Tag, pair string) bool {
	switch t {
	case record.Text:
		return true
	case record.Number:
		return pair == "1/0"
	case record.Bool:
		return pair == "true/false"
	}
	return false
}

// parseBooleanForm returns the form's parts; ok is false when it is not one that Parse gives.
func parseBooleanForm(form string) (tag record.Tag, lead int, pair string, trail int, ok bool) {
	tag, form = cutTag(form)
	lead, pair, trail, ok = cutBlanks(form)
	_, known := booleanPairs[pair]
	return tag, lead, pair, trail, ok && known && taggedBoolean(tag, pair)
}

// Own reports whether the form is one of the pairs.
func (booleanCodec) Own(form string) bool {
	_, _, _, _, ok := parseBooleanForm(form)
	return ok
}

// Check reports a span that is not a truth value.
func (booleanCodec) Check(s Span) error {
	if s.Key != "true" && s.Key != "false" {
		return errors.New(`a boolean's values are the atoms "true" and "false"`)
	}
	return nil
}

// Fits is true of every pair: both values can be written in it.
func (c booleanCodec) Fits(s Span, form string) bool { return s.Key != "" && c.Own(form) }

// Render writes the value in the form's pair of words.
func (booleanCodec) Render(s Span, form string, _ *Rand) record.Cell {
	tag, lead, pair, trail, ok := parseBooleanForm(form)
	if !ok {
		lead, pair, trail = 0, booleans[0], 0
		if tag != record.Bool {
			tag = record.Text
		}
	}
	words := booleanPairs[pair]
	text := words[1]
	if s.Key == "true" {
		text = words[0]
	}
	if lead+trail > 0 {
		text = string(appendBlanks(append(appendBlanks(nil, lead), text...), trail))
	}
	return record.Cell{Tag: tag, Text: text}
}
