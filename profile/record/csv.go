package record

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds on what one CSV file can make us hold at a time.
const (
	maxHeaderLine = 1 << 20 // bytes
	maxCSVRecord  = 1 << 28 // bytes; an unbalanced quote would otherwise swallow the rest of the file
)

var errRecordTooLong = fmt.Errorf("a record is longer than %d MB: an unbalanced quote? declare quote: none if quotes mean nothing here", maxCSVRecord>>20)

// A csvFile is a CSV file whose dialect is resolved. Quoting is read leniently, as encoding/csv does with
// LazyQuotes; it drops lines that are entirely blank and turns CR LF inside a quoted field into LF.
type csvFile struct {
	path    string
	dialect Dialect
	names   []string
	cr      bool // lines end in CR alone
}

func openCSV(path string, dialect Dialect) (part, Schema, error) {
	c := &csvFile{path: path, dialect: dialect}
	if c.dialect.Delimiter == "" && strings.HasSuffix(strings.ToLower(path), ".tsv") {
		c.dialect.Delimiter = "\t"
	}
	if err := c.dialect.resolveDeclared(); err != nil {
		return nil, Schema{}, err
	}
	file, err := os.Open(path)
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
// delimiter, the line ending and the names. Without a header it stops at the mark.
func (c *csvFile) resolve(file io.Reader) error {
	text, err := decode(file, &c.dialect)
	if err != nil {
		return err
	}
	c.dialect.CRLF = false
	if c.dialect.NoHeader {
		if c.dialect.Delimiter == "" {
			c.dialect.Delimiter = ","
		}
		c.names, err = headerNames(c.dialect.Columns)
		return err
	}
	br := bufio.NewReaderSize(text, maxHeaderLine)
	head, err := br.Peek(maxHeaderLine)
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
	c.dialect.Delimiter, c.dialect.CRLF, c.cr = string(h.delimiter), h.ending == "\r\n", h.ending == "\r"
	fields, err := c.rows(br).next()
	if err != nil {
		return fmt.Errorf("read the header line: %w", err)
	}
	if err := checkHeader(fields, c.dialect.Header); err != nil {
		return err
	}
	c.names, err = headerNames(fields)
	c.dialect.Columns = nil
	return err
}

func (c *csvFile) read(want []string, b *batcher) error {
	file, err := os.Open(c.path)
	if err != nil {
		return err
	}
	defer file.Close()
	dialect := c.dialect
	text, err := decode(file, &dialect)
	if err != nil {
		return err
	}
	rows := c.rows(text)
	if !c.dialect.NoHeader {
		if _, err := rows.next(); err != nil {
			return fmt.Errorf("read the header line: %w", err)
		}
	}
	at := make([]int, len(want))
	for i, name := range want {
		at[i] = slices.Index(c.names, name)
	}
	for {
		fields, err := rows.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for i, column := range at {
			cell := &b.cells[i][b.rows]
			*cell = Cell{}
			if column < len(fields) {
				*cell = Cell{Tag: Text, Text: fields[column]}
			}
		}
		if err := b.end(shapeOf(len(fields) - len(c.names))); err != nil {
			return err
		}
	}
}

// shapeOf clamps a difference in fields to a row shape.
func shapeOf(diff int) int16 { return int16(max(-MaxShape, min(diff, MaxShape))) }

// rowReader yields the fields of one row after another, then io.EOF. The slice is reused, the strings
// are not.
type rowReader interface {
	next() ([]string, error)
}

func (c *csvFile) rows(text io.Reader) rowReader {
	if c.cr {
		text = carriageReturns{text}
	}
	comma, _ := utf8.DecodeRuneInString(c.dialect.Delimiter)
	if c.dialect.Quote == noQuote {
		return &plainRows{r: bufio.NewReader(text), comma: c.dialect.Delimiter}
	}
	bounded := &boundedReader{r: text, limit: maxCSVRecord}
	r := csv.NewReader(bounded)
	r.Comma = comma
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	return &quotedRows{r: r, bounded: bounded}
}

// quotedRows reads RFC 4180 with lenient quotes.
type quotedRows struct {
	r       *csv.Reader
	bounded *boundedReader
}

func (q *quotedRows) next() ([]string, error) {
	q.bounded.limit = q.r.InputOffset() + maxCSVRecord
	return q.r.Read()
}

// A boundedReader fails once it has been read beyond limit, so that one record cannot grow without bound.
type boundedReader struct {
	r           io.Reader
	read, limit int64 // bytes
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.read > b.limit {
		return 0, errRecordTooLong
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	return n, err
}

// plainRows splits lines at every delimiter. Like the quoted reader it skips blank lines.
type plainRows struct {
	r      *bufio.Reader
	comma  string
	line   []byte
	fields []string
}

func (p *plainRows) next() ([]string, error) {
	for {
		line, long, err := readLine(p.r, &p.line, maxCSVRecord)
		if long {
			return nil, errRecordTooLong
		}
		if err != nil && (err != io.EOF || len(line) == 0) {
			return nil, err
		}
		if len(line) > 0 {
			p.split(string(line))
			return p.fields, nil
		}
	}
}

func (p *plainRows) split(line string) {
	p.fields = p.fields[:0]
	for {
		field, rest, more := strings.Cut(line, p.comma)
		p.fields = append(p.fields, field)
		if !more {
			return
		}
		line = rest
	}
}

// readLine returns the next line without its LF or CR LF, in memory that lasts until the next call. long
// says that it had more than limit bytes, and was dropped. The last line comes with io.EOF.
func readLine(r *bufio.Reader, buf *[]byte, limit int) (line []byte, long bool, err error) {
	line, err = r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		*buf = (*buf)[:0]
		for err == bufio.ErrBufferFull {
			if len(*buf) <= limit { // one piece beyond it at most
				*buf = append(*buf, line...)
			}
			line, err = r.ReadSlice('\n')
		}
		*buf = append(*buf, line...)
		line = *buf
	}
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if len(line) > limit {
		return nil, true, err
	}
	return line, false, err
}
