package mess

import "github.com/patina-data/patina/profile/record"

// A Description is everything the pipeline may know about a cell: what it says and how it is written.
type Description struct {
	Cell    record.Cell
	Missing bool     // the cell says there is no value; nothing below is set
	Typed   bool     // the kind parsed it: Value is set
	Value   Value    // of a typed cell
	Forms   []string // descriptors, finest first
	Literal bool     // the cell may be released as it is, or a typed value as an atom, if enough records share it
	Variant Variant  // of a text: what it is a variant of, once a vocabulary has resolved that
}

// Describe reads one cell as its column's kind does.
func Describe(codec Codec, c record.Cell) Description {
	d := Description{Cell: c}
	if Missing(c) {
		d.Missing = true
		d.Literal = len(c.Text) <= maxNull
		return d
	}
	if v, form, ok := codec.Parse(c); ok {
		d.Typed, d.Value, d.Forms = true, v, []string{form}
		if open, ok := codec.(openCodec); ok {
			d.Forms = append(d.Forms, open.loosen(form)...)
		}
		d.Literal = v.Key != "" && ReleasableKey(v)
		return d
	}
	d.Forms = Shapes(c)
	if dates, ok := codec.(timeCodec); ok {
		if form, ok := dates.impossible(c); ok {
			d.Forms[0] = form
		}
	}
	d.Literal = codec.Literal() && Releasable(c)
	return d
}
