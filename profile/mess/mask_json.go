package mess

import (
	"strconv"
	"strings"
)

// jsonShapes describes nested JSON by its skeleton, with numbers and strings as masks, and by its outermost bracket.
func jsonShapes(s string) []string {
	outer := `@\{\}`
	if strings.HasPrefix(strings.TrimLeft(s, jsonSpace), "[") {
		outer = `@[]`
	}
	var ladder []string
	if mask, ok := jsonSkeleton(s); ok {
		ladder = appendMask(ladder, "@"+mask)
	}
	return appendMask(ladder, outer)
}

// jsonSpace is JSON's white space, which its masks do not keep.
const jsonSpace = " \t\r\n"

// jsonSkeleton replaces every key and string of JSON by "a+" and every number by its digits' mask, so that
// filling the mask gives JSON again.
func jsonSkeleton(s string) (string, bool) {
	if len(s) > maxScan {
		return "", false
	}
	var b []byte
	for i := 0; i < len(s); {
		size := 1
		switch c := s[i]; {
		case c == '"':
			if size = quoted(s[i:]); size == 0 {
				return "", false
			}
			b = append(b, `"a+"`...)
		case c >= '0' && c <= '9':
			size = len(s) - i - len(strings.TrimLeft(s[i:], "0123456789"))
			b = append(b, "9{"...)
			b = append(strconv.AppendInt(b, int64(size), 10), '}')
		case strings.IndexByte(jsonSpace, c) >= 0:
		case strings.IndexByte("[]{},:-.", c) >= 0:
			b = append(b, literal(rune(c), 1)...)
		case strings.HasPrefix(s[i:], "true"), strings.HasPrefix(s[i:], "null"):
			b, size = append(b, "null"...), 4
		case strings.HasPrefix(s[i:], "false"):
			b, size = append(b, "null"...), 5
		default: // an exponent: rare, and its mask would not fill to a number
			return "", false
		}
		if i += size; len(b) > maxMask {
			return "", false
		}
	}
	return string(b), true
}

// quoted returns the length of the JSON string that s starts with, or 0 when it does not end.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return 0
}
