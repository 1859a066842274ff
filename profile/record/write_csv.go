package record

import (
	"slices"
	"strings"
)

// outputDialect returns how to write CSV: as the input was if that was CSV, in UTF-8 whatever it was
// encoded in. The extension .tsv means tabs.
func outputDialect(schema Schema, ext string) Dialect {
	d := Dialect{Delimiter: ","}
	if schema.Format == CSV {
		d = schema.Dialect
		d.BOM = d.BOM && (d.Encoding == "" || d.Encoding == "utf-8")
	}
	if ext == ".tsv" {
		d.Delimiter = "\t"
	}
	if d.Delimiter == "" {
		d.Delimiter = ","
	}
	return d
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

// A csvWriter writes fields with RFC 4180 quotes where they are needed, so that our own reader finds the
// same rows again; in the dialect without quotes a space takes the place of what would break a field.
type csvWriter struct {
	*AtomicFile
	columns int
	comma   string
	ending  string
	bare    bool // no quotes
	special string
	breaks  *strings.Replacer
	row     []byte
}

func newCSVWriter(file *AtomicFile, schema Schema) (Writer, error) {
	d := schema.Dialect
	w := &csvWriter{AtomicFile: file, columns: len(schema.Columns), comma: d.Delimiter, ending: "\n", bare: d.Quote == noQuote}
	w.special = "\"\r\n" + w.comma
	w.breaks = strings.NewReplacer("\r", " ", "\n", " ", w.comma, " ")
	if d.CRLF {
		w.ending = "\r\n"
	}
	if d.BOM {
		w.row = append(w.row, "\ufeff"...)
	}
	if d.NoHeader {
		return w, w.flushRow()
	}
	for i, name := range schema.Names() {
		// A name with another candidate delimiter in it would mislead whoever reads it off the header.
		w.field(i, name, !w.bare && strings.ContainsAny(name, delimiters))
	}
	return w, w.endRow(len(schema.Columns) == 1 && schema.Columns[0].Name == "")
}

func (w *csvWriter) Write(b *Batch) error {
	if err := checkBatch(b, w.columns); err != nil {
		return err
	}
	for row := range b.Rows {
		if err := w.writeRow(b, row); err != nil {
			return err
		}
	}
	return nil
}

func (w *csvWriter) writeRow(b *Batch, row int) error {
	shape := b.shape(row)
	if shape == Malformed {
		shape = 0 // there is no such thing in CSV
	}
	n := max(1, min(w.columns, w.columns+int(shape)))
	for i := range n {
		w.field(i, b.Cells[i][row].Text, false)
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
		w.field(n+i, text, false)
	}
	return w.endRow(n == 1 && shape <= 0 && b.Cells[0][row].Text == "")
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

// endRow ends and writes the row. One empty field would be a blank line, which readers skip, so it is
// quoted; without quotes there is no way to write it.
func (w *csvWriter) endRow(oneEmpty bool) error {
	if oneEmpty && !w.bare {
		w.row = append(w.row, `""`...)
	}
	w.row = append(w.row, w.ending...)
	return w.flushRow()
}

func (w *csvWriter) flushRow() error {
	_, err := w.AtomicFile.Write(w.row)
	w.row = w.row[:0]
	return err
}
