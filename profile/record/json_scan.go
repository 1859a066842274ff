package record

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func skipSpace(line []byte, i int) int {
	for isSpace(line[i]) {
		i++
	}
	return i
}

// endOfValue returns where the value that begins at i ends.
func endOfValue(line []byte, i int) int {
	switch line[i] {
	case '"':
		return endOfString(line, i)
	case '{', '[':
		for depth := 0; ; {
			switch line[i] {
			case '"':
				i = endOfString(line, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
	}
	for !isSpace(line[i]) && line[i] != ',' && line[i] != '}' && line[i] != ']' {
		i++
	}
	return i
}

func endOfString(line []byte, i int) int {
	for i++; line[i] != '"'; i++ {
		if line[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// A jsonDecoder turns raw JSON values into cells. Its buffers are reused.
type jsonDecoder struct {
	text    []byte
	compact bytes.Buffer
}

func (d *jsonDecoder) cell(raw []byte) Cell {
	switch raw[0] {
	case 'n':
		return Cell{Tag: Null}
	case 't', 'f':
		return Cell{Tag: Bool, Text: string(raw)}
	case '"':
		return Cell{Tag: Text, Text: string(d.unquote(raw))}
	case '{', '[':
		d.compact.Reset()
		if err := json.Compact(&d.compact, raw); err != nil {
			return Cell{Tag: JSON, Text: string(raw)} // valid as it is, so this cannot happen
		}
		return Cell{Tag: JSON, Text: d.compact.String()}
	}
	return Cell{Tag: Number, Text: string(raw)}
}

// unquote returns what a JSON string in its quotes stands for. Bytes that are not valid UTF-8 stay as they
// are, and a lone surrogate becomes the three bytes that UTF-8 would give it if it could: how a value
// is broken is worth keeping. The result lasts until the next call.
func (d *jsonDecoder) unquote(raw []byte) []byte {
	raw = raw[1 : len(raw)-1]
	i := bytes.IndexByte(raw, '\\')
	if i < 0 {
		return raw
	}
	d.text = d.text[:0]
	for ; i >= 0; i = bytes.IndexByte(raw, '\\') {
		d.text = append(d.text, raw[:i]...)
		raw = raw[i+1:]
		if raw[0] == 'u' {
			raw = d.unescapeRune(raw[1:])
			continue
		}
		d.text = append(d.text, unescape(raw[0]))
		raw = raw[1:]
	}
	d.text = append(d.text, raw...)
	return d.text
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unescapeRune appends the rune whose four hexadecimal digits begin raw, together with a second half of a
// surrogate pair if one follows, and returns the rest.
func (d *jsonDecoder) unescapeRune(raw []byte) []byte {
	r := hex4(raw)
	raw = raw[4:]
	if !utf16.IsSurrogate(r) {
		d.text = utf8.AppendRune(d.text, r)
		return raw
	}
	if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(raw[2:])); pair != utf8.RuneError {
			d.text = utf8.AppendRune(d.text, pair)
			return raw[6:]
		}
	}
	d.text = append(d.text, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	return raw
}

func hex4(raw []byte) rune {
	v, err := strconv.ParseUint(string(raw[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError // the line is valid JSON, so this cannot happen
	}
	return rune(v)
}
