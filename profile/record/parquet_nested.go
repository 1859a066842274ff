package record

import (
	"io"
	"slices"
	"strconv"
)

// An output is a column that a leaf tells.
type output struct {
	*flattened
	column int // of the batch
	length int // elements seen so far of the row's list; below 0 when the row has none
}

// without returns what a cell is at a definition level at which it has no value.
func (f *flattened) without(level int16) Tag {
	if f.Nullable && int(level) == f.def-1 {
		return Null
	}
	return Absent
}

// A nestedState is where a reader is in a chunk of a leaf in lists or with several columns.
type nestedState struct {
	at, have  int   // the next element in levels and reps, and how many there are
	used      int   // values that went before it, of those that were decoded with it
	values    int   // decoded
	index     []int // of the element, in each list around it
	took      []taken
	endOfData bool
}

// A taken is a text that was put into the reader's buffer for a cell.
type taken struct {
	output, row int
	end         int // in the buffer
}

// fillNested decodes n rows element by element, however many their lists have: those beyond the columns are counted and
// forgotten. The texts of a batch share one allocation.
func (c *columnReader) fillNested(cells [][]Cell, n int) error {
	c.buf = c.buf[:0]
	s := &c.nested
	s.took, s.index = s.took[:0], slices.Grow(s.index[:0], c.maxRep)[:c.maxRep]
	for row := range n {
		for i := range c.outputs {
			c.outputs[i].length = -1
			cells[c.outputs[i].column][row] = Cell{}
		}
		for first := true; ; first = false {
			more, err := c.load()
			if err != nil {
				return err
			}
			rep := 0
			if more && c.reps != nil {
				rep = int(c.reps[s.at])
			}
			if first && (!more || rep != 0) {
				return errRowsMissing
			}
			if !first && (!more || rep == 0) {
				break
			}
			if err := c.element(cells, row, rep); err != nil {
				return err
			}
		}
		c.endRow(cells, row)
	}
	text, from := string(c.buf), 0
	for _, t := range s.took {
		cells[c.outputs[t.output].column][t.row].Text = text[from:t.end]
		from = t.end
	}
	return nil
}

// load makes sure that there is a next element, and reports whether there is.
func (c *columnReader) load() (bool, error) {
	s := &c.nested
	if s.at < s.have {
		return true, nil
	}
	if s.endOfData {
		return false, nil
	}
	have, values, err := c.next(len(c.ends))
	if err != nil && err != io.EOF {
		return false, errDecode // the library's words may quote the page
	}
	s.at, s.have, s.used, s.values = 0, int(have), 0, values
	s.endOfData = have == 0
	return have > 0, nil
}

// element takes the next element into the columns that it is in.
func (c *columnReader) element(cells [][]Cell, row, rep int) error {
	s := &c.nested
	level := c.maxDef
	if c.levels != nil {
		level = c.levels[s.at]
	}
	s.at++
	if rep > 0 {
		s.index[rep-1]++
	}
	clear(s.index[rep:])
	if level == c.maxDef {
		if s.used == s.values {
			return errRowsMissing
		}
		s.used++
	}
	for i := range c.outputs {
		out := &c.outputs[i]
		lists := len(out.at)
		if !slices.Equal(s.index[:lists], out.at) {
			continue
		}
		starts := rep <= lists // or it is one more of what the column has only the first of
		switch {
		case out.Type == ListType || out.Type == MapType:
			out.count(&cells[out.column][row], starts, rep == lists+1, level)
		case starts:
			c.take(&cells[out.column][row], i, row, level)
		}
	}
	return nil
}

// take sets a cell of a value, or of whether a struct is null.
func (c *columnReader) take(cell *Cell, i, row int, level int16) {
	out := &c.outputs[i]
	switch {
	case int(level) < out.def:
		cell.Tag = out.without(level)
	case out.dt != nil:
		cell.Tag = c.text.tag
		c.buf = c.format(c.buf, c.nested.used-1)
		c.nested.took = append(c.nested.took, taken{i, row, len(c.buf)})
	}
}

// count counts the elements of a list: one that starts the list, and each that is the list's next.
func (o *output) count(cell *Cell, starts, next bool, level int16) {
	switch {
	case starts && int(level) < o.def:
		cell.Tag = o.without(level)
	case starts && int(level) == o.def:
		o.length = 0
	case starts:
		o.length = 1
	case next:
		o.length++
	}
}

// endRow writes the lengths of the row's lists.
func (c *columnReader) endRow(cells [][]Cell, row int) {
	for i := range c.outputs {
		if out := &c.outputs[i]; out.length >= 0 {
			cells[out.column][row] = Cell{Tag: Number, Text: strconv.Itoa(out.length)}
		}
	}
}
