package record

import (
	"encoding/binary"
	"strconv"
	"sync/atomic"
)

// A flattener reads nested JSON objects into columns, which are named by paths.
//
//   - A scalar or null is the cell of its path. So is an empty object, as the JSON `{}`; any other object is the cells of
//     its members, and its own path's is absent.
//   - An array is the cell of its length, `p[]`, and the cells of its elements as far as they are wanted.
//   - An object of which no member is wanted, and an array of which neither length nor element is, is the cell of its own
//     path, as JSON text.
//
// So absent, null, `{}`, `[]` and what is of another type here than elsewhere stay apart. What no wanted column can hold
// is counted.
type flattener struct {
	jsonDecoder
	nesting *Nesting
	line    []byte
	visit   uint64 // of the record, never 0
	row     int
	cells   [][]Cell // [column][row]
	others  int      // members without a place, of objects that have one
	order   []byte   // the columns that were set, in the record's order, two bytes each
}

// record reads one object. The cells of the row must be absent.
func (f *flattener) record(line []byte, row int, order []byte) {
	f.line, f.row, f.order, f.others = line, row, order, 0
	f.visit++
	f.object(f.nesting.root, 0)
}

// object reads the object that begins at i and returns where it ends.
func (f *flattener) object(n *node, i int) int {
	n.next = 0
	i = skipSpace(f.line, i+1)
	for f.line[i] != '}' {
		end := endOfString(f.line, i)
		m := n.find(f.unquote(f.line[i:end]))
		i = skipSpace(f.line, end)
		i = skipSpace(f.line, i+1) // the colon
		if m == nil {
			f.others++
			i = endOfValue(f.line, i)
		} else {
			i = f.value(m, i)
		}
		if i = skipSpace(f.line, i); f.line[i] == ',' {
			i = skipSpace(f.line, i+1)
		}
	}
	return i + 1
}

// value reads the value that begins at i and returns where it ends.
func (f *flattener) value(n *node, i int) int {
	if n.visit == f.visit { // a key that occurs again overwrites: the last one wins
		for at := n.from; at < n.to; at += 2 {
			f.cells[binary.LittleEndian.Uint16(f.order[at:])][f.row] = Cell{}
		}
	}
	n.visit, n.from = f.visit, len(f.order)
	switch c := f.line[i]; {
	case c == '[' && n.isArray():
		i = f.array(n, i)
	case c == '{' && len(n.members) > 0 && f.line[skipSpace(f.line, i+1)] != '}':
		i = f.object(n, i)
	default:
		end := endOfValue(f.line, i)
		if n.cell == noColumn {
			f.others++
		} else {
			f.set(n.cell, f.cell(f.line[i:end]))
		}
		i = end
	}
	n.to = len(f.order)
	return i
}

// array reads the array that begins at i and returns where it ends.
func (f *flattener) array(n *node, i int) int {
	size, elements := 0, n.elements
	if n.length != noColumn {
		f.list(n.length)
	}
	for i = skipSpace(f.line, i+1); f.line[i] != ']'; size++ {
		if len(elements) > 0 && elements[0].index == size {
			i = f.value(elements[0].node, i)
			elements = elements[1:]
		} else {
			i = endOfValue(f.line, i)
		}
		if i = skipSpace(f.line, i); f.line[i] == ',' {
			i = skipSpace(f.line, i+1)
		}
	}
	if n.length != noColumn {
		f.cells[n.length][f.row] = Cell{Tag: Number, Text: strconv.Itoa(size)}
	}
	return i + 1
}

func (f *flattener) set(column int, cell Cell) {
	f.cells[column][f.row] = cell
	f.list(column)
}

func (f *flattener) list(column int) {
	f.order = binary.LittleEndian.AppendUint16(f.order, uint16(column))
}

// MaxDepth is the most levels that are looked for in a record; what is nested deeper stays JSON text.
const MaxDepth = 16

// maxPath bounds a path that is looked for, in bytes.
const maxPath = 512

// A pathFinder lists the paths of the columns that a record would fill if all were wanted.
type pathFinder struct {
	jsonDecoder
	elements int           // of an array that are looked at
	done     *atomic.Int64 // bytes gone through
	line     []byte
	path     []byte
	visit    uint64
	known    map[string]*foundPath // spares an allocation per path of an ordinary file
	found    []string
}

// A foundPath is a path, and the last record that was seen to have it.
type foundPath struct {
	text  string
	visit uint64
}

// maxKnown bounds the paths that are remembered from record to record.
const maxKnown = 1 << 16

// record returns the paths of an object, each once, in memory that lasts until the next call.
func (p *pathFinder) record(line []byte) []string {
	if p.known == nil || len(p.known) > maxKnown {
		p.known = map[string]*foundPath{}
	}
	p.line, p.path, p.found = line, p.path[:0], p.found[:0]
	p.visit++
	p.object(0, 0)
	return p.found
}

func (p *pathFinder) object(i, depth int) int {
	base := len(p.path)
	i = skipSpace(p.line, i+1)
	for p.line[i] != '}' {
		end := endOfString(p.line, i)
		key := p.unquote(p.line[i:end])
		i = skipSpace(p.line, end)
		i = skipSpace(p.line, i+1) // the colon
		if base+len(key) > maxPath {
			i = endOfValue(p.line, i)
		} else {
			if depth > 0 {
				p.path = append(p.path, '.')
			}
			p.path = appendKey(p.path, key)
			i = p.value(i, depth+1)
			p.path = p.path[:base]
		}
		if i = skipSpace(p.line, i); p.line[i] == ',' {
			i = skipSpace(p.line, i+1)
		}
	}
	return i + 1
}

func (p *pathFinder) value(i, depth int) int {
	switch c := p.line[i]; {
	case c == '[' && depth < MaxDepth:
		return p.array(i, depth)
	case c == '{' && depth < MaxDepth && p.line[skipSpace(p.line, i+1)] != '}':
		return p.object(i, depth)
	}
	p.add()
	return endOfValue(p.line, i)
}

func (p *pathFinder) array(i, depth int) int {
	base := len(p.path)
	p.path = append(p.path, "[]"...)
	p.add()
	p.path = p.path[:base]
	i = skipSpace(p.line, i+1)
	for size := 0; p.line[i] != ']'; size++ {
		if size < p.elements {
			p.path = Step{Index: size}.append(p.path, false)
			i = p.value(i, depth+1)
			p.path = p.path[:base]
		} else {
			i = endOfValue(p.line, i)
		}
		if i = skipSpace(p.line, i); p.line[i] == ',' {
			i = skipSpace(p.line, i+1)
		}
	}
	return i + 1
}

// add lists the path that the finder is at.
func (p *pathFinder) add() {
	f := p.known[string(p.path)]
	if f == nil {
		f = &foundPath{text: string(p.path)}
		p.known[f.text] = f
	}
	if f.visit != p.visit {
		f.visit = p.visit
		p.found = append(p.found, f.text)
	}
}
