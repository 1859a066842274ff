package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// malformedLine stands for a line that could not be parsed: it cannot either.
const malformedLine = "{\n"

// A jsonlWriter writes one object per row, keys in the order of the columns.
type jsonlWriter struct {
	*AtomicFile
	keys []string // [column] the quoted name and a colon
	line []byte
	nest bytes.Buffer
}

func newJSONLWriter(file *AtomicFile, schema Schema) (Writer, error) {
	w := &jsonlWriter{AtomicFile: file}
	for _, name := range schema.Names() {
		w.keys = append(w.keys, string(appendJSONString(nil, name))+":")
	}
	return w, nil
}

func (w *jsonlWriter) Write(b *Batch) error {
	if err := checkBatch(b, len(w.keys)); err != nil {
		return err
	}
	for row := range b.Rows {
		w.line = w.line[:0]
		if b.shape(row) == Malformed {
			w.line = append(w.line, malformedLine...)
		} else {
			w.object(b, row)
		}
		if _, err := w.AtomicFile.Write(w.line); err != nil {
			return err
		}
	}
	return nil
}

func (w *jsonlWriter) object(b *Batch, row int) {
	w.line = append(w.line, '{')
	for i, key := range w.keys {
		cell := b.Cells[i][row]
		if cell.Tag == Absent {
			continue
		}
		if len(w.line) > 1 {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, key...)
		w.value(cell)
	}
	w.line = append(w.line, "}\n"...)
}

func (w *jsonlWriter) value(cell Cell) {
	switch cell.Tag {
	case Null:
		w.line = append(w.line, "null"...)
		return
	case Number:
		switch {
		case isJSONNumber(cell.Text):
			w.line = append(w.line, cell.Text...)
			return
		case isNotFinite(cell.Text):
			w.line = append(w.line, "null"...)
			return
		}
	case Bool:
		if cell.Text == "true" || cell.Text == "false" {
			w.line = append(w.line, cell.Text...)
			return
		}
	case JSON:
		w.nest.Reset()
		// Compacting also takes out line breaks, which would end the record.
		if err := json.Compact(&w.nest, []byte(strings.ToValidUTF8(cell.Text, "\ufffd"))); err == nil {
			w.line = append(w.line, w.nest.Bytes()...)
			return
		}
	}
	w.line = appendJSONString(w.line, cell.Text)
}

func isJSONNumber(s string) bool {
	return s != "" && (s[0] == '-' || '0' <= s[0] && s[0] <= '9') && !isSpace(s[len(s)-1]) && json.Valid([]byte(s))
}

func isNotFinite(s string) bool {
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case "nan", "inf", "infinity":
		return true
	}
	return false
}

// appendJSONString appends s in quotes, escaping no more than JSON asks for. Bytes that are not UTF-8
// become U+FFFD, each on its own.
func appendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		default:
			dst = append(dst, c)
		}
		i++
	}
	return append(dst, '"')
}
