package profile

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile/mess"
)

// damages are in the order of a summary.
var damages = []mess.Damage{mess.EncodingDamage, mess.InvalidBytes, mess.ControlCharacters, mess.StraySpaces}

// damage adds up the forms that show the same damage. Each form counts for one.
func (z *summarizer) damage(form *Attribute, forms []Item) []Item {
	list := []Item{}
	for _, d := range damages {
		sum := Item{Label: string(d), Class: Form, Origin: Learnt, Code: -1}
		variance := 0.0
		for _, it := range forms {
			if form.Codes[it.Code].Class != Form || mess.DamageOf(form.Codes[it.Code].Label) != d {
				continue
			}
			if sum.Code < 0 { // the most frequent speaks for all
				sum.Code, sum.Example = it.Code, it.Example
			}
			sum.Share.Value += it.Share.Value
			variance += it.Share.PlusMinus * it.Share.PlusMinus
		}
		sum.Share.PlusMinus = math.Sqrt(variance)
		if sum.Code >= 0 {
			list = append(list, sum)
		}
	}
	return list
}

// mess returns the part of a column's present values that are not written plainly. Its ± has the noise of the forms and values that
// count; where none does, that of one, which could be hidden.
func (z *summarizer) mess(codec mess.Codec, value, form *Attribute) Approx {
	present := 1 - z.total(value, IsMissing).Value
	if present <= 0 {
		return Approx{}
	}
	messy := z.messyForms(codec, form)
	var sum, variance float64
	for i := range form.Codes {
		if messy[i] {
			sum += z.share(form, i)
			variance += z.variance(form, i)
		}
	}
	if z.reads(codec, value) {
		for i, c := range value.Codes {
			if n := z.unread(value, form, i, messy); n > 0 && (c.Class == Literal || c.Class == Other) {
				sum += n
				variance += z.variance(value, i)
			}
		}
	}
	if variance == 0 {
		variance = z.finalSigma(value) * z.finalSigma(value)
	}
	return Approx{min(1, sum/present), z95 * math.Sqrt(variance) / z.rows / present}
}

// messyForms says which forms are not plain, whatever the value.
func (z *summarizer) messyForms(codec mess.Codec, form *Attribute) []bool {
	main, most := "", -1.0
	styles := map[string]float64{}
	typed := func(c Code) bool { return c.Class == Form && !c.IsVariant() && codec.Own(c.Label) }
	for i, c := range form.Codes {
		if typed(c) {
			s := mess.Style(codec.Kind(), c.Label)
			styles[s] += z.share(form, i)
		}
	}
	for i, c := range form.Codes { // in the order of the codes, so that ties are the same each time
		if typed(c) {
			if s := mess.Style(codec.Kind(), form.Codes[i].Label); styles[s] > most {
				main, most = s, styles[s]
			}
		}
	}
	messy := make([]bool, len(form.Codes))
	for i, c := range form.Codes {
		messy[i] = c.Class == Form && (c.IsVariant() || mess.DamageOf(c.Label) != "" || typed(c) && mess.Style(codec.Kind(), c.Label) != main)
	}
	return messy
}

// unread returns the share of a value that the kind does not read, as far as it is not counted as messy for its form.
func (z *summarizer) unread(value, form *Attribute, code int, messy []bool) float64 {
	share := z.share(value, code)
	for i := range z.p.Tables {
		t := &z.p.Tables[i]
		if !slices.Equal(t.Attributes, []string{value.Name, form.Name}) {
			continue
		}
		var both, total float64
		for k, c := range t.Cells {
			total += float64(t.Weights[k])
			if int(c[0]) == code && messy[c[1]] {
				both += float64(t.Weights[k])
			}
		}
		return max(0, share-both/max(1, total))
	}
	return share
}

// reads reports whether the column has values that its kind reads, so that others are mess. A kind that reads some of its values and
// takes the others as they are is none of those.
func (z *summarizer) reads(codec mess.Codec, value *Attribute) bool {
	if codec.Open() && codec.Literal() {
		return false
	}
	for i, c := range value.Codes {
		if (c.Class == Atom || c.Class == Bin || c.Class == Generated) && z.share(value, i) > 0 {
			return true
		}
	}
	return false
}

// variance returns the variance of the noise in the count of a code that is thought to occur.
func (z *summarizer) variance(a *Attribute, code int) float64 {
	if w := z.weight[a.Name][code]; w > 0 && z.share(a, code) > 0 {
		return 1 / w
	}
	return 0
}

// A GroupItem is a code of an attribute's view.
type GroupItem struct {
	Label string `json:"label"`
	Share Approx `json:"share"` // of the records
	Codes int    `json:"codes"` // of the attribute that belong to it
}

// view lists the groups in which an attribute is set against others, the most frequent first.
func (z *summarizer) view(a *Attribute, kind string) []GroupItem {
	list := []GroupItem{}
	view := z.p.Attribute(ViewName(a.Name))
	if view == nil || len(a.Groups) != len(a.Codes) {
		return list
	}
	variance := make([]float64, len(view.Codes))
	for _, c := range view.Codes {
		list = append(list, GroupItem{Label: c.Readable(kind)})
	}
	for i, g := range a.Groups {
		list[g].Codes++
		list[g].Share.Value += z.share(a, i)
		variance[g] += z.variance(a, i)
	}
	for g := range list {
		list[g].Share.PlusMinus = z95 * math.Sqrt(variance[g]) / z.rows
	}
	slices.SortStableFunc(list, func(a, b GroupItem) int { return cmp.Compare(b.Share.Value, a.Share.Value) })
	return list
}
