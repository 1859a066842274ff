package eval

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A gold set is records at hand, encoded as a profile encodes them. Cells are read one by one, by what the profile has of their
// column: no cell of the set is kept.
type goldSet struct {
	rows    int
	codes   map[string][]int32 // [attribute][row] of values, forms and row shapes
	repeats int                // rows exactly like an earlier one
	shared  []string           // columns that the profile has too, in its order, by its names
	read    []string           // [shared] their names in the set
	alike   []Alias            // those of another name
	lacking []string           // columns of the profile that the set does not have
	extra   []string           // columns of the set that the profile does not have
}

// ErrNoRows is for a gold set without records.
var ErrNoRows = errors.New("the gold set has no rows")

// A goldColumn encodes the cells of one column, each distinct one once.
type goldColumn struct {
	name  string
	codec mess.Codec
	words *mess.Vocabulary
	coder *profile.Coder
	known map[record.Cell][2]int32
	value []int32
	form  []int32
}

// maxKnownCells bounds the cells that are remembered: a column may have as many as rows.
const maxKnownCells = 1 << 16

// readGold reads and encodes a gold set.
func readGold(ctx context.Context, p *profile.Profile, src *record.Source) (*goldSet, error) {
	g := &goldSet{codes: map[string][]int32{}}
	columns, err := g.match(ctx, p, src)
	if err != nil {
		return nil, err
	}
	seed := maphash.MakeSeed()
	seen := map[uint64]bool{}
	shape := shapeCoder(p, src)
	err = src.Read(ctx, g.read, func(b *record.Batch) error {
		g.rows += b.Rows
		for i := range columns {
			columns[i].add(b.Cells[i][:b.Rows])
		}
		for r := range b.Rows {
			if print := fingerprint(seed, b, r); seen[print] {
				g.repeats++
			} else {
				seen[print] = true
			}
			if shape != nil {
				g.codes[profile.RowShape] = append(g.codes[profile.RowShape], shape(b, r))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the gold set: %w", err)
	}
	if g.rows == 0 {
		return nil, ErrNoRows
	}
	for _, c := range columns {
		g.codes[c.name], g.codes[profile.FormName(c.name)] = c.value, c.form
	}
	g.view(p)
	return g, nil
}

// view encodes the rows over the views that columns are set against each other in.
func (g *goldSet) view(p *profile.Profile) {
	for _, a := range p.Attributes {
		if a.Groups == nil || g.codes[a.Name] == nil {
			continue
		}
		codes := make([]int32, g.rows)
		for r, code := range g.codes[a.Name] {
			codes[r] = profile.NoCode
			if code >= 0 {
				codes[r] = a.Groups[code]
			}
		}
		g.codes[profile.ViewName(a.Name)] = codes
	}
}

// An Alias is a column that the gold set has by another name.
type Alias struct {
	Column string `json:"column"` // in the profile
	Gold   string `json:"gold"`   // in the gold set
}

// matchNames returns which of the gold set's names each column has: its own, or the only one that is the same but for case and for what is
// neither a letter nor a digit, where that is the same of no other column either.
func matchNames(columns []profile.Column, have []string) map[string]string {
	same := func(name string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name)
	}
	out := map[string]string{}
	taken := map[string]bool{}
	for _, c := range columns {
		if slices.Contains(have, c.Name) {
			out[c.Name], taken[c.Name] = c.Name, true
		}
	}
	gold, asked := map[string][]string{}, map[string]int{}
	for _, name := range have {
		if !taken[name] {
			gold[same(name)] = append(gold[same(name)], name)
		}
	}
	for _, c := range columns {
		if out[c.Name] == "" {
			asked[same(c.Name)]++
		}
	}
	for _, c := range columns {
		if key := same(c.Name); out[c.Name] == "" && key != "" && asked[key] == 1 && len(gold[key]) == 1 {
			out[c.Name] = gold[key][0]
		}
	}
	return out
}

// match finds the columns that the profile and the gold set both have.
func (g *goldSet) match(ctx context.Context, p *profile.Profile, src *record.Source) ([]goldColumn, error) {
	have, err := sourceColumns(ctx, src)
	if err != nil {
		return nil, err
	}
	var columns []goldColumn
	of := map[string]bool{}
	names := matchNames(p.Manifest.Columns, have)
	for _, c := range p.Manifest.Columns {
		value, form := p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
		name, ok := names[c.Name]
		of[name] = ok
		if !ok || value == nil {
			g.lacking = append(g.lacking, c.Name)
			continue
		}
		codec, err := c.Codec()
		if err != nil {
			return nil, err
		}
		var forms []profile.Code
		if form != nil {
			forms = form.Codes
		}
		g.shared, g.read = append(g.shared, c.Name), append(g.read, name)
		if name != c.Name {
			g.alike = append(g.alike, Alias{Column: c.Name, Gold: name})
		}
		columns = append(columns, goldColumn{
			name: c.Name, codec: codec, words: profile.Words(value.Codes), coder: profile.NewCoder(value.Codes, forms), known: map[record.Cell][2]int32{},
		})
	}
	for _, name := range have {
		if !of[name] {
			g.extra = append(g.extra, name)
		}
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("the gold set and the profile of %q: %w", p.Manifest.Dataset, ErrNothingShared)
	}
	return columns, nil
}

// sourceColumns returns the names of a gold set's columns; of JSON lines, those of the keys that its records have.
func sourceColumns(ctx context.Context, src *record.Source) ([]string, error) {
	if src.Schema().Format != record.JSONL {
		return src.Schema().Names(), nil
	}
	found := map[string]bool{}
	err := src.Paths(ctx, func(paths []string) error {
		for _, name := range paths {
			found[strings.Clone(name)] = true
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the gold set: %w", err)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func (c *goldColumn) add(cells []record.Cell) {
	for _, cell := range cells {
		codes, ok := c.known[cell]
		if !ok {
			d := mess.Describe(c.codec, cell)
			c.words.Resolve(&d)
			codes[0] = c.coder.Value(d)
			codes[1] = c.coder.Form(d, codes[0])
			if len(c.known) < maxKnownCells {
				c.known[cell] = codes
			}
		}
		c.value, c.form = append(c.value, codes[0]), append(c.form, codes[1])
	}
}

// fingerprint is a hash of a row's cells.
func fingerprint(seed maphash.Seed, b *record.Batch, row int) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, cells := range b.Cells {
		h.WriteByte(byte(cells[row].Tag))
		h.WriteString(cells[row].Text)
		h.WriteByte(0)
	}
	return h.Sum64()
}

// shapeCoder returns what encodes the shape of a row, or nil where the profile has none or the gold set is of another format, in
// which rows have other shapes.
func shapeCoder(p *profile.Profile, src *record.Source) func(b *record.Batch, row int) int32 {
	a := p.Attribute(profile.RowShape)
	if a == nil || src.Schema().Format != p.Manifest.Format {
		return nil
	}
	codes, other := map[string]int32{}, profile.NoCode
	for i, c := range a.Codes {
		if c.Class == profile.OtherShape {
			other = int32(i)
		} else {
			codes[c.Label] = int32(i)
		}
	}
	return func(b *record.Batch, row int) int32 {
		shape := int16(0)
		if b.Shapes != nil {
			shape = b.Shapes[row]
		}
		if code, ok := codes[strconv.Itoa(int(shape))]; ok {
			return code
		}
		return other
	}
}
