package profile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// carriesLabel reports whether codes of the class have a Label.
func (c Class) carriesLabel() bool {
	switch c {
	case Missing, Atom, Literal, Form, Shape, CopyCount, UnitSize, Others, Order, Group, Step, Agreement, Withheld:
		return true
	}
	return false
}

// carriesTag reports whether codes of the class have a Tag.
func (c Class) carriesTag() bool { return c == Literal || c == Missing }

// namedShapes says in words what the row shapes are that are no number of fields.
var namedShapes = map[string]string{
	strconv.Itoa(int(record.Malformed)):   "malformed",
	strconv.Itoa(int(record.Blank)):       "blank line",
	strconv.Itoa(int(record.HeaderAgain)): "header again",
	strconv.Itoa(int(record.Unclosed)):    "unclosed quote",
}

// Readable returns the code as people read it in the file's labels column and in reports. It is not always
// reversible: a category may be spelled "<null>". kind is the kind of the attribute's column; "date" and "timestamp"
// bins are written as civil times, other bins as numbers.
func (c Code) Readable(kind string) string {
	switch {
	case c.Class == Bin:
		return "[" + readableEdge(c.Lo, kind) + ", " + readableEdge(c.Hi, kind) + ")"
	case c.Class == Shape && namedShapes[c.Label] != "":
		return "<" + namedShapes[c.Label] + ">"
	case !c.Class.carriesLabel():
		return "<" + string(c.Class) + ">"
	case c.Label == "":
		return "<empty>"
	}
	return escapeInvalid(c.Label)
}

func readableEdge(e Edge, kind string) string {
	text := e.String()
	sec, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	switch mess.Kind(kind) {
	case mess.Date, mess.Timestamp:
		return FormatSeconds(sec)
	case mess.Duration:
		return fmt.Sprintf("%d:%02d:%02d", sec/3600, sec/60%60, sec%60)
	case mess.Time:
		return fmt.Sprintf("%02d:%02d:%02d", sec/3600, sec/60%60, sec%60)
	}
	return text
}

// escapeInvalid writes each byte that is not part of valid UTF-8 as \xNN, because Parquet strings are UTF-8.
func escapeInvalid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// readables returns the readable labels of all codes of an attribute.
func readables(codes []Code, kind string) []string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = c.Readable(kind)
	}
	return texts
}
