package record

import (
	"errors"
	"strconv"
	"strings"
)

// A Path leads from a record into its nesting: the name of a column of nested data. Its text is a member's key, then any
// number of `.key` for a member of an object and `[i]` for an element of an array, counted from 0, and last perhaps
// `[]` for the array's length:
//
//	user.address.city   items[0].price   tags[]   matrix[0][2]   a\.b   "" (a key that is empty)
//
// A backslash stands before each `.`, `[` and `\` of a key. Every text without a stray bracket or backslash is the text
// of one path, and every path has one text.
type Path []Step

// A Step is one level of a path.
type Step struct {
	Key   string // of a member, when Index is Member
	Index int    // of an element; or Member, or Length
}

// What a step is that is no element.
const (
	Member = -1
	Length = -2 // the number of elements of an array; the last step only
)

// String returns the path's text.
func (p Path) String() string {
	var b []byte
	for i, s := range p {
		b = s.append(b, i == 0)
	}
	return string(b)
}

// append appends the step's text.
func (s Step) append(b []byte, first bool) []byte {
	switch s.Index {
	case Member:
		if !first {
			b = append(b, '.')
		}
		return appendKey(b, s.Key)
	case Length:
		return append(b, "[]"...)
	}
	return append(strconv.AppendInt(append(b, '['), int64(s.Index), 10), ']')
}

// appendKey appends a key, escaped.
func appendKey[K string | []byte](b []byte, key K) []byte {
	for i := range len(key) {
		if c := key[i]; c == '.' || c == '[' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, key[i])
	}
	return b
}

// maxIndex is the most that an index in a path can be, in decimal digits.
const maxIndex = 9

// Errors of ParsePath. They do not quote the path, which can be data.
var (
	errPathEscape  = errors.New(`parse path: write a backslash before ".", "[" or "\" of a key only`)
	errPathBracket = errors.New(`parse path: want [], or an index such as [0], followed by ".key", "[" or nothing; write \[ for a bracket of a key`)
	errPathLength  = errors.New("parse path: nothing follows a length, []")
)

// ParsePath reads a path's text.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest, more := text, true; more; {
		key, after, err := parseKey(rest)
		if err != nil {
			return nil, err
		}
		p = append(p, Step{Key: key, Index: Member})
		for strings.HasPrefix(after, "[") {
			if p[len(p)-1].Index == Length {
				return nil, errPathLength
			}
			var s Step
			if s, after, err = parseIndex(after); err != nil {
				return nil, err
			}
			p = append(p, s)
		}
		if rest, more = strings.CutPrefix(after, "."); !more && after != "" {
			return nil, errPathBracket
		}
		if more && p[len(p)-1].Index == Length {
			return nil, errPathLength
		}
	}
	return p, nil
}

// parseKey takes a key off the text, up to a "." or "[" without a backslash.
func parseKey(text string) (key, rest string, err error) {
	i := strings.IndexAny(text, `.[\`)
	if i < 0 {
		return text, "", nil
	}
	if text[i] != '\\' {
		return text[:i], text[i:], nil
	}
	b := []byte(text[:i])
	for ; i < len(text) && text[i] != '.' && text[i] != '['; i++ {
		if text[i] == '\\' {
			if i++; i == len(text) || text[i] != '.' && text[i] != '[' && text[i] != '\\' {
				return "", "", errPathEscape
			}
		}
		b = append(b, text[i])
	}
	return string(b), text[i:], nil
}

// parseIndex takes `[]` or `[i]` off the text, which starts with a bracket.
func parseIndex(text string) (s Step, rest string, err error) {
	digits, rest, ok := strings.Cut(text[1:], "]")
	if ok && digits == "" {
		return Step{Index: Length}, rest, nil
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || len(digits) > maxIndex || len(digits) > 1 && digits[0] == '0' {
		return s, "", errPathBracket
	}
	return Step{Index: int(n)}, rest, nil
}
