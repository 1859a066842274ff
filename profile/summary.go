package profile

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// SummarySchema names the form of a [Summary]'s JSON. Fields may be added within a version; what is there keeps its name and meaning.
const SummarySchema = "patina.inspect/1"

// A Summary is what a profile says of its table, in shares of the records, for people and programs to look at. It is
// post-processing: making one costs nothing.
type Summary struct {
	Schema  string          `json:"schema"` // SummarySchema
	Dataset string          `json:"dataset"`
	Run     string          `json:"run"`
	Rows    Approx          `json:"rows"` // records
	Format  record.Format   `json:"format"`
	Privacy Privacy         `json:"privacy"`
	Spent   []Spending      `json:"spent"`            // what the run\'s budget went into
	Shapes  []Item          `json:"shapes,omitempty"` // fields too many (+) or too few (−) in a row; lines that do not parse; not of Parquet
	Units   *UnitSummary    `json:"units,omitempty"`  // of privacy, where they have several records
	Repeats float64         `json:"repeats"`          // share of the records that are exactly like an earlier one; 0 when not more than noise
	Others  []Item          `json:"others,omitempty"` // members of a JSON record beyond the columns
	Order   []Item          `json:"order,omitempty"`  // whether a JSON record has its keys in the order of the columns
	Columns []ColumnSummary `json:"columns"`
	// Together are the sets of attributes that were measured together, the most dependent first.
	Together []Association `json:"together"`
	Warnings []string      `json:"warnings,omitempty"` // what the model is not good for
}

// An Approx is a fitted number and the noise in it.
type Approx struct {
	Value float64 `json:"value"`
	// PlusMinus is half the width of the 95 % interval of the measurement behind Value, 1.96 σ. It is the noise only;
	// what the records may say of others like them is not in it.
	PlusMinus float64 `json:"plus_minus"`
}

// A ColumnSummary is one column. Items are in order of falling share.
type ColumnSummary struct {
	Name      string      `json:"name"`
	Type      record.Type `json:"type"`
	Kind      string      `json:"kind"`
	Origin    Origin      `json:"origin"`           // of the kind
	Masked    bool        `json:"masked,omitempty"` // no cell of the column is in the profile
	Missing   Approx      `json:"missing"`          // all spellings together
	Spellings []Item      `json:"spellings"`        // of missing values
	Values    []Item      `json:"values"`           // categories, single values, and what is neither
	Bins      []Item      `json:"bins"`             // intervals of the kind's axis
	Forms     []Item      `json:"forms"`            // how present values are written, but for variants
	Variants  []Item      `json:"variants"`         // how categories are written where they are not written as they are
	Damage    []Item      `json:"damage"`           // forms and variants with the same damage together; Label says which
	// Mess is the part of the present values, not of the records, that are not written plainly: variants, damaged texts, what the kind
	// does not read where it reads others, and typed values in another style than most.
	Mess Approx `json:"mess"`
	// ValueView and FormView are the coarser codes in which the column is set against others; empty where it is not.
	ValueView []GroupItem `json:"value_view"`
	FormView  []GroupItem `json:"form_view"`
	// Agrees is the share of the records, of those in which both could be read, whose cell is about the same person as that of
	// column AgreesWith, which the columns on persons are held against; nil where it is not known.
	Agrees     *Approx `json:"agrees,omitempty"`
	AgreesWith string  `json:"agrees_with,omitempty"`
	Withheld   []Item  `json:"withheld,omitempty"` // reasons for which cells could not become values, however frequent
	// PlusMinus is the half-width of the 95 % interval of one share from the column's final measurement alone.
	PlusMinus float64 `json:"plus_minus"`
}

// An Item is one code of an attribute.
type Item struct {
	Label   string `json:"label"` // as in the file's labels
	Class   Class  `json:"class"`
	Origin  Origin `json:"origin"`
	Share   Approx `json:"share"`             // of the records
	Example string `json:"example,omitempty"` // a made-up cell, for forms
	Code    int    `json:"code"`              // in the attribute's domain
}

// z95 is the 97.5 % quantile of the normal distribution.
const z95 = 1.959963984540054

// Summarize reads the shares off the fitted tables, and their ± off the measurements. p must be valid.
func Summarize(p *Profile) Summary {
	m := p.Manifest
	s := Summary{
		Schema:  SummarySchema,
		Dataset: m.Dataset, Run: m.Run, Format: m.Format, Privacy: m.Privacy,
		Rows: Approx{m.Rows, z95 * m.RowSigma},
	}
	z := newSummarizer(p)
	for name, items := range map[string]*[]Item{RowShape: &s.Shapes, RowOthers: &s.Others, RowOrder: &s.Order} {
		if a := p.Attribute(name); a != nil {
			*items = z.items(a, "", func(Class) bool { return true })
		}
	}
	s.Spent = SpentOn(&m)
	s.Units = summarizeUnits(p)
	s.Repeats = repeats(p)
	for _, c := range m.Columns {
		s.Columns = append(s.Columns, z.column(c))
	}
	z.addAgreements(s.Columns)
	s.Together = z.together()
	s.Warnings = s.warnings(p)
	return s
}

// A summarizer looks things up by attribute.
type summarizer struct {
	p        *Profile
	rows     float64
	weight   map[string][]float64 // [attribute][code] 1/σ², summed over its measurements
	marginal map[string][]float64 // [attribute][code] fitted share
	heaviest map[string][]pair    // [form attribute][form code] the likeliest cell written so
}

// A pair is a cell of a table of (value, form).
type pair struct {
	value  int32
	weight int64
}

func newSummarizer(p *Profile) *summarizer {
	z := &summarizer{
		p: p, rows: max(1, p.Manifest.Rows),
		weight: map[string][]float64{}, marginal: map[string][]float64{}, heaviest: map[string][]pair{},
	}
	for _, a := range p.Attributes {
		z.weight[a.Name] = make([]float64, len(a.Codes))
	}
	for _, m := range p.Measurements {
		if len(m.Attributes) != 1 {
			continue // a share of several attributes says less about each than their own
		}
		for _, c := range m.Cells {
			z.weight[m.Attributes[0]][c[0]] += 1 / (m.Sigma * m.Sigma)
		}
	}
	for i := range p.Tables {
		z.addTable(&p.Tables[i])
	}
	return z
}

// addTable takes in a fitted table. The first that has an attribute speaks for it; consistent tables agree.
func (z *summarizer) addTable(t *Table) {
	var total float64
	for _, w := range t.Weights {
		total += float64(w)
	}
	for k, name := range t.Attributes {
		if z.marginal[name] != nil {
			continue
		}
		share := make([]float64, len(z.weight[name]))
		for i, c := range t.Cells {
			share[c[k]] += float64(t.Weights[i]) / total
		}
		z.marginal[name] = share
	}
	if len(t.Attributes) != 2 || t.Attributes[1] != FormName(t.Attributes[0]) {
		return
	}
	best := make([]pair, len(z.weight[t.Attributes[1]]))
	for i, c := range t.Cells {
		if t.Weights[i] > best[c[1]].weight {
			best[c[1]] = pair{c[0], t.Weights[i]}
		}
	}
	z.heaviest[t.Attributes[1]] = best
}

func (z *summarizer) column(c Column) ColumnSummary {
	s := ColumnSummary{Name: c.Name, Type: c.Type, Kind: c.Kind, Origin: c.Origin, Masked: c.Masked}
	value, form := z.p.Attribute(c.Name), z.p.Attribute(FormName(c.Name))
	if value != nil {
		s.Missing = z.total(value, IsMissing)
		s.Spellings = z.items(value, c.Kind, IsMissing)
		s.Values = z.items(value, c.Kind, func(k Class) bool { return !IsMissing(k) && k != Bin })
		s.Bins = z.items(value, c.Kind, func(k Class) bool { return k == Bin })
		s.PlusMinus = z95 * z.finalSigma(value) / z.rows
		s.ValueView = z.view(value, c.Kind)
	}
	s.Withheld = z.withheld(c)
	if form == nil {
		return s
	}
	all := z.items(form, c.Kind, func(k Class) bool { return k != NoForm })
	if codec, err := c.Codec(); err == nil && value != nil {
		for i := range all {
			all[i].Example = z.example(codec, value, form, all[i].Code)
		}
		s.Mess = z.mess(codec, value, form)
	}
	s.Forms, s.Variants = []Item{}, []Item{}
	for _, it := range all {
		if form.Codes[it.Code].IsVariant() {
			s.Variants = append(s.Variants, it)
		} else {
			s.Forms = append(s.Forms, it)
		}
	}
	s.Damage = z.damage(form, all)
	s.FormView = z.view(form, c.Kind)
	return s
}

// IsMissing reports whether codes of the class stand for missing values.
func IsMissing(c Class) bool { return c == Absent || c == Null || c == Missing || c == OtherMissing }

// total adds up the shares of the attribute's codes of some classes. Their noises are independent. A code that the fit
// took for empty adds none, because its noise was dropped with it; if all were, the noise of one is what could be hidden.
func (z *summarizer) total(a *Attribute, in func(Class) bool) Approx {
	var sum, variance, hidden float64
	for i, c := range a.Codes {
		w := z.weight[a.Name][i]
		if !in(c.Class) || w == 0 {
			continue
		}
		hidden = max(hidden, 1/w)
		if share := z.share(a, i); share > 0 {
			sum += share
			variance += 1 / w
		}
	}
	return Approx{sum, z95 * math.Sqrt(max(variance, hidden)) / z.rows}
}

func (z *summarizer) share(a *Attribute, code int) float64 {
	if m := z.marginal[a.Name]; m != nil {
		return m[code]
	}
	return 0
}

// items lists the codes of some classes that were measured and are thought to occur.
func (z *summarizer) items(a *Attribute, kind string, in func(Class) bool) []Item {
	list := []Item{}
	for i, c := range a.Codes {
		share, weight := z.share(a, i), z.weight[a.Name][i]
		if !in(c.Class) || share == 0 || weight == 0 {
			continue
		}
		list = append(list, Item{
			Label: c.Readable(kind), Class: c.Class, Origin: c.Origin,
			Share: Approx{share, z95 / math.Sqrt(weight) / z.rows}, Code: i,
		})
	}
	slices.SortStableFunc(list, func(a, b Item) int { return cmp.Compare(b.Share.Value, a.Share.Value) })
	return list
}

// finalSigma returns the σ of the attribute's widest measurement: the final marginal covers every code.
func (z *summarizer) finalSigma(a *Attribute) float64 {
	cells, sigma := 0, 0.0
	for _, m := range z.p.Measurements {
		if len(m.Attributes) == 1 && m.Attributes[0] == a.Name && len(m.Cells) >= cells {
			cells, sigma = len(m.Cells), m.Sigma
		}
	}
	return sigma
}

// example writes a value that the form is often used for. The draw depends on the form alone, so that a profile
// always shows the same examples.
func (z *summarizer) example(codec mess.Codec, value, form *Attribute, code int) string {
	f, best := form.Codes[code], z.heaviest[form.Name]
	if f.Class != Form || best == nil || best[code].weight == 0 {
		return ""
	}
	h := fnv.New64a()
	h.Write([]byte(f.Label))
	r := &mess.Rand{Source: rand.NewPCG(h.Sum64(), 0)}
	v := value.Codes[best[code].value]
	if f.IsVariant() {
		text, _ := Words(value.Codes).Render(v.Label, f.Label, r)
		return escapeInvalid(text)
	}
	if v.Class == Atom || v.Class == Bin || v.Class == Generated {
		return escapeInvalid(codec.Render(v.Span(), f.Label, r).Text)
	}
	return escapeInvalid(mess.Fill(f.Label, r).Text)
}
