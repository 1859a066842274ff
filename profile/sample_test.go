package profile

import (
	"fmt"
	"math/rand/v2"

	"github.com/patina-data/patina/profile/record"
)

// sample returns a profile with every class of code, every section, and marginals of one to three attributes.
func sample() *Profile {
	p := &Profile{
		Manifest: Manifest{
			Version: FormatVersion, Dataset: "clinic", Run: "2024-q1", Rows: 1003.5, RowSigma: 10,
			Format:  record.CSV,
			Dialect: record.Dialect{Delimiter: ";", Encoding: "utf-8", CRLF: true},
			Columns: []Column{
				{Column: record.Column{Name: "age", Type: "string"}, Kind: "integer", Origin: Learnt},
				{Column: record.Column{Name: "seen <on>", Type: "string", Nullable: true}, Kind: "timestamp", Origin: Declared},
				{Column: record.Column{Name: "städt", Type: "string"}, Kind: "category", Origin: Schema},
				{Column: record.Column{Name: "phone", Type: "string"}, Kind: "phone", Origin: Declared, Masked: true},
			},
			Privacy: Privacy{
				Unit: "record", Neighbours: "add or remove one unit", Epsilon: 1, Delta: 1e-6, Rho: 0.03, ThresholdDelta: 5e-7,
				SpentRho: 0.005 + 0.02, SpentDelta: 1e-7,
			},
			Releases: []Release{
				{ID: 1, Mechanism: "gaussian", Purpose: "row count", L2: 1, Sigma: 10, Rho: 0.005},
				{ID: 2, Mechanism: "threshold", Purpose: "categories", Column: "städt", L2: 1, Sigma: 5, Rho: 0.02, Delta: 1e-7, Threshold: 27.5},
			},
		},
		Attributes: []Attribute{
			{Name: "~row", Role: RoleRow, Codes: []Code{
				{Class: Shape, Label: "0", Origin: Schema}, {Class: Shape, Label: "-2", Origin: Learnt},
				{Class: Shape, Label: "-32768", Origin: Learnt}, {Class: OtherShape, Origin: Schema},
				{Class: Shape, Label: "-32765", Origin: Learnt}, {Class: CopyCount, Label: "5-8", Origin: Schema},
				{Class: UnitSize, Label: "9-12", Origin: Schema},
			}},
			{Name: "~others", Role: RoleRow, Codes: []Code{
				{Class: Others, Label: "0", Origin: Schema}, {Class: Others, Label: "1-2", Origin: Schema}, {Class: Others, Label: "9+", Origin: Schema},
			}},
			{Name: "~order", Role: RoleRow, Codes: []Code{
				{Class: Order, Label: "kept", Origin: Schema}, {Class: Order, Label: "changed", Origin: Schema},
			}},
			{Name: "age", Column: "age", Role: RoleValue, Codes: []Code{
				{Class: Absent, Origin: Schema}, {Class: Null, Origin: Schema},
				{Class: Missing, Tag: record.Text, Origin: Learnt}, {Class: Missing, Tag: record.Text, Label: "N/A", Origin: Learnt},
				{Class: Missing, Tag: record.Number, Label: "NaN", Origin: Learnt},
				{Class: OtherMissing, Origin: Schema}, {Class: Atom, Label: "9999", Origin: Declared},
				{Class: Bin, Lo: Edge{M: -5, E: 0}, Hi: Edge{}, Origin: Learnt}, {Class: Bin, Hi: Edge{M: 1, E: 1}, Origin: Learnt},
				{Class: Bin, Lo: Edge{M: 125, E: 0}, Hi: Edge{M: 1, E: 19}, Origin: Declared},
				{Class: Literal, Tag: record.Text, Label: "old", Origin: Learnt}, {Class: Other, Origin: Schema},
			}},
			{Name: "age~form", Column: "age", Role: RoleForm, Codes: []Code{
				{Class: NoForm, Origin: Schema}, {Class: Form, Label: "d0", Origin: Learnt}, {Class: Form, Label: "_d0", Origin: Learnt},
				{Class: OtherForm, Origin: Schema},
			}},
			{Name: "seen <on>", Column: "seen <on>", Role: RoleValue, Codes: []Code{
				{Class: Bin, Lo: Edge{M: -621355968, E: 2}, Hi: Edge{}, Origin: Learnt}, {Class: Bin, Hi: Edge{M: 864, E: 2}, Origin: Learnt},
				{Class: Bin, Lo: Edge{M: 864, E: 2}, Hi: Edge{M: 86401, E: 0}, Origin: Learnt},
				{Class: Atom, Label: "1970-01-01", Origin: Learnt},
			}},
			{Name: "städt", Column: "städt", Role: RoleValue, Codes: []Code{
				{Class: Literal, Tag: record.Text, Label: "Köln", Origin: Learnt}, {Class: Literal, Tag: record.Text, Label: "K\xf6ln", Origin: Learnt},
				{Class: Literal, Tag: record.Text, Label: "<null>", Origin: Learnt}, {Class: Literal, Tag: record.Number, Label: "1", Origin: Learnt},
				{Class: Literal, Tag: record.Text, Label: "1", Origin: Learnt}, {Class: Literal, Tag: record.Bool, Label: "true", Origin: Learnt},
				{Class: Literal, Tag: record.JSON, Label: `["a\u0000"]`, Origin: Learnt}, {Class: Other, Origin: Schema},
			}},
			{Name: "phone", Column: "phone", Role: RoleValue, Codes: []Code{{Class: Other, Origin: Schema}, {Class: Generated, Origin: Schema}}, Groups: []int32{0, 0}},
			{Name: "phone~text", Column: "phone", Role: RoleText, Codes: []Code{
				{Class: Step, Label: `@1~\+`, Origin: Learnt}, {Class: Step, Label: `@2\+~9.`, Origin: Learnt},
			}},
			{Name: "phone~agreement", Column: "phone", Role: RoleAgreement, Codes: []Code{
				{Class: Agreement, Label: Agree, Origin: Schema}, {Class: Agreement, Label: Differ, Origin: Schema},
			}},
			{Name: "phone~withheld", Column: "phone", Role: RoleWithheld, Codes: []Code{{Class: Withheld, Label: "e-mail address", Origin: Learnt}}},
			{Name: "phone~view", Column: "phone", Role: RoleView, Codes: []Code{{Class: Group, Label: "<other>", Origin: Learnt}}},
		},
		Measurements: []Measurement{
			{Release: 1, Attributes: []string{"städt"}, Cells: [][]int32{{0}, {1}, {7}}, Values: []float64{812.25, -3, 0}, Sigma: 10},
			{Release: 2, Attributes: []string{"age", "städt", "~row"}, Cells: [][]int32{{3, 1, 0}, {0, 0, 3}}, Values: []float64{28, 1e9}, Sigma: 5},
			{Release: 1, Attributes: []string{"phone~text"}, Cells: [][]int32{{0}, {1}}, Values: []float64{700, 650.5}, Sigma: 10},
			{Release: 1, Attributes: []string{"phone~agreement"}, Cells: [][]int32{{0}, {1}}, Values: []float64{300, 99.5}, Sigma: 10},
			{Release: 1, Attributes: []string{"phone~withheld"}, Cells: [][]int32{{0}}, Values: []float64{41}, Sigma: 10},
		},
		Tables: []Table{
			{Attributes: []string{"age", "age~form"}, Cells: [][]int32{{0, 0}, {8, 1}, {8, 2}}, Weights: []int64{1, 1 << 40, 7}},
			{Attributes: []string{"phone"}, Cells: [][]int32{{0}}, Weights: []int64{1<<62 - 1}},
		},
	}
	return p
}

// random returns a valid profile of random content.
func random(rng *rand.Rand) *Profile {
	p := &Profile{Manifest: Manifest{
		Version: FormatVersion, Dataset: word(rng), Run: word(rng), Rows: rng.NormFloat64() * 1e6, RowSigma: rng.Float64() + 1e-9,
		Format:  []record.Format{record.CSV, record.Parquet, record.JSONL}[rng.IntN(3)],
		Privacy: Privacy{Unit: "record", Neighbours: "add or remove one unit", Epsilon: 1, Delta: 1e-6, ThresholdDelta: 5e-7},
	}}
	m := &p.Manifest
	for i := range 1 + rng.IntN(4) {
		name := fmt.Sprintf("%s %d", word(rng), i)
		m.Columns = append(m.Columns, Column{Column: record.Column{Name: name, Type: "string"}, Kind: []string{"decimal", "category"}[i%2], Origin: Learnt})
		p.Attributes = append(p.Attributes, Attribute{Name: name, Column: name, Role: RoleValue, Codes: randomCodes(rng, i%2 == 0)})
	}
	for i := range 1 + rng.IntN(5) {
		r := Release{ID: i + 1, Mechanism: "gaussian", Purpose: word(rng), L2: 1 + rng.Float64(), Sigma: 1 + 100*rng.Float64()}
		r.Rho = r.L2 * r.L2 / (2 * r.Sigma * r.Sigma)
		m.Releases = append(m.Releases, r)
		m.Privacy.SpentRho += r.Rho
	}
	m.Privacy.Rho = m.Privacy.SpentRho + rng.Float64()
	for range rng.IntN(4) {
		attributes, cells := randomCells(rng, p.Attributes)
		r := m.Releases[rng.IntN(len(m.Releases))]
		measured := Measurement{Release: r.ID, Attributes: attributes, Cells: cells, Sigma: r.Sigma}
		table := Table{Attributes: attributes, Cells: cells}
		for range cells {
			measured.Values = append(measured.Values, rng.NormFloat64()*1e4)
			table.Weights = append(table.Weights, 1+rng.Int64N(1<<50))
		}
		p.Measurements, p.Tables = append(p.Measurements, measured), append(p.Tables, table)
	}
	return p
}

// word returns a short valid text, now and then with characters that need care.
func word(rng *rand.Rand) string {
	letters := []rune("abcXYZ 0159_~<>&\"\\\u2028\u00e4\u65e5\U0001f600\n\t\x00")
	w := "w"
	for range rng.IntN(8) {
		w += string(letters[rng.IntN(len(letters))])
	}
	return w
}

func randomCodes(rng *rand.Rand, bins bool) []Code {
	codes := []Code{{Class: Absent, Origin: Schema}, {Class: Other, Origin: Declared}}
	for i := range rng.IntN(20) {
		label := fmt.Sprintf("%s%c%d", word(rng), byte(rng.IntN(256)), i)
		if rng.IntN(4) == 0 {
			label += "\xff\xc3" // not UTF-8
		}
		codes = append(codes, Code{Class: Literal, Tag: record.Text + record.Tag(rng.IntN(4)), Label: label, Origin: Learnt})
	}
	edge := func() Edge { return Edge{M: 10*rng.Int64N(1e6) - 5e6 + 1, E: int8(rng.IntN(21) - 10)} } // never a trailing zero
	lo := edge()
	for range rng.IntN(20) {
		hi := edge()
		if bins && lo.Compare(hi) < 0 {
			codes = append(codes, Code{Class: Bin, Lo: lo, Hi: hi, Origin: Learnt})
			lo = hi
		}
	}
	return codes
}

// randomCells picks attributes and distinct cells over them, in random order.
func randomCells(rng *rand.Rand, attributes []Attribute) (names []string, cells [][]int32) {
	pick := rng.Perm(len(attributes))[:1+rng.IntN(len(attributes))]
	seen := map[string]bool{}
	for _, i := range pick {
		names = append(names, attributes[i].Name)
	}
	for range 1 + rng.IntN(30) {
		cell := make([]int32, len(pick))
		for j, i := range pick {
			cell[j] = rng.Int32N(int32(len(attributes[i].Codes)))
		}
		if key := fmt.Sprint(cell); !seen[key] {
			seen[key] = true
			cells = append(cells, cell)
		}
	}
	return names, cells
}
