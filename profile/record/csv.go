package record

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxHeaderLine bounds a header line, and the lines to skip before it, in bytes.
const maxHeaderLine = 1 << 20

// A csvFile is a CSV file whose dialect is resolved.
type csvFile struct {
	open    opener
	dialect Dialect
	names   []string
	header  []string // the header line's fields as they are; nil without one
}

func openCSV(path string, open opener, dialect Dialect) (part, Schema, error) {
	c := &csvFile{open: open, dialect: dialect}
	if c.dialect.Delimiter == "" && strings.HasSuffix(strings.ToLower(Bare(path)), ".tsv") {
		c.dialect.Delimiter = "\t"
	}
	if err := c.dialect.resolveDeclared(); err != nil {
		return nil, Schema{}, err
	}
	file, err := openText(open, nil)
	if err != nil {
		return nil, Schema{}, err
	}
	defer file.Close()
	if err := c.resolve(file); err != nil {
		return nil, Schema{}, err
	}
	schema := Schema{Format: CSV, Dialect: c.dialect}
	for _, n := range c.names {
		schema.Columns = append(schema.Columns, Column{Name: n, Type: StringType})
	}
	return c, schema, nil
}

// resolve fills in what the beginning of the file says: the byte order mark, and of the header line the
// delimiter, the line ending, the quoting and the names. Without a header it stops at the mark.
func (c *csvFile) resolve(file io.Reader) error {
	text, err := c.text(file)
	if err != nil {
		return err
	}
	c.dialect.CRLF, c.dialect.CR = false, false
	if c.dialect.NoHeader {
		if c.dialect.Delimiter == "" {
			c.dialect.Delimiter = ","
		}
		c.names, err = headerNames(c.dialect.Columns)
		return err
	}
	head, err := text.Peek(maxHeaderLine)
	if err != nil && err != io.EOF {
		return fmt.Errorf("read the header line: %w", err)
	}
	h := sniffHeader(head, c.dialect.Delimiter, c.dialect.Quote != noQuote)
	switch {
	case h.blank:
		return errors.New("the file has no header line")
	case h.open && len(head) == maxHeaderLine:
		return fmt.Errorf("the header line is longer than %d bytes: is this a CSV file?", maxHeaderLine)
	}
	c.dialect.Delimiter, c.dialect.CRLF, c.dialect.CR = string(h.delimiter), h.ending == "\r\n", h.ending == "\r"
	rows := newCSVScanner(text, c.dialect)
	fields, err := c.readHeader(rows)
	if err != nil {
		return err
	}
	c.header = slices.Clone(fields)
	if c.dialect.Quoting == "" && rows.allQuoted() && slices.ContainsFunc(fields, c.dialect.bare) {
		c.dialect.Quoting = QuoteAll
	}
	if err := checkHeader(fields, c.dialect.Header); err != nil {
		return err
	}
	c.names, err = headerNames(fields)
	c.dialect.Columns = nil
	return err
}

// text returns the file's text from the header line on, in UTF-8 and without what is to be skipped, and resolves the
// dialect's encoding.
func (c *csvFile) text(file io.Reader) (*bufio.Reader, error) {
	decoded, err := decode(file, &c.dialect)
	if err != nil {
		return nil, err
	}
	text := bufio.NewReaderSize(decoded, maxHeaderLine)
	return text, skipLines(text, c.dialect.SkipLines)
}

// skipLines reads over whole lines, whatever is in them and however they end.
func skipLines(text *bufio.Reader, lines int) error {
	for n, read := 0, 0; n < lines; read++ {
		b, err := text.ReadByte()
		switch {
		case err == io.EOF:
			return fmt.Errorf("the file ends within the first %d lines, which are to be skipped: check --skip-lines", lines)
		case err != nil:
			return fmt.Errorf("skip %d lines: %w", lines, err)
		case read == maxHeaderLine:
			return fmt.Errorf("the first %d lines, which are to be skipped, are longer than %d bytes: check --skip-lines", lines, maxHeaderLine)
		}
		if b == '\r' {
			if next, _ := text.Peek(1); len(next) == 1 && next[0] == '\n' {
				continue // CR LF is one line end
			}
		}
		if b == '\r' || b == '\n' {
			n++
		}
	}
	return nil
}

// readHeader reads over the blank lines before the header, and the header.
func (c *csvFile) readHeader(rows *csvScanner) ([]string, error) {
	for {
		row, err := rows.next()
		if err != nil {
			return nil, fmt.Errorf("read the header line: %w", err)
		}
		if len(row.fields) > 0 {
			return row.fields, nil
		}
	}
}

func (c *csvFile) read(want []string, b *batcher) error {
	file, err := openText(c.open, b.done)
	if err != nil {
		return err
	}
	defer file.Close()
	again := *c // reading does not change what was resolved
	text, err := again.text(file)
	if err != nil {
		return err
	}
	rows := newCSVScanner(text, c.dialect)
	if c.header != nil {
		if _, err := c.readHeader(rows); err != nil {
			return err
		}
	}
	position := make(map[string]int, len(c.names))
	for i, name := range c.names {
		position[name] = i
	}
	at := make([]int, len(want))
	for i, name := range want {
		at[i] = position[name]
	}
	for {
		row, err := rows.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		shape := c.shape(row)
		if shape == HeaderAgain {
			row.fields = nil
		}
		for i, column := range at {
			cell := &b.cells[i][b.rows]
			*cell = Cell{}
			if column < len(row.fields) {
				*cell = Cell{Tag: Text, Text: row.fields[column]}
			}
		}
		if err := b.end(shape); err != nil {
			return err
		}
	}
}

// shape classifies a row by itself, the header and the number of columns.
func (c *csvFile) shape(row csvRow) int16 {
	switch {
	case row.open:
		return Unclosed
	case len(row.fields) == 0:
		return Blank
	case c.header != nil && slices.Equal(row.fields, c.header):
		return HeaderAgain
	}
	return shapeOf(len(row.fields) - len(c.names))
}

// shapeOf clamps a difference in fields to a row shape.
func shapeOf(diff int) int16 { return int16(max(-MaxShape, min(diff, MaxShape))) }
