package record

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxCSVRecord bounds one record, in bytes: an unbalanced quote would otherwise hold the rest of the file in memory.
const maxCSVRecord = 1 << 28

// scanBuffer is how much of a file a scanner holds to begin with, in bytes; a longer record doubles it.
const scanBuffer = 1 << 18

// A csvRow is one record as a file holds it. Both slices of a blank line are empty.
type csvRow struct {
	fields []string // their bytes are the file's: nothing is normalised
	open   bool     // the file ends inside a quoted field
}

// A csvScanner splits a text into records, one after another. It reads RFC 4180 with lenient quotes: a quote opens at
// the beginning of a field only; one inside a quoted field closes it before a delimiter, a line end or the end of the
// file, stands for one quote when doubled, and for itself anywhere else. Without quotes every delimiter and line end
// divides.
//
// It differs from encoding/csv with LazyQuotes in this: blank lines are records, and CR LF inside quotes stays.
type csvScanner struct {
	r      io.Reader
	comma  []byte
	quotes bool
	cr     bool // a CR alone ends a line too
	limit  int  // bytes of a record

	buf   []byte // buf[:end] is read, buf[:start] is done with
	start int
	end   int
	err   error // what the reader ended with

	spans  []span
	fields []string
}

// A span is where a field's text is, relative to the record's beginning.
type span struct {
	from, to int
	quoted   bool
	doubled  bool // it holds doubled quotes
}

func newCSVScanner(r io.Reader, d Dialect) *csvScanner {
	return &csvScanner{
		r: r, comma: []byte(d.Delimiter), quotes: d.Quote != noQuote, cr: d.CR,
		limit: maxCSVRecord, buf: make([]byte, scanBuffer),
	}
}

// next returns the next record, or io.EOF. The slice of fields is reused, the strings are not.
func (s *csvScanner) next() (csvRow, error) {
	for {
		text := s.buf[s.start:s.end]
		if len(text) > 0 {
			if n, open, ok := s.split(text, s.err == io.EOF); ok {
				s.start += n
				return csvRow{fields: s.cut(text), open: open}, nil
			}
		}
		switch {
		case s.err != nil:
			return csvRow{}, s.err
		case len(text) > s.limit:
			return csvRow{}, fmt.Errorf("a record is longer than %d MB: an unbalanced quote? declare quote: none if quotes mean nothing here", s.limit>>20)
		}
		s.fill()
	}
}

// fill makes room and reads until the buffer is full or the text ends, so that a record is split again only when the
// buffer has doubled: the work on a long record stays linear in its length.
func (s *csvScanner) fill() {
	switch {
	case s.start > 0:
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	case s.end == len(s.buf):
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	n, err := io.ReadFull(s.r, s.buf[s.end:])
	s.end += n
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	s.err = err
}

// split finds the fields of the record that text begins with and the record's length. ok is false when more of the
// file is needed to tell; last says that there is no more.
func (s *csvScanner) split(text []byte, last bool) (n int, open, ok bool) {
	s.spans = s.spans[:0]
	if s.quotes && bytes.HasPrefix(text, quoteMark) {
		return s.splitFields(text, last)
	}
	at, width, ok := s.findEnd(text, last)
	if !ok {
		return 0, false, false
	}
	if at == 0 {
		return width, false, true
	}
	line := text[:at]
	if len(s.comma) == 1 && (!s.quotes || bytes.IndexByte(line, '"') < 0) {
		s.splitLine(line, s.comma[0])
		return at + width, false, true
	}
	return s.splitFields(text, last)
}

var quoteMark = []byte{'"'}

// splitLine splits a line without quotes.
func (s *csvScanner) splitLine(line []byte, comma byte) {
	from := 0
	for i, b := range line {
		if b == comma {
			s.spans = append(s.spans, span{from: from, to: i})
			from = i + 1
		}
	}
	s.spans = append(s.spans, span{from: from, to: len(line)})
}

// A lineEnd is where a line's text ends and the next line begins.
type lineEnd struct{ at, next int }

// splitFields splits the record field by field. The end of a line is looked for once, however many fields it has.
func (s *csvScanner) splitFields(text []byte, last bool) (n int, open, ok bool) {
	line := lineEnd{at: -1}
	for from, end := 0, false; ; {
		if s.quotes && from < len(text) && text[from] == '"' {
			from, end, open, ok = s.quoted(text, from+1, last)
			if !ok || end {
				return from, open, ok
			}
			continue
		}
		if from > line.at {
			at, width, ok := s.findEnd(text[from:], last)
			if !ok {
				return 0, false, false
			}
			line = lineEnd{at: from + at, next: from + at + width}
		}
		i := bytes.Index(text[from:line.at], s.comma)
		if i < 0 {
			s.spans = append(s.spans, span{from: from, to: line.at})
			return line.next, false, true
		}
		s.spans = append(s.spans, span{from: from, to: from + i})
		from += i + len(s.comma)
	}
}

// quoted takes the field whose opening quote is before from. next is what follows it, and end that this is a new record.
func (s *csvScanner) quoted(text []byte, from int, last bool) (next int, end, open, ok bool) {
	field := span{from: from, quoted: true}
	for at := from; ; {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 {
			field.to = len(text)
			s.spans = append(s.spans, field)
			return len(text), true, true, last
		}
		field.to = at + i
		at = field.to + 1
		rest := text[at:]
		if len(rest) < max(2, len(s.comma)) && !last {
			return 0, false, false, false
		}
		width, ends := s.startsWithEnd(rest, last)
		switch {
		case len(rest) > 0 && rest[0] == '"':
			field.doubled = true
			at++
		case bytes.HasPrefix(rest, s.comma):
			s.spans = append(s.spans, field)
			return at + len(s.comma), false, false, true
		case ends:
			s.spans = append(s.spans, field)
			return at + width, true, false, true
		}
	}
}

// findEnd finds where the line that text begins with ends, and how wide its line end is; the end of the file is one of
// width 0. A CR before the end of the file is a line end, whatever the others are.
func (s *csvScanner) findEnd(text []byte, last bool) (at, width int, ok bool) {
	at = bytes.IndexByte(text, '\n')
	if s.cr {
		line := text
		if at >= 0 {
			line = text[:at]
		}
		if i := bytes.IndexByte(line, '\r'); i >= 0 && (i+1 < len(text) || last) {
			at = i
		} else if i >= 0 {
			return 0, 0, false // an LF may follow
		}
	} else if at > 0 && text[at-1] == '\r' {
		at--
	}
	if at < 0 {
		if at = len(text); at > 0 && text[at-1] == '\r' {
			at--
		}
	}
	width, ends := s.startsWithEnd(text[at:], last)
	return at, width, ends
}

// startsWithEnd reports whether text begins with a line end, and how wide it is.
func (s *csvScanner) startsWithEnd(text []byte, last bool) (width int, ends bool) {
	switch {
	case len(text) == 0:
		return 0, last
	case text[0] == '\n':
		return 1, true
	case text[0] != '\r':
		return 0, false
	case len(text) > 1 && text[1] == '\n':
		return 2, true
	case len(text) == 1:
		return 1, last
	}
	return 1, s.cr
}

// cut makes strings of the record's fields, which share its memory.
func (s *csvScanner) cut(text []byte) []string {
	s.fields = s.fields[:0]
	if len(s.spans) == 0 {
		return s.fields
	}
	record := string(text[:s.spans[len(s.spans)-1].to])
	for _, f := range s.spans {
		field := record[f.from:f.to]
		if f.doubled {
			field = strings.ReplaceAll(field, `""`, `"`)
		}
		s.fields = append(s.fields, field)
	}
	return s.fields
}

// allQuoted reports whether every field of the record that next returned last is quoted.
func (s *csvScanner) allQuoted() bool {
	return !slices.ContainsFunc(s.spans, func(f span) bool { return !f.quoted })
}
