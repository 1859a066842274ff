package record

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// outputDialect returns how to write CSV: as the input was, or else with the delimiter and line ends of the input if
// that was CSV, in UTF-8 whatever it was encoded in. The extension .tsv means tabs.
func outputDialect(schema Schema, ext string, asInput bool) Dialect {
	in, out := schema.Dialect, Dialect{}
	switch {
	case asInput:
		out = in
	case schema.Format == CSV:
		utf8 := in.Encoding == "" || in.Encoding == "utf-8"
		out = Dialect{Delimiter: in.Delimiter, Quote: in.Quote, NoHeader: in.NoHeader, CRLF: in.CRLF, BOM: in.BOM && utf8}
	}
	if ext == ".tsv" {
		out.Delimiter = "\t"
	}
	if out.Delimiter == "" {
		out.Delimiter = ","
	}
	return out
}

// unescapedColumns returns the columns as a header names them: those of Parquet that are in nothing by their plain names.
func unescapedColumns(schema Schema) []Column {
	columns := slices.Clone(schema.Columns)
	for i, c := range columns {
		if path, err := ParsePath(c.Name); schema.Format == Parquet && err == nil && len(path) == 1 {
			columns[i].Name = path[0].Key
		}
	}
	return columns
}

// A csvWriter writes fields with RFC 4180 quotes where they are needed or the dialect has them, so that our own reader
// finds the same rows again; in the dialect without quotes a space takes the place of what would break a field.
type csvWriter struct {
	*AtomicFile
	columns int
	comma   string
	ending  string
	bare    bool // no quotes
	quoting Quoting
	special string
	breaks  *strings.Replacer
	encoder *encoder // nil for UTF-8
	header  []byte   // the header line, with its end
	row     []byte
}

func newCSVWriter(file *AtomicFile, schema Schema) (Writer, error) {
	d := schema.Dialect
	w := &csvWriter{
		AtomicFile: file, columns: len(schema.Columns), comma: d.Delimiter, ending: "\n",
		bare: d.Quote == noQuote, quoting: d.Quoting,
	}
	w.special = "\"\r\n" + w.comma
	w.breaks = strings.NewReplacer("\r", " ", "\n", " ", w.comma, " ")
	switch {
	case d.CRLF:
		w.ending = "\r\n"
	case d.CR:
		w.ending = "\r"
	}
	var err error
	if w.encoder, err = newEncoder(d); err != nil {
		return nil, err
	}
	if err := w.begin(d); err != nil {
		return nil, err
	}
	if d.NoHeader {
		return w, nil
	}
	for i, name := range schema.Names() {
		// A name with another candidate delimiter in it would mislead whoever reads it off the header.
		w.field(i, name, !w.bare && (w.quoting != "" && w.quoting != QuoteMinimal || strings.ContainsAny(name, delimiters)))
	}
	w.endRow(len(schema.Columns) == 1 && schema.Columns[0].Name == "")
	w.header = bytes.Clone(w.row)
	return w, w.flushRow()
}

// begin writes what stands before the header: the byte order mark, and made-up lines for those that were skipped.
func (w *csvWriter) begin(d Dialect) error {
	if d.BOM {
		w.row = append(w.row, "\ufeff"...)
	}
	for i := range d.SkipLines {
		w.row = fmt.Appendf(w.row, "line %d%s", i+1, w.ending)
	}
	return w.flushRow()
}

func (w *csvWriter) Write(b *Batch) error {
	if err := checkBatch(b, w.columns); err != nil {
		return err
	}
	for row := range b.Rows {
		w.writeRow(b, row)
		if err := w.flushRow(); err != nil {
			return err
		}
	}
	return nil
}

func (w *csvWriter) writeRow(b *Batch, row int) {
	switch shape := b.shape(row); shape {
	case Blank:
		w.row = append(w.row, w.ending...)
	case HeaderAgain:
		w.row = append(w.row, w.header...)
	case Unclosed:
		w.writeOpen(b, row)
	case Malformed: // there is no such thing in CSV
		w.writeFields(b, row, 0)
	default:
		w.writeFields(b, row, shape)
	}
}

func (w *csvWriter) writeFields(b *Batch, row int, shape int16) {
	n := max(1, min(w.columns, w.columns+int(shape)))
	for i := range n {
		w.cell(i, b.Cells[i][row])
	}
	var extra []string
	if b.Extra != nil {
		extra = b.Extra[row]
	}
	for i := range max(0, int(shape)) {
		text := ""
		if i < len(extra) {
			text = extra[i]
		}
		w.cell(n+i, Cell{Tag: Text, Text: text})
	}
	w.endRow(n == 1 && shape <= 0 && b.Cells[0][row].Text == "")
}

// writeOpen writes the row with a quote around its last field that does not close. It must be the last one.
func (w *csvWriter) writeOpen(b *Batch, row int) {
	for i := range w.columns - 1 {
		w.cell(i, b.Cells[i][row])
	}
	last := w.columns - 1
	w.field(last, b.Cells[last][row].Text, true)
	if !w.bare {
		w.row = w.row[:len(w.row)-1]
	}
}

// cell appends a cell as field i of a row.
func (w *csvWriter) cell(i int, c Cell) {
	quote := w.quoting == QuoteAll || w.quoting == QuoteNonNumeric && !isJSONNumber(c.Text)
	w.field(i, c.Text, quote && !w.bare)
}

// field appends field i of a row.
func (w *csvWriter) field(i int, text string, quote bool) {
	if i > 0 {
		w.row = append(w.row, w.comma...)
	}
	switch {
	case w.bare:
		if strings.ContainsAny(text, w.special[1:]) {
			text = w.breaks.Replace(text)
		}
		w.row = append(w.row, text...)
	case quote || strings.ContainsAny(text, w.special):
		w.row = append(w.row, '"')
		for {
			before, after, found := strings.Cut(text, `"`)
			w.row = append(w.row, before...)
			if !found {
				break
			}
			w.row = append(w.row, `""`...)
			text = after
		}
		w.row = append(w.row, '"')
	default:
		w.row = append(w.row, text...)
	}
}

// endRow ends the row. One empty field would be a blank line, which is another thing, so it is quoted; without quotes
// there is no way to write it.
func (w *csvWriter) endRow(oneEmpty bool) {
	if oneEmpty && !w.bare && len(w.row) == 0 {
		w.row = append(w.row, `""`...)
	}
	w.row = append(w.row, w.ending...)
}

func (w *csvWriter) flushRow() error {
	row := w.row
	if w.encoder != nil {
		var err error
		if row, err = w.encoder.encode(row); err != nil {
			return err
		}
	}
	_, err := w.AtomicFile.Write(row)
	w.row = w.row[:0]
	return err
}
