package record

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxColumns bounds the columns of a CSV file, which is more than a profile holds: a delimiter that stands a million times in the
// header line is none.
const maxColumns = 1 << 16

// delimiters are the candidates for a header line that no delimiter was declared for.
const delimiters = ",;\t|"

// noQuote is the Dialect.Quote of files in which a quote is a character like any other.
const noQuote = "none"

// resolveDeclared checks and normalises what was declared, before the file is looked at.
func (d *Dialect) resolveDeclared() error {
	switch d.Quote {
	case "":
		d.Quote = `"`
	case `"`, noQuote:
	default:
		return fmt.Errorf("unknown quote %q: give \" or none", d.Quote)
	}
	switch {
	case !d.Quoting.Known():
		return fmt.Errorf("unknown quoting %q: give minimal, all or non-numeric", d.Quoting)
	case d.Quote == noQuote && d.Quoting != "":
		return errors.New("quote is none, so no field is quoted: leave out the quoting")
	case d.SkipLines < 0 || d.SkipLines > MaxSkipLines:
		return fmt.Errorf("skip %d lines: want 0 to %d", d.SkipLines, MaxSkipLines)
	}
	switch strings.ToLower(d.Delimiter) {
	case `\t`, "tab":
		d.Delimiter = "\t"
	}
	if d.Delimiter != "" && !validDelimiter(d.Delimiter) {
		return fmt.Errorf("delimiter %q: give one character, not a quote or a line break", d.Delimiter)
	}
	if d.NoHeader && len(d.Columns) == 0 {
		return errors.New("a file without a header line needs column names: give --columns a,b,c or the number of columns")
	}
	return nil
}

func validDelimiter(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && r != utf8.RuneError && !strings.ContainsAny(s, "\"\r\n\x00")
}

// bare reports whether a name needs no quotes in a header line, not even to keep readers from mistaking the delimiter.
func (d *Dialect) bare(name string) bool {
	return !strings.ContainsAny(name, delimiters+d.Delimiter+"\"\r\n")
}

// A headerLine is what the first line of a CSV file shows.
type headerLine struct {
	delimiter rune   // the likeliest candidate; a comma when there is none
	ending    string // "\n", "\r\n", "\r", or "" for a line that ends with the file
	blank     bool   // there is no line
	open      bool   // the line does not end within head
}

// sniffHeader looks at the first line of head that is not blank. Quotes are those of encoding/csv with
// LazyQuotes: one opens at the beginning of a field and closes at the end of one, and what it holds may
// span lines.
func sniffHeader(head []byte, declared string, quotes bool) headerLine {
	separators := declared
	if declared == "" {
		separators = delimiters
	}
	h := headerLine{blank: true, open: true}
	counts := make(map[rune]int)
	quoted, start := false, true
	for i := 0; i < len(head) && h.open; {
		r, n := utf8.DecodeRune(head[i:])
		i += n
		next, _ := utf8.DecodeRune(head[i:])
		switch {
		case quoted && r == '"' && next == '"':
			i++
		case quoted:
			ends := i == len(head) || next == '\n' || next == '\r' || strings.ContainsRune(separators, next)
			quoted = r != '"' || !ends
		case r == '"' && start && quotes:
			quoted, h.blank = true, false
		case r == '\n' || r == '\r':
			if h.open = h.blank; !h.open {
				h.ending = string(r)
				if r == '\r' && next == '\n' {
					h.ending = "\r\n"
				}
			}
		default:
			h.blank = false
			start = strings.ContainsRune(separators, r)
			counts[r]++
		}
	}
	h.delimiter, _ = utf8.DecodeRuneInString(separators)
	for _, c := range separators {
		if counts[c] > counts[h.delimiter] {
			h.delimiter = c
		}
	}
	return h
}

// headerNames makes column names of a header's fields. A blank field, legal in real data, is named
// column_N after its position, with a further number should that be taken. Spaces are part of a name.
func headerNames(fields []string) ([]string, error) {
	if len(fields) > maxColumns {
		return nil, fmt.Errorf("the header has %d fields, and at most %d are read: is this the delimiter?", len(fields), maxColumns)
	}
	names := slices.Clone(fields)
	names[0] = strings.TrimPrefix(names[0], "\ufeff")
	taken := make(map[string]int, len(names))
	for i, name := range names {
		if strings.TrimSpace(name) == "" {
			continue
		}
		if j, twice := taken[name]; twice {
			return nil, fmt.Errorf("the header names column %q twice, at positions %d and %d: rename one", name, j+1, i+1)
		}
		taken[name] = i
	}
	for i, name := range names {
		if strings.TrimSpace(name) != "" {
			continue
		}
		base := fmt.Sprintf("column_%d", i+1)
		names[i] = base
		for k := 2; ; k++ {
			if _, is := taken[names[i]]; !is {
				break
			}
			names[i] = fmt.Sprintf("%s_%d", base, k)
		}
		taken[names[i]] = i
	}
	return names, nil
}

// checkHeader refuses a first line that is likely not a header. Names are public and go into everything that is made of
// the file, so a record in their place would be published.
func checkHeader(fields []string, declared bool) error {
	var data []string
	for i, f := range fields {
		if strings.ContainsAny(f, "\r\n") {
			return fmt.Errorf("the header's field %d holds a line break: close its quote, or give --quote none", i+1)
		}
		if isDatum(strings.TrimSpace(f)) {
			data = append(data, strconv.Itoa(i+1))
		}
	}
	if declared || len(data) < 2 {
		return nil
	}
	return fmt.Errorf("the first line looks like a record, not like names (fields %s), and names are published: "+
		"give --no-header and --columns, or --header if these are the names", strings.Join(data[:min(len(data), 5)], ", "))
}

// isDatum reports whether a header field is a number other than a year, a date, or an e-mail address.
func isDatum(f string) bool {
	if _, err := time.Parse(time.DateOnly, f[:min(len(f), len(time.DateOnly))]); err == nil {
		return true
	}
	if at := strings.IndexByte(f, '@'); at > 0 && strings.Contains(f[at:], ".") {
		return true
	}
	x, err := strconv.ParseFloat(f, 64)
	return err == nil && !math.IsNaN(x) && (x != math.Trunc(x) || x < 1600 || x > 2199)
}
