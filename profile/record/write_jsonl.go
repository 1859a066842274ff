package record

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"
)

// A jsonlWriter writes one object per row, keys in the order of the columns. Columns of nested data are named by paths and
// become objects and arrays again:
//
//   - What a row has at a path follows the precedence of [Nesting.Reconcile].
//   - An array has as many elements as its length says. One that the row does not have, or that has no column, is that of
//     another row of the batch, or null.
//   - Reordered rows have the members of every object shuffled.
type jsonlWriter struct {
	*AtomicFile
	nesting *Nesting
	columns int
	broken  bool
	quoted  map[*node][]string // keys in quotes with a colon
	nest    bytes.Buffer

	batch    *Batch
	line     []byte
	elements int    // that the row may still have
	shuffle  uint64 // state of the row's shuffling; 0 for none
}

// What arrays of any length may do to a row: maxElements bounds the elements that are written or looked for, in all its
// arrays, and maxLine the bytes after which they get no more.
const (
	maxElements = 1 << 14
	maxLine     = 16 << 20
)

func newJSONLWriter(file *AtomicFile, schema Schema, broken bool) (Writer, error) {
	w := &jsonlWriter{AtomicFile: file, columns: len(schema.Columns), broken: broken, nesting: flat(schema.Names()), quoted: map[*node][]string{}}
	if schema.Format == JSONL || schema.Format == Parquet {
		var err error
		if w.nesting, err = NewNesting(schema.Names()); err != nil {
			return nil, err
		}
	}
	w.quote(w.nesting.root)
	return w, nil
}

// quote prepares the keys of a node's members, and below.
func (w *jsonlWriter) quote(n *node) {
	for i, m := range n.members {
		w.quoted[n] = append(w.quoted[n], string(appendJSONString(nil, n.keys[i]))+":")
		w.quote(m)
	}
	for _, e := range n.elements {
		w.quote(e.node)
	}
}

func (w *jsonlWriter) Write(b *Batch) error {
	if err := checkBatch(b, w.columns); err != nil {
		return err
	}
	w.batch = b
	for row := range b.Rows {
		w.record(row)
		if w.broken {
			w.damage(row)
		}
		if _, err := w.AtomicFile.Write(append(w.line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// record renders a row.
func (w *jsonlWriter) record(row int) {
	w.start()
	w.object(w.nesting.root, row)
	if w.batch.Reordered != nil && w.batch.Reordered[row] {
		w.shuffle = w.hash() | 1
		w.start()
		w.object(w.nesting.root, row)
		w.shuffle = 0
	}
}

func (w *jsonlWriter) start() { w.line, w.elements = w.line[:0], maxElements }

// hash draws a number from what the line says: it is the same for the same row, and needs no seed.
func (w *jsonlWriter) hash() uint64 {
	h := fnv.New64a()
	h.Write(w.line)
	return h.Sum64()
}

// object writes the members that the row has at the node, and reports whether there are any.
func (w *jsonlWriter) object(n *node, row int) bool {
	w.line = append(w.line, '{')
	first := len(w.line)
	for at := range n.members {
		i := at
		if w.shuffle != 0 {
			i = w.permuted(n, at)
		}
		before := len(w.line)
		if before > first {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, w.quoted[n][i]...)
		if !w.value(n.members[i], row) {
			w.line = w.line[:before]
		}
	}
	w.line = append(w.line, '}')
	return len(w.line) > first+1
}

// permuted returns the member in the given place of a shuffled object: the places are multiplied by a number without a
// factor in common with theirs, and shifted.
func (w *jsonlWriter) permuted(n *node, at int) int {
	size := uint64(len(n.members))
	factor := w.shuffle % size
	for gcd(factor, size) != 1 {
		factor++
	}
	return int((uint64(at)*factor + w.shuffle>>32%size) % size)
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// value writes what the row has at the node, and reports whether it has anything.
func (w *jsonlWriter) value(n *node, row int) bool {
	if n.cell != noColumn && w.batch.Cells[n.cell][row].Tag != Absent {
		w.scalar(w.batch.Cells[n.cell][row])
		return true
	}
	if n.length != noColumn {
		if size, ok := arrayLength(w.batch.Cells[n.length][row]); ok {
			w.array(n, row, size)
			return true
		}
	} else if size := w.reach(n, row); size > 0 {
		w.array(n, row, size)
		return true
	}
	if len(n.members) == 0 {
		return false
	}
	before := len(w.line)
	if w.object(n, row) {
		return true
	}
	w.line = w.line[:before]
	return false
}

// reach returns the length that the elements which the row has ask for.
func (w *jsonlWriter) reach(n *node, row int) int {
	for i := len(n.elements) - 1; i >= 0; i-- {
		if w.has(n.elements[i].node, row) {
			return n.elements[i].index + 1
		}
	}
	return 0
}

// has reports whether the row has a cell at the node or below it.
func (w *jsonlWriter) has(n *node, row int) bool {
	for _, c := range []int{n.cell, n.length} {
		if c != noColumn && w.batch.Cells[c][row].Tag != Absent {
			return true
		}
	}
	return slices.ContainsFunc(n.members, func(m *node) bool { return w.has(m, row) }) ||
		slices.ContainsFunc(n.elements, func(e element) bool { return w.has(e.node, row) })
}

func (w *jsonlWriter) array(n *node, row, size int) {
	w.line = append(w.line, '[')
	known := n.elements
	for i := 0; i < size && w.elements > 0 && len(w.line) < maxLine; i++ {
		w.elements--
		if i > 0 {
			w.line = append(w.line, ',')
		}
		own := len(known) > 0 && known[0].index == i
		if !own || !w.value(known[0].node, row) {
			w.repeat(n, row, i)
		}
		if own {
			known = known[1:]
		}
	}
	w.line = append(w.line, ']')
}

// maxTries bounds the rows that are looked at for an element.
const maxTries = 8

// repeat writes an element that the row does not have.
func (w *jsonlWriter) repeat(n *node, row, i int) {
	for try := range maxTries {
		if len(n.elements) == 0 || w.elements <= 0 {
			break
		}
		w.elements--
		from := (row + 1 + i + try) % w.batch.Rows
		if try == maxTries-1 {
			from = row
		}
		if w.value(n.elements[(i+try)%len(n.elements)].node, from) {
			return
		}
	}
	w.line = append(w.line, "null"...)
}

func (w *jsonlWriter) scalar(cell Cell) {
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

// damage gives the row the members without a column and the damage that it is said to have.
func (w *jsonlWriter) damage(row int) {
	if w.batch.Others != nil && w.batch.Others[row] > 0 {
		w.line = appendOthers(w.line, w.hash(), w.batch.Others[row], func(key []byte) bool { return w.nesting.root.find(key) != nil })
	}
	if w.batch.shape(row) == Malformed {
		w.line = breakJSON(w.line, w.hash())
	}
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
